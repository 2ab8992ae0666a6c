"""What the software has named is kept in Chinese no longer: of an instalment its share, of a lane's item nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_DRAWN = ("services", "development", "delivery", "installation", "talks", "acceptance")


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Leave what people have written, and take out what can be said in the reader's language."""
    items: Any = apps.get_model("execution", "PlanItem").objects.using(editor.connection.alias)
    items.filter(key__in=[f"line:{part}" for part in _DRAWN]).update(title="")
    named = list(items.exclude(instalment="").only("title"))
    for item in named:
        item.title = item.title.rpartition(" ")[2]
    items.bulk_update(named, ["title"], batch_size=500)


class Migration(migrations.Migration):
    """Names of items."""

    dependencies = (("execution", "0001_initial"),)
    operations = (migrations.RunPython(forwards, migrations.RunPython.noop),)

"""The database itself refuses to change the timeline, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRES = """
CREATE FUNCTION workflow_timeline_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the timeline is append-only'; END $$;
CREATE TRIGGER timeline_is_append_only BEFORE UPDATE OR DELETE ON workflow_entry
FOR EACH ROW EXECUTE FUNCTION workflow_timeline_is_append_only();
"""
_POSTGRES_BACK = """
DROP TRIGGER timeline_is_append_only ON workflow_entry;
DROP FUNCTION workflow_timeline_is_append_only();
"""
_SQLITE = [
    f"""
    CREATE TRIGGER timeline_is_append_only_{what.lower()} BEFORE {what} ON workflow_entry
    BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END
    """
    for what in ("UPDATE", "DELETE")
]
_SQLITE_BACK = ["DROP TRIGGER timeline_is_append_only_update", "DROP TRIGGER timeline_is_append_only_delete"]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Set the triggers."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else [_POSTGRES]:
        schema_editor.execute(statement)


def release(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Take the triggers away."""
    for statement in _SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else [_POSTGRES_BACK]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Guard the timeline."""

    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunPython(guard, release)]

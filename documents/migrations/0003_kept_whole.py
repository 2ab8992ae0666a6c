"""A document's own originals, where the record that it is about decides how many there are; fixed once it is final."""

from __future__ import annotations

from django.db import migrations, models

from core.append_only import fixed


class Migration(migrations.Migration):
    """A column that may be empty, so that SQLite keeps the table with its triggers."""

    dependencies = (("documents", "0002_frozen"),)
    operations = (
        migrations.AddField(
            model_name="document",
            name="holders",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="holders of its originals"),
        ),
        fixed(
            "documents_document",
            "frozen_holders",
            "refuse_change_of_holders",
            "who keeps the originals of a finalised document never changes",
            columns=("holders",),
            when="OLD.code <> ''",
        ),
    )

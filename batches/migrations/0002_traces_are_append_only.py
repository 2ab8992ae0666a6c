"""The database itself refuses to change or remove a line of the log of batches."""

from __future__ import annotations

from django.db import migrations

from core.append_only import guarded


class Migration(migrations.Migration):
    """Guard the log."""

    dependencies = [("batches", "0001_initial")]

    operations = [
        guarded(
            "batches_trace",
            "batch_traces_are_append_only",
            "batches_traces_are_append_only",
            "traces of batches are append-only",
        ),
    ]

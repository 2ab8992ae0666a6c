"""The database itself refuses to change or remove a line of the log of exports."""

from __future__ import annotations

from django.db import migrations

from core.append_only import guarded


class Migration(migrations.Migration):
    """Guard the log."""

    dependencies = [("exports", "0001_initial")]

    operations = [
        guarded(
            "exports_trace",
            "traces_are_append_only",
            "exports_traces_are_append_only",
            "traces of exports are append-only",
        ),
    ]

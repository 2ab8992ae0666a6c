"""The database itself refuses to change the timeline, whoever asks."""

from __future__ import annotations

from django.db import migrations

from core.append_only import guarded


class Migration(migrations.Migration):
    """Guard the timeline."""

    dependencies = [("workflow", "0001_initial")]

    operations = [
        guarded(
            "workflow_entry",
            "timeline_is_append_only",
            "workflow_timeline_is_append_only",
            "the timeline is append-only",
        ),
    ]

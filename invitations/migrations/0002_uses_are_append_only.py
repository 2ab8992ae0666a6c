"""The database itself refuses to change what was written down of the use of links."""

from __future__ import annotations

from django.db import migrations

from core.append_only import guarded


class Migration(migrations.Migration):
    """Guard the log."""

    dependencies = [("invitations", "0001_initial")]

    operations = [
        guarded(
            "invitations_opening",
            "uses_are_append_only",
            "invitations_uses_are_append_only",
            "the log of links is append-only",
        ),
    ]

"""The database itself refuses to change or remove a version of a form or of the letterhead."""

from __future__ import annotations

from django.db import migrations

from core.append_only import guarded


class Migration(migrations.Migration):
    """Guard both tables."""

    dependencies = [("forms_templates", "0001_initial")]

    operations = [
        guarded(
            "forms_templates_formversion",
            "form_versions_are_append_only",
            "forms_templates_form_versions_are_append_only",
            "versions of forms are append-only",
        ),
        guarded(
            "forms_templates_letterhead",
            "letterheads_are_append_only",
            "forms_templates_letterheads_are_append_only",
            "versions of the letterhead are append-only",
        ),
    ]

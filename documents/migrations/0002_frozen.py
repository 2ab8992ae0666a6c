"""What is frozen stays frozen: the database itself refuses to change it, whoever asks (FRM-13)."""

from __future__ import annotations

from django.db import migrations

from core.append_only import fixed, guarded


class Migration(migrations.Migration):
    dependencies = (("documents", "0001_initial"),)

    operations = (
        fixed(
            "documents_document",
            "frozen_document",
            "refuse_change_of_frozen_document",
            "a finalised document never changes",
            columns=("form", "form_version_id", "letterhead_id", '"values"', "code", "replaces_id", "finalised_at"),
            when="OLD.code <> ''",
        ),
        fixed(
            "documents_document",
            "printed_document",
            "refuse_change_of_printed_document",
            "a document is printed and kept once",
            columns=("frozen_at",),
            when="OLD.frozen_at IS NOT NULL",
        ),
        guarded("documents_printed", "frozen_print", "refuse_change_of_print", "a frozen print never changes"),
        guarded("documents_taken", "taken_print", "refuse_change_of_taken", "who took a print stays written down"),
        fixed(
            "documents_signature",
            "given_signature",
            "refuse_change_of_signature",
            "a signature never changes",
            columns=(
                *("document_id", "item", "name", "how", "image", "signed_at", "address", "user_id", "contact_id"),
                "keys",
                "covers",
            ),
        ),
        fixed(
            "documents_signature",
            "void_signature",
            "refuse_change_of_void_signature",
            "a void signature stays void",
            columns=("void_since",),
            when="OLD.void_since IS NOT NULL",
        ),
    )

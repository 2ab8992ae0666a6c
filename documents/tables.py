"""The list of documents, which is also the archive."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import markup
from core.tables import Column, Table


def form_name(document: Any) -> str:
    """The form's name in the reader's language, under the version of the document."""
    name: str = document.definition.title.in_language()
    return name


class DocumentTable(Table):
    """What one must see of a document to choose the right one."""

    columns = (
        "number",
        Column("form", _("Form"), form_name, sort=("form",), css="grow", plain=form_name),
        "customer",
        Column("contact", _("Contact"), lambda document: document.contact, css="keep wide", related=("contact",)),
        "state",
        Column(
            "finalised",
            _("Finalised"),
            lambda document: markup.moment(document.finalised_at),
            sort=("finalised_at",),
            css="keep",
            plain=lambda document: document.finalised_at,
        ),
        Column(
            "archive_no", _("Archive number"), lambda document: document.archive_no, sort=("archive_no",), css="keep"
        ),
        "handler",
        "due",
    )
    more = (
        Column("place", _("Place"), lambda document: document.archive_place),
        Column("box", _("Box"), lambda document: document.archive_box, css="keep"),
        Column("about", _("About"), lambda document: document.parent and document.parent.number, related=("parent",)),
        "title",
        "specialist",
        "created",
        "updated",
    )

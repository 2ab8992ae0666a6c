"""What the page of a waiting scan shows of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.faces import Fetched, Panel
from core.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator


def _came(scan: Any) -> Iterator[tuple[Any, Any]]:
    upload = scan.part.upload
    yield _("Why it waits"), scan.get_why_display()
    if scan.about is not None:
        url = reverse("desk:record", args=["document", scan.about.number])
        yield _("Document"), format_html('<a class="number" href="{}">{}</a>', url, scan.about.number)
    yield _("File"), upload.name
    yield _("Uploaded by"), str(upload.uploaded_by)


SCAN_PANELS = (
    Fetched(gettext_lazy("Scanned pages"), address=lambda scan: reverse("desk:scan-pages", args=[scan.number])),
    Panel(gettext_lazy("Where it comes from"), _came, place="side", related=("about", "part__upload__uploaded_by")),
)


class ScanTable(Table):
    """What one must see of waiting pages to choose the next ones."""

    columns = ("number", "title", "state", "updated")
    more = ("created",)

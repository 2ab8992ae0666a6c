"""Whoever asked for a file is told when it is ready, or that it will not be: by a notice that waits for its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exports.models import Export
from notifications.kinds import Kind
from notifications.tidings import tell
from notifications.topics import Words, topic
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPIC = "exports.ended"


def ended(export: Export, stage: str, rows: int | None, fault: str) -> None:
    """Tell who asked, in the transaction in which it ends; nobody is told of what they gave up themselves."""
    if stage in {Export.Stage.DONE, Export.Stage.FAILED}:
        said = {"kind": export.kind, "format": export.format, "rows": rows, "fault": fault}
        tell(TOPIC, str(export.pk), [export.asked_by_id], said)


@topic(TOPIC, kind=Kind.PROGRESS)
def _words(said: Mapping[str, Any]) -> Words:
    try:
        name = str(registry.get(said["kind"]).plural)
    except registry.UnknownProcessError:
        name = said["kind"]
    page = reverse("desk:exports")
    if said["rows"] is None:
        return Words(_("The export of “%(name)s” has failed.") % {"name": name}, (_fault(said["fault"]),), page)
    rows = ngettext("%(count)d row", "%(count)d rows", said["rows"]) % {"count": said["rows"]}
    kept = _("It is kept for a week.")
    return Words(
        _("The export of “%(name)s” is ready.") % {"name": name}, (f"{said['format'].upper()} · {rows}", kept), page
    )


def _fault(code: str) -> str:
    return str(Export.Fault(code).label) if code in Export.Fault.values else ""

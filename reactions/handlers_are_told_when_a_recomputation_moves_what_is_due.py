"""ADR 0006: whose work is due at another time by new rules hears of it: once an order, and not once a record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds import Kind
from notifications.rendering import moment, timer_label
from notifications.tidings import tell
from notifications.topics import Words, topic
from workflow import recompute, registry
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.models import Recomputation

TOPIC = "deadlines.moved"
NAMED = 12
"""So many are named; the rest is counted."""


@recompute.listener
def handlers_are_told_when_a_recomputation_moves_what_is_due(order: Recomputation) -> None:
    """Tell each handler of all that was moved for them; two queries for the order, and a tiding for each handler."""
    moved: dict[int, list[dict[str, Any]]] = defaultdict(list)
    entries = Entry.objects.filter(verb=recompute.RECOMPUTED, at__gte=order.asked_at, data__recomputation=order.pk)
    for entry in entries.filter(record__is_open=True).select_related("record").order_by("id"):
        handler = entry.record.handler_id
        if handler is not None and handler != order.asked_by_id and entry.data["from"] != entry.data["due_at"]:
            said = {name: entry.data[name] for name in ("timer", "from", "due_at")}
            moved[handler].append({"kind": entry.record.kind, "number": entry.record.number, **said})
    for handler, rows in moved.items():
        said = {"rows": rows[:NAMED], "count": len(rows), "reason": order.reason}
        tell(TOPIC, f"{order.pk}:{handler}", [handler], said)


@topic(TOPIC, kind=Kind.DEADLINE)
def _words(said: Mapping[str, Any]) -> Words:
    rows, count = said["rows"], said["count"]
    if count == 1:
        title = _("The due time of %(number)s has moved") % {"number": rows[0]["number"]}
    else:
        title = _("%(count)d due times of your work have moved") % {"count": count}
    lines = [_("Reason: %(reason)s") % {"reason": said["reason"]}, *map(_line, rows)]
    if count > len(rows):
        lines.append(_("and %(count)d more") % {"count": count - len(rows)})
    first = rows[0]
    alone = count == 1
    path = reverse("desk:record", args=[first["kind"], first["number"]]) if alone else reverse("desk:home")
    return Words(title, tuple(lines), path)


def _line(row: Mapping[str, Any]) -> str:
    said = {"number": row["number"], "was": moment(row["from"]), "due": moment(row["due_at"])}
    try:
        label = timer_label(registry.get(row["kind"]).model, row["timer"])
    except registry.UnknownProcessError:
        label = row["timer"]
    return _("%(number)s “%(timer)s”: due %(due)s instead of %(was)s") % {**said, "timer": label}

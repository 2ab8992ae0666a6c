"""Who is told what of executions, under which rule; of several that reach a person, the first one speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from execution.flow import DIRECTOR
from execution.flow.parties import ITEM_OWNERS
from notifications.kinds import Kind, Urgency
from notifications.rules import notice
from workflow.parties import HANDLER, SPECIALIST, WATCHERS, role

if TYPE_CHECKING:
    from workflow.models import Entry

_DONE = _("%(number)s: %(verb)s by %(actor)s – %(title)s")
_TITLE = _("Contract to be carried out: %(number)s %(title)s (%(customer)s)")


def _nobody_yet(execution: Any, entry: Entry) -> bool:  # noqa: ARG001 - a rule looks at record and entry
    return execution.specialist_id is None


NOTICES = (
    notice(on="start", to=SPECIALIST, kind=Kind.ASSIGNMENT, title=_TITLE, rule="EXE-01"),
    notice(
        on="start",
        to=role("customer_specialist"),
        kind=Kind.ASSIGNMENT,
        title=_TITLE,
        rule="EXE-01",
        when=_nobody_yet,
    ),
    notice(on="start", to=HANDLER, kind=Kind.ASSIGNMENT, title=_TITLE, rule="EXE-01"),
    notice(on=("take_up", "hand_over", "assign_item"), to=ITEM_OWNERS, kind=Kind.ASSIGNMENT, title=_DONE),
    notice(
        on="confirm",
        to=DIRECTOR,
        kind=Kind.ASSIGNMENT,
        title=_("Serv101 is to be signed: %(number)s %(title)s (%(customer)s)"),
        rule="EXE-09",
    ),
    notice(
        on=("finish_item", "follow_item", "waive_item", "free_item", "reopen_item", "set_due"),
        to=ITEM_OWNERS | HANDLER,
        kind=Kind.PROGRESS,
        title=_DONE,
    ),
    notice(on=("amend", "terminate"), to=ITEM_OWNERS | HANDLER | SPECIALIST, kind=Kind.REPORT, title=_DONE),
    notice(on=("sign", "receive_signed"), to=HANDLER | SPECIALIST, kind=Kind.PROGRESS, title=_DONE, rule="EXE-09"),
    notice(
        on="archive",
        to=HANDLER | SPECIALIST,
        kind=Kind.PROGRESS,
        title=_DONE,
        rule="EXE-10",
        urgency=Urgency.QUIET,
    ),
    notice(on="copy_to", to=WATCHERS, kind=Kind.COPY, title=_("%(actor)s copies to you: %(number)s %(title)s")),
    notice(
        on=("take_up", "confirm", "sign", "receive_signed", "archive", "terminate"),
        to=WATCHERS,
        kind=Kind.PROGRESS,
        title=_DONE,
        urgency=Urgency.QUIET,
    ),
)

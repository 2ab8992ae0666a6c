"""Who is told what of documents, under which rule."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind
from notifications.rules import notice
from workflow.parties import HANDLER, WATCHERS, role

DESK = role("customer_specialist")

NOTICES = (
    notice(
        on="send_in",
        to=HANDLER,
        kind=Kind.ASSIGNMENT,
        title=_("%(number)s has come back from the customer: %(title)s (%(customer)s)"),
    ),
    notice(
        on="receive_signed",
        to=DESK,
        kind=Kind.ASSIGNMENT,
        title=_("%(number)s is signed and can be archived: %(title)s (%(customer)s)"),
        rule="FRM-13",
    ),
    notice(
        on=("submit", "finalise", "archive", "supersede", "cancel", "reopen"),
        to=HANDLER | WATCHERS,
        kind=Kind.PROGRESS,
        title=_("%(number)s: %(verb)s by %(actor)s – %(title)s"),
    ),
)

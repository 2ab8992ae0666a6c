"""Who is told what of articles and of gathered material, under which rule."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind
from notifications.rules import notice
from workflow.parties import HANDLER, SPECIALIST, WATCHERS, role

DESK = role("customer_specialist")

ARTICLE_NOTICES = (
    notice(
        on="submit", to=DESK, kind=Kind.ASSIGNMENT, title=_("%(number)s is to be reviewed: %(title)s"), rule="TKT-25"
    ),
    notice(
        on="send_back", to=HANDLER, kind=Kind.ASSIGNMENT, title=_("%(number)s comes back: %(title)s"), rule="TKT-25"
    ),
    notice(
        on="approve", to=DESK, kind=Kind.ASSIGNMENT, title=_("%(number)s can be published: %(title)s"), rule="TKT-25"
    ),
    notice(
        on=("publish", "retire", "give_up"),
        to=HANDLER | WATCHERS,
        kind=Kind.PROGRESS,
        title=_("%(number)s: %(verb)s by %(actor)s – %(title)s"),
        rule="TKT-25",
    ),
)

DIGEST_NOTICES = (
    notice(
        on="gather",
        to=DESK,
        kind=Kind.ASSIGNMENT,
        title=_("%(number)s waits to be worked through: %(title)s"),
        rule="TKT-25",
    ),
)

SUMMARY_NOTICES = (
    notice(
        on="gather",
        to=DESK,
        kind=Kind.ASSIGNMENT,
        title=_("%(number)s waits to be summarised: %(title)s"),
        rule="TKT-26",
    ),
    notice(on="finish", to=WATCHERS, kind=Kind.PROGRESS, title=_("%(number)s is finished: %(title)s"), rule="TKT-26"),
    notice(
        on="reopen", to=SPECIALIST, kind=Kind.PROGRESS, title=_("%(number)s is open again: %(title)s"), rule="TKT-26"
    ),
)

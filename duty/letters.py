"""What is told about the roster: a shift that a colleague is asked to take, the answer, hours that nobody covers.

Told as tidings (`notifications.tidings`): in the application at once, and by mail as each person wants it, tried again
until it is out. What is said is kept with the tiding; the truth is the roster's page, to which it leads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from duty.models import Gap, Swap
from notifications.kinds import Kind
from notifications.tidings import tell
from notifications.topics import Words, topic
from people.models import User
from workflow.timeline import read

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED, ANSWERED, GAP = "duty.asked", "duty.answered", "duty.gap"
PAGE = "/duty/"
DIRECTOR = "service_director"
RULE = "OFH-12"


def swap_asked(swap: Swap) -> None:
    """Tell the colleague who is asked."""
    said = {"person": str(swap.asked_by), "shift": str(swap.shift), "reason": swap.reason}
    tell(ASKED, str(swap.pk), [swap.asked_of_id], said | {"in_return": str(swap.in_return or "")})


def swap_answered(swap: Swap) -> None:
    """Tell the one who asked; the shift as it was when it was asked for."""
    agreed = swap.outcome == Swap.Outcome.AGREED
    said = {"colleague": str(swap.asked_of), "shift": str(swap.shift), "agreed": agreed, "answer": swap.answer}
    tell(ANSWERED, str(swap.pk), [swap.asked_by_id], said)


def gap_found(gap: Gap) -> None:
    """Tell the directors, once for each gap."""
    said = {"post": {"zh": gap.post.name_zh, "en": gap.post.name_en}, "gap": str(gap)}
    tell(GAP, str(gap.pk), User.objects.holding(DIRECTOR).values_list("pk", flat=True), said)


@topic(ASKED, kind=Kind.REPORT, rule=RULE)
def _asked(said: Mapping[str, Any]) -> Words:
    lines = [said["reason"]]
    if said["in_return"]:
        lines.append(_("In return for: %(shift)s") % {"shift": said["in_return"]})
    return Words(_("%(person)s asks you to take a shift: %(shift)s") % said, tuple(lines), PAGE)


@topic(ANSWERED, kind=Kind.REPORT, rule=RULE)
def _answered(said: Mapping[str, Any]) -> Words:
    if said["agreed"]:
        return Words(_("%(colleague)s takes your shift: %(shift)s") % said, (), PAGE)
    return Words(_("%(colleague)s cannot take your shift: %(shift)s") % said, (said["answer"],), PAGE)


@topic(GAP, kind=Kind.REPORT, rule=RULE)
def _gap(said: Mapping[str, Any]) -> Words:
    named = {"post": read(said["post"]), "gap": said["gap"]}
    title = _("Nobody is on duty at %(post)s: %(gap)s") % named
    return Words(title, (_("Put somebody on the roster for this time."),), PAGE)

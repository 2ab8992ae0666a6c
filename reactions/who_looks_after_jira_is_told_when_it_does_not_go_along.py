"""TKT-24: that R&D's JIRA is away, or out of step with the tickets, is told once, and once when that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jira import outages
from jira.models import Outage
from notifications.kinds import Kind, Urgency
from notifications.rendering import moment
from notifications.tidings import tell
from notifications.topics import Words, topic

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPIC = "jira.outage"


@outages.listener
def who_looks_after_jira_is_told_when_it_does_not_go_along(outage: Outage) -> None:
    """Tell those whom the administration names, or the engineers' lead; never a notice for each ticket."""
    over = outage.over_at is not None
    said = {"name": outage.connection.name, "cause": outage.cause, "since": outage.since.isoformat(), "over": over}
    tell(TOPIC, f"{outage.pk}:{'over' if over else 'on'}", outages.told(outage.connection), said)


@topic(TOPIC, kind=Kind.ESCALATION, rule="TKT-24", urgency=Urgency.NORMAL)
def _words(said: Mapping[str, Any]) -> Words:
    cause = str(Outage.Cause(said["cause"]).label)
    if said["over"]:
        title = _("%(name)s goes along again: %(cause)s – that is over") % {"name": said["name"], "cause": cause}
        line = _("It had begun at %(since)s.") % {"since": moment(said["since"])}
    else:
        title = _("%(name)s does not go along: %(cause)s") % {"name": said["name"], "cause": cause}
        line = _("It has lasted since %(since)s. Tickets that are with R&D may stand still.") % {
            "since": moment(said["since"])
        }
    return Words(title, (line,), reverse("desk:jira"))

"""The intake page: an issue is recorded, and with the same press dispatched, answered, or left for later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.faces import Ending, Intake
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField

    from people.actors import Actor
    from tickets.models import Ticket
    from workflow.forms import VerbForm

DISPATCH, ANSWER, SAVE = "dispatch", "answer", "save"
ENDINGS = (
    Ending(DISPATCH, _("Save and dispatch"), "send", "primary"),
    Ending(ANSWER, _("Answer at once"), "bolt"),
    Ending(SAVE, _("Save only"), "check", follows=False),
)
PARTS = (
    ("who", _("Who asks"), ("customer", "contact", "phone", "email", "fax")),
    ("kind", _("What kind"), ("channel", "severity", "issue_type", "subtype")),
    ("what", _("What it is about"), ("title", "body", "site", "files")),
)
AFTER = (
    ("dispatch", _("To somebody in particular"), ("handler",)),
    ("answer", _("The answer, if it can be given at once"), ("method", "result")),
)


@dataclass(frozen=True)
class Part:
    """Some fields of a form, shaped like a form for the component that draws one."""

    code: str
    title: Any
    visible_fields: Sequence[BoundField]
    hidden_fields: Sequence[BoundField] = ()
    non_field_errors: Sequence[str] = field(default_factory=tuple)

    @property
    def filled(self) -> bool:
        """Whether something stands in it, or is wrong with it, so that it must be seen."""
        return any(each.errors or each.value() for each in self.visible_fields)


def context(form: VerbForm, actor: Actor) -> Mapping[str, Any]:  # noqa: ARG001 - everybody is shown the same
    """The form in parts, in the order of a telephone call."""
    shown: dict[str, list[Part]] = {
        name: [Part(code, title, [form[each] for each in fields]) for code, title, fields in parts]
        for name, parts in (("parts", PARTS), ("after", AFTER))
    }
    return shown


def finish(ticket: Ticket, ending: str, actor: Actor, data: Mapping[str, Any], files: Any) -> None:  # noqa: ARG001
    """What follows on recording. Raises Refused, which undoes the recording too."""
    if ending == DISPATCH:
        perform(ticket, "dispatch", actor=actor, data={name: data.get(name) for name in ("handler", "handler_text")})
    elif ending == ANSWER:
        perform(ticket, "answer_at_once", actor=actor, data={name: data.get(name) for name in ("method", "result")})


INTAKE = Intake("tickets/intake.html", ENDINGS, context, finish)

__all__ = ("INTAKE", "_")

"""Refusals explain themselves: what is missing, which rule asks for it, and who can supply it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from people.actors import Actor
    from workflow.forms import VerbForm


@dataclass(frozen=True)
class Reason:
    """One reason of a refusal. `who` reads aloud who can supply it; `field` says at which input it belongs."""

    message: str
    rule: str = ""
    who: str = ""
    field: str = ""

    def __str__(self) -> str:
        return self.message


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The gate said no, nothing has changed, and the reasons say why."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons: list[Reason] = list(reasons)
        super().__init__("; ".join(reason.message for reason in reasons))


class NotAllowed(Refused):
    """The actor may not do this; `who` of the reason says who may."""


class WrongState(Refused):
    """The record's state does not allow this act."""


class Missing(Refused):
    """Something that the act needs is not there."""


class InvalidData(Refused):
    """What was given does not pass the act's form, which carries the errors and what was typed."""

    def __init__(self, form: VerbForm) -> None:
        self.form = form
        super().__init__(
            *(
                Reason(str(message), field="" if name == "__all__" else name)
                for name, messages in form.errors.items()
                for message in messages
            )
        )


@dataclass(frozen=True)
class Difference:
    """One thing that somebody else changed meanwhile, under its field's name, and by which act."""

    label: str
    before: Any
    after: Any
    verb: str = ""


class Stale(Refused):
    """The record has been changed since the form was opened."""

    def __init__(self, reason: Reason, by: Actor | None, at: datetime, differences: Sequence[Difference]) -> None:
        self.by = by
        self.at = at
        self.differences = list(differences)
        super().__init__(reason)


@dataclass
class OutsideTheGateError(Exception):
    """A verb's method was called directly. Only `perform` calls verbs."""

    verb: str
    detail: str = field(default="verbs run only through workflow.perform")

    def __str__(self) -> str:
        return f"{self.verb}: {self.detail}"

"""The engineer on duty, as one who may act and who can be told (roles.yaml: duty_engineer)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import listed
from duty import roster
from workflow.parties import Part, Party, Slot, introduce

if TYPE_CHECKING:
    from people.models import User
    from workflow.models import Record


@dataclass(frozen=True)
class DutyPart(Part):
    """Whoever's shift covers the present moment."""

    def includes(self, user: User, record: Record) -> bool:  # noqa: ARG002 - whatever the record is
        """Whether the person is on duty now; a page that has asked already says so on the person's object."""
        known: bool | None = getattr(user, "on_duty_now", None)
        return roster.is_on_duty(user, clock.now()) if known is None else known

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - whatever the record is
        """The lists of those who are on duty now."""
        return [Slot(user_id=user_id) for user_id in self.at_large()]

    def named(self, record: Record) -> str:
        """The label with the names of those who are on duty now; asked once a minute for each record object."""
        now = clock.now()
        minute = int(now.timestamp()) // 60
        known: tuple[int, str] | None = record.__dict__.get("_on_duty")
        if known is None or known[0] != minute:
            names = listed(str(shift.engineer) for shift in roster.on_duty(now))
            known = record.__dict__["_on_duty"] = (minute, names)
        return f"{self.label} ({known[1]})" if known[1] else str(self.label)

    def at_large(self) -> list[int]:
        """Those who are on duty now."""
        return [shift.engineer_id for shift in roster.on_duty(clock.now())]


DUTY_ENGINEER = introduce(Party((DutyPart("duty_engineer", _("engineer on duty")),)))

__all__ = ("DUTY_ENGINEER",)

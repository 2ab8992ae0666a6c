"""What all stories share: people, customers, vocabularies and the calendar, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from calendars.schedules import default_calendar, schedule_for
from core import clock
from customers.models import Organisation
from demo.texts import Author
from duty.models import Shift
from tickets.models import Channel, IssueSubtype, IssueType, Severity

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from calendars.algebra import Schedule
    from demo.people import Cast
    from people.models import User

_EARLY, _LATE = 8, 20


@dataclass
class World:
    """The rows on which a year of work stands."""

    cast: Cast
    organisations: list[Organisation]
    channels: dict[str, Channel]
    types: dict[str, IssueType]
    subtypes: dict[str, IssueSubtype]
    severities: dict[str, Severity]
    schedule: Schedule
    author: Author
    shifts: list[Shift]
    end: datetime

    @classmethod
    def gathered(cls, cast: Cast, end: datetime) -> World:
        """The world as the seeds and the demonstration's people and customers make it."""
        organisations = Organisation.objects.select_related("region", "account_manager").prefetch_related(
            "contacts", "sites"
        )
        return cls(
            cast=cast,
            organisations=list(organisations.order_by("id")),
            channels=_by_code(Channel),
            types=_by_code(IssueType),
            subtypes=_by_code(IssueSubtype),
            severities=_by_code(Severity),
            schedule=schedule_for(default_calendar()),
            author=Author(),
            shifts=list(Shift.objects.order_by("starts_at")),
            end=end,
        )

    def office(self, at: datetime, rng: Random) -> datetime:
        """The moment itself if people work then; else some time in the morning of the next working day."""
        if self.schedule.is_working(at):
            return at
        return self.schedule.next_working_moment(at) + timedelta(seconds=rng.randrange(60, 5400))

    def on_duty(self, at: datetime) -> User:
        """Who is on duty at a moment of the night."""
        (shift,) = [each for each in self.shifts if each.starts_at <= at < each.ends_at]
        return self.cast.by_id[shift.engineer_id]

    def awake(self, at: datetime) -> datetime:
        """The moment itself unless it lies in the night; else the next morning."""
        local = clock.local(at)
        if _EARLY <= local.hour < _LATE:
            return at
        morning = local.replace(hour=_EARLY, minute=at.minute, second=at.second)
        return morning if local.hour < _EARLY else morning + timedelta(days=1)


def _by_code(model: Any) -> dict[str, Any]:
    return {row.code: row for row in model._default_manager.all()}

"""Who has to do with a record that is decided on: those whose decision waits, those who were asked, its author."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.text import listed
from people.models import User
from workflow.approvals.board import Board, waiting_seats
from workflow.models import Seat
from workflow.parties import Part, Party, PersonPart, Slot, introduce

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.models import Opinion, Record


@dataclass(frozen=True)
class SeatPart(Part):
    """Whoever has a seat on the present step that can be taken now; nobody decides on the own work."""

    consulted: bool = False

    def includes(self, user: User, record: Record) -> bool:
        """Whether one of the waiting seats is the person's."""
        if user.is_customer or self.bars(user, record):
            return False
        return Board.of(record).seat_of(user, consulted=self.consulted) is not None

    def bars(self, user: User, record: Record) -> bool:
        """Nobody decides on the own work, for another who is away either."""
        return user.pk == author_of(record)

    def why_not(self, user: User, record: Record) -> str:
        """By whom it was decided, and when."""
        if self.bars(user, record):
            return _("Nobody decides on their own work.")
        seat = Board.of(record).taken_by_other(user)
        if seat is None or seat.closed_at is None:
            return ""
        said = _opinion_behind(seat)
        at = formats.date_format(clock.local(seat.closed_at), "DATETIME_FORMAT")
        if said is None:
            return _("This was settled at %(at)s: %(what)s.") % {"at": at, "what": seat.get_outcome_display()}
        return _("%(who)s decided at %(at)s already: %(what)s.") % {
            "who": said.by or _("System"),
            "at": at,
            "what": said.get_decision_display(),
        }

    def slots(self, record: Record) -> list[Slot]:
        """One place for each waiting seat."""
        board = Board.of(record)
        seats = board.consulted if self.consulted else board.deciding
        return [Slot(user_id=seat.user_id, role=seat.role) for seat in seats]

    def named(self, record: Record) -> str:
        """The label with the people and roles of the waiting seats."""
        board = Board.of(record)
        seats = board.consulted if self.consulted else board.deciding
        names = listed(named(seat) for seat in seats)
        return f"{self.label} ({names})" if names else str(self.label)

    def of_records(self, records: Sequence[Record]) -> Mapping[int, list[int]]:
        """The people whose seats wait, those of roles with every holder."""
        found: dict[int, list[int]] = defaultdict(list)
        roles: dict[str, list[int]] = defaultdict(list)
        origin = {Seat.Origin.CONSULTED}
        for seat in waiting_seats(records).select_related("step__round").order_by("id"):
            record_id = seat.step.round.record_id
            if (seat.origin in origin) != self.consulted:
                continue
            if seat.user_id is not None:
                found[record_id].append(seat.user_id)
            else:
                roles[seat.role].append(record_id)
        holders = User.objects.staff().filter(roles__code__in=roles).values_list("roles__code", "pk").order_by("pk")
        for code, user_id in holders if roles else ():
            for record_id in roles.get(code, ()):
                found[record_id].append(user_id)
        return found


def _opinion_behind(seat: Seat) -> Opinion | None:
    """The opinion that closed a seat: its own, or that of another after whom it was not needed any more."""
    if hasattr(seat, "opinion"):
        return seat.opinion
    others = [
        other for other in seat.step.seats.all() if hasattr(other, "opinion") and other.closed_at == seat.closed_at
    ]
    return others[-1].opinion if others else None


def named(seat: Seat) -> str:
    """Whose seat it is, as text."""
    from workflow.parties import role

    return str(seat.user) if seat.user is not None else role(seat.role).label


def author_of(record: Record) -> int | None:
    """Whose work is decided on."""
    return record.handler_id


def _head(record: Record) -> int | None:
    department = record.handler.department if record.handler_id and record.handler else None
    return department.head_id if department is not None else None


def _head_person(record: Record) -> User | None:
    department = record.handler.department if record.handler_id and record.handler else None
    return department.head if department is not None else None


DECIDERS = introduce(Party((SeatPart("deciders", gettext_lazy("whose decision is awaited")),)))
CONSULTED = introduce(Party((SeatPart("consulted", gettext_lazy("who was asked for an opinion"), consulted=True),)))
AUTHOR = introduce(
    Party((PersonPart("review_author", gettext_lazy("author"), author_of, lambda record: record.handler),))
)
AUTHORS_HEAD = introduce(
    Party((PersonPart("authors_head", gettext_lazy("head of the author's department"), _head, _head_person),))
)

"""Who may act and who is told: roles, and relations of a person to a record (roles.yaml).

A party is a declaration that can be combined with `|`, read aloud (`label`), stored as text (`code`) and asked about a
record. Flows use parties to say who may; policies and notices use their codes to say who is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from handbook import vocabulary
from workflow import registry
from workflow.models import Involvement, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from people.models import User

    Subjects = Collection[tuple[int, str]]
    """Things of records: a record's key, and what of it."""

Label = str | Promise


class UnknownPartyError(ValueError):
    """A code that names no role and no relation."""


@dataclass(frozen=True)
class Slot:
    """A place on which work waits: one person, or whoever holds a role. It may say itself by when, if no timer does."""

    user_id: int | None = None
    role: str = ""
    due_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Party:
    """One or several alternatives of who somebody is to a record."""

    parts: tuple[Part, ...]

    def __or__(self, other: Party) -> Party:
        """Either of the two."""
        return Party(tuple(dict.fromkeys(self.parts + other.parts)))

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person is one of the party for this record."""
        return any(part.includes(user, record) for part in self.parts)

    def slots(self, record: Record) -> list[Slot]:
        """Where a piece of work for the party waits."""
        return list(dict.fromkeys(slot for part in self.parts for slot in part.slots(record)))

    def bars(self, user: User, record: Record) -> bool:
        """Whether the person may not act for one of the party who is away either."""
        return any(part.bars(user, record) for part in self.parts)

    def why_not(self, user: User, record: Record) -> str:
        """Why somebody who is not of the party may no longer act, if there is more to say than that."""
        return next(filter(None, (part.why_not(user, record) for part in self.parts)), "")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the alternatives, as policies store them."""
        return tuple(part.code for part in self.parts)

    @property
    def label(self) -> str:
        """The alternatives in the reader's language."""
        return " / ".join(str(part.label) for part in self.parts)

    def named(self, record: Record) -> str:
        """The alternatives as `label`, with the names of the people they are for this record."""
        return " / ".join(part.named(record) for part in self.parts)

    @property
    def system(self) -> bool:
        """Whether the software itself is of the party."""
        return any(part.code == "system" for part in self.parts)


@dataclass(frozen=True)
class Part:
    """One alternative of a party."""

    code: str
    label: Label

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person is meant."""
        raise NotImplementedError

    def slots(self, record: Record) -> list[Slot]:
        """Where work for it waits."""
        raise NotImplementedError

    def named(self, record: Record) -> str:  # noqa: ARG002 - a role is the same for every record
        """The label; for one person with the name."""
        return str(self.label)

    def bars(self, user: User, record: Record) -> bool:  # noqa: ARG002 - mostly a substitute has all the principal's rights
        """Whether the person may not act for those who are meant either."""
        return False

    def why_not(self, user: User, record: Record) -> str:  # noqa: ARG002 - mostly there is nothing more to say
        """Why somebody who is not meant may no longer act, for instance because another has."""
        return ""

    def of_records(self, records: Sequence[Record]) -> Mapping[int, list[int]]:  # noqa: ARG002 - most parts are of another sort
        """Who is meant for many records at once, as ids of staff, for parts that are neither a person nor a role."""
        return {}

    def of_subjects(self, subjects: Subjects) -> Mapping[tuple[int, str], list[int]] | None:  # noqa: ARG002 - mostly all are meant
        """Who is meant where an entry is about one thing of its record, by record and subject; None: all of them."""
        return None

    def at_large(self) -> list[int]:
        """Who is meant whatever the record is, as ids of staff: asked once for many records. Mostly nobody."""
        return []


@dataclass(frozen=True)
class RolePart(Part):
    """Whoever holds a role."""

    def includes(self, user: User, record: Record) -> bool:  # noqa: ARG002 - a role is the same for every record
        """Whether the person holds the role."""
        return user.has_role(self.code)

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - a role is the same for every record
        """The role's queue."""
        return [Slot(role=self.code)]


@dataclass(frozen=True)
class UnclaimedPart(RolePart):
    """The holders of a role, as long as no specialist follows the record."""

    def slots(self, record: Record) -> list[Slot]:
        """The role's queue, or nothing."""
        return super().slots(record) if record.specialist_id is None else []


@dataclass(frozen=True)
class PersonPart(Part):
    """The one person (or nobody) who stands in a relation to the record."""

    find: Callable[[Record], int | None] = field(repr=False)
    person: Callable[[Record], User | None] = field(repr=False, default=lambda record: None)  # noqa: ARG005 - unnamed

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person stands in that relation."""
        found = self.find(record)
        return found is not None and found == user.pk

    def named(self, record: Record) -> str:
        """The label with the person's name, if there is one."""
        person = self.person(record) if self.find(record) is not None else None
        return f"{self.label} ({person})" if person is not None else str(self.label)

    def slots(self, record: Record) -> list[Slot]:
        """The one person's own list, or none."""
        found = self.find(record)
        return [Slot(user_id=found)] if found is not None else []


@dataclass(frozen=True)
class InvolvedPart(Part):
    """Everybody who is involved with the record in some way."""

    kinds: tuple[str, ...]

    def includes(self, user: User, record: Record) -> bool:
        """Whether one of the staff is involved; asks the database once for each record object and person.

        A customer's contact who recorded it is its author, and still no colleague: see `CUSTOMER`.
        """
        if user.is_customer:
            return False
        known: dict[int, set[str]] = record.__dict__.setdefault("_parts_of", {})
        if user.pk not in known:
            parts = Involvement.objects.filter(record_id=record.pk, user=user)
            known[user.pk] = set(parts.values_list("part", flat=True))
        return not known[user.pk].isdisjoint(self.kinds)

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - nobody's work waits on onlookers
        """Nothing waits on onlookers."""
        return []


def learn_parts(records: Iterable[Record], users: Iterable[User]) -> None:
    """Learn at once what the people are to the records, before they are asked about one by one; one query."""
    known = {record.pk: record.__dict__.setdefault("_parts_of", {}) for record in records}
    people = [user.pk for user in users]
    for parts in known.values():
        parts.update((pk, set()) for pk in people)
    rows = Involvement.objects.filter(record__in=known, user__in=people)
    for record_id, user_id, part in rows.values_list("record_id", "user_id", "part"):
        known[record_id][user_id].add(part)


def know_parts(record: Record, rows: Iterable[Involvement], users: Iterable[User]) -> None:
    """Keep what people are to a record, by whoever has read all that are involved with it."""
    known: dict[int, set[str]] = record.__dict__.setdefault("_parts_of", {})
    parts = [(row.user_id, row.part) for row in rows]
    known.update({user.pk: {part for user_id, part in parts if user_id == user.pk} for user in users})


_WRITERS = InvolvedPart("writers", _("those who wrote it"), ("handler", "author"))


@dataclass(frozen=True)
class OtherPart(RolePart):
    """The holders of a role who have not worked on the record themselves: four eyes see more than two."""

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person holds the role and never had the record in hand."""
        return super().includes(user, record) and not _WRITERS.includes(user, record)


@dataclass(frozen=True)
class CustomerPart(Part):
    """A contact of the record's customer."""

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person is an active contact of the same organisation; of any, while the record is being made."""
        if not user.is_customer or (record.pk is not None and record.customer_id is None):
            return False
        contacts = Contact.objects.filter(user=user, active=True)
        return (contacts.filter(organisation=record.customer_id) if record.customer_id else contacts).exists()

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - customers have no staff list
        """Customers have no list of work in the house."""
        return []


@dataclass(frozen=True)
class DepartmentPart(Part):
    """The staff of the department whose process it is."""

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person works in that department."""
        own = user.department.code if user.department_id and user.department else ""
        return bool(own) and own == registry.of(record).department

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - work waits on people and roles
        """Work waits on people and roles, not on departments."""
        return []


@dataclass(frozen=True)
class SystemPart(Part):
    """The software itself."""

    def includes(self, user: User, record: Record) -> bool:  # noqa: ARG002 - no person is the system
        """No person is the system."""
        return False

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - no list either
        """The system has no list of work."""
        return []


def _supervisor(record: Record) -> int | None:
    return record.handler.supervisor_id if record.handler_id and record.handler else None


def _account_owner(record: Record) -> int | None:
    return record.customer.account_manager_id if record.customer is not None else None


HANDLER = Party(
    (PersonPart("handler", _("present handler"), lambda record: record.handler_id, lambda record: record.handler),)
)
SPECIALIST = Party(
    (
        PersonPart(
            "specialist",
            _("accepting specialist"),
            lambda record: record.specialist_id,
            lambda record: record.specialist,
        ),
    )
)
ACCOUNT_OWNER = Party(
    (
        PersonPart(
            "account_owner",
            _("customer's account manager"),
            _account_owner,
            lambda record: record.customer.account_manager if record.customer is not None else None,
        ),
    )
)
SUPERVISOR = Party((PersonPart("supervisor", _("handler's supervisor"), _supervisor),))
WATCHERS = Party((InvolvedPart("watchers", _("watchers"), Involvement.READING_ALONG),))
INVOLVED = Party((InvolvedPart("involved", _("those involved"), Involvement.GIVING_SIGHT),))
DEPARTMENT = Party((DepartmentPart("department", _("staff of the department")),))
CUSTOMER = Party((CustomerPart("customer", _("customer")),))
SYSTEM = Party((SystemPart("system", _("the system")),))
RELATIONS: dict[str, Party] = {
    party.parts[0].code: party
    for party in (HANDLER, SPECIALIST, ACCOUNT_OWNER, SUPERVISOR, WATCHERS, INVOLVED, DEPARTMENT, CUSTOMER, SYSTEM)
}


def introduce(party: Party) -> Party:
    """Make a relation known that a layer above knows of, by the code of its one part: flows and policies may name it.

    Raises ValueError if the code is another's.
    """
    (part,) = party.parts
    if RELATIONS.setdefault(part.code, party) != party:
        msg = f"the relation {part.code} is known already"
        raise ValueError(msg)
    return party


class _RoleLabel(Promise):
    """The role's name from the handbook, chosen when it is read."""

    def __init__(self, code: str) -> None:
        self.role = vocabulary.role(code)

    def __str__(self) -> str:
        return self.role.zh if (get_language() or "zh").startswith("zh") else self.role.en

    def __hash__(self) -> int:
        return hash(self.role.code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RoleLabel) and other.role.code == self.role.code


def role(*codes: str) -> Party:
    """Whoever holds one of the roles. Raises UnknownRole (a KeyError) for a code that the handbook lacks."""
    return Party(tuple(RolePart(code, _RoleLabel(code)) for code in codes))


def unclaimed(code: str) -> Party:
    """Whoever holds the role, while nobody follows the record: the queue of what customers raise themselves."""
    return Party((UnclaimedPart(code, _RoleLabel(code)),))


def others(*codes: str) -> Party:
    """Whoever holds one of the roles and has not worked on the record: for what a second person has to look at."""
    return Party(tuple(OtherPart(code, _RoleLabel(code)) for code in codes))


def party(code: str) -> Party:
    """The party of a stored code, such as `handler` or `service_director`.

    Raises UnknownPartyError for anything else.
    """
    if code in RELATIONS:
        return RELATIONS[code]
    try:
        return role(code)
    except KeyError as error:
        raise UnknownPartyError(code) from error

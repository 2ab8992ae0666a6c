"""Which way a record goes to be decided on: the policy that fits, its steps, and the people on each, with reasons.

The same plan is shown beforehand ("who will see this, in which order, and why") and gone through afterwards; people
are looked up anew when a step begins, since somebody may have left by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from people.models import User
from workflow.approvals.parties import author_of
from workflow.models import Checklist, ChecklistItem, Mode, PolicyStep, ReviewPolicy, Seat
from workflow.parties import RolePart, UnknownPartyError, party
from workflow.refusals import Missing, Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from decimal import Decimal

    from django.utils.functional import Promise

    from workflow.models import Record

LAST_KEEPER = "system_admin"
"""The role whose holders get a step on which there is nobody, where a policy names no keeper who could."""


@dataclass(frozen=True)
class Place:
    """A seat as it is planned: whose, and why."""

    user: User | None = None
    role: str = ""
    origin: str = Seat.Origin.POLICY
    reason: str = ""

    @property
    def label(self) -> str:
        """The person, or the role's name."""
        return str(self.user) if self.user is not None else party(self.role).label


@dataclass(frozen=True)
class PlannedStep:
    """A step as it is planned, with the seats as they would be now; `left_out` says why it would be left out."""

    code: str
    stage: str
    name_zh: str
    name_en: str
    mode: str
    needed: int | None
    rule: str
    parties: tuple[str, ...]
    people: tuple[int, ...]
    keeper: int | None
    checks: list[dict[str, str]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    left_out: str | Promise = ""

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    @property
    def manner(self) -> str:
        """How many of them have to agree, in words."""
        return f"{Mode(self.mode).label} ({self.needed})" if self.needed is not None else str(Mode(self.mode).label)

    @property
    def plan(self) -> dict[str, Any]:
        """Whom to look up when the step begins, as it is kept."""
        return {"parties": list(self.parties), "people": list(self.people), "keeper": self.keeper}


@dataclass(frozen=True)
class Plan:
    """The way that a record will go."""

    policy: ReviewPolicy
    steps: list[PlannedStep]
    left_out: list[PlannedStep]

    @property
    def reason(self) -> str:
        """Why this is the way, in the reader's language."""
        chinese = (get_language() or "zh").startswith("zh")
        return self.policy.reason_zh if chinese else self.policy.reason_en


def policy_for(record: Record) -> ReviewPolicy:
    """The first policy in force that fits. Raises Missing: without one nobody would decide."""
    facts, amount = facts_of(record)
    for policy in ReviewPolicy.objects.filter(kind=_kind(record), active=True).select_related("keeper"):
        if policy.fits(facts, amount):
            return policy
    raise Missing(Reason(_("No review policy is for this record: an administrator sets one.")))


def plan(record: Record, policy: ReviewPolicy | None = None) -> Plan:
    """The way that a record as it is now will go, or would by a given policy. Raises Missing."""
    policy = policy or policy_for(record)
    facts, amount = facts_of(record)
    steps: list[PlannedStep] = []
    left_out: list[PlannedStep] = []
    rows = list(policy.steps.prefetch_related("people"))
    checks = _checks({code for row in rows for code in row.checklists})
    for row in rows:
        fits = row.fits(facts, amount)
        (steps if fits else left_out).append(_planned(record, policy, row, checks, fits=fits))
    if not steps:
        raise Missing(Reason(_("The review policy “%(policy)s” has no step for this record.") % {"policy": policy}))
    return Plan(policy, steps, left_out)


def facts_of(record: Record) -> tuple[dict[str, str], Decimal | None]:
    """What policies look at: the flow's facts, and the amount in CNY of what has one."""
    flow: Any = record
    return flow.facts(), getattr(record, "amount", None)


def _kind(record: Record) -> str:
    from workflow import registry

    return record.kind or registry.of(record).kind


def _planned(
    record: Record, policy: ReviewPolicy, row: PolicyStep, checks: Mapping[str, list[dict[str, str]]], *, fits: bool
) -> PlannedStep:
    people = tuple(sorted(person.pk for person in row.people.all()))
    step = PlannedStep(
        row.code,
        row.stage,
        row.name_zh,
        row.name_en,
        row.mode,
        row.needed,
        row.rule,
        tuple(row.parties),
        people,
        policy.keeper_id,
        checks=[item for code in row.checklists for item in checks.get(code, ())],
        left_out="" if fits else _why_not(row, record),
    )
    flow: Any = record
    if fits and not flow.stage(row.stage).own:
        step.places.extend(places(record, step.plan, step.mode))
    return step


def _why_not(row: PolicyStep, record: Record) -> str | Promise:
    """Why a step is left out, in words that can be kept in both languages."""
    facts, amount = facts_of(record)
    if row.least is not None and (amount is None or amount < row.least):
        return format_lazy(gettext_lazy("only from CNY {least} on"), least=f"{row.least:,.2f}")
    unmet = next((name for name, values in row.when.items() if facts.get(name, "") not in values), "")
    flow: Any = record
    known = flow.known_facts().get(unmet)
    if known is None:
        return unmet
    condition = lazy(known.said, str)(row.when[unmet])
    return format_lazy(gettext_lazy("only where it is so: {condition}"), condition=condition)


def _checks(codes: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """The items that are asked, by checklist, as a round keeps them."""
    found: dict[str, list[dict[str, str]]] = {}
    lists = {each.code: each for each in Checklist.objects.filter(code__in=list(codes), active=True)}
    items = ChecklistItem.objects.filter(checklist__in=lists.values(), active=True).select_related("checklist")
    for item in items.order_by("position", "id"):
        of = item.checklist
        told = {
            "code": f"{of.code}.{item.code}",
            "list": of.code,
            "list_zh": of.name_zh,
            "list_en": of.name_en,
            "rule": of.rule,
            "zh": item.text_zh,
            "en": item.text_en,
        }
        found.setdefault(of.code, []).append(told)
    return found


# --- people -------------------------------------------------------------------------------------------------------
def places(record: Record, plan_of: Mapping[str, Any], mode: str) -> list[Place]:
    """The seats of a step as things stand: never the author's, never of somebody who left, and never none."""
    author = author_of(record)
    named = _named(plan_of["people"], author)
    found = [*named, *_of_parties(record, plan_of["parties"], mode, author)]
    if not found:
        found = [_keeper(plan_of.get("keeper"), author)]
    unique: dict[tuple[int | None, str], Place] = {}
    for place in found:
        unique.setdefault((place.user.pk if place.user else None, place.role), place)
    return list(unique.values())


def _named(people: Sequence[int], author: int | None) -> list[Place]:
    known = User.objects.select_related("supervisor").in_bulk(people)
    found = (_instead_of(known[pk], author) for pk in people if pk in known)
    return [place for place in found if place is not None]


def _instead_of(person: User, author: int | None) -> Place | None:
    """The person's place, or the superior's where the person is the author or has left; None without one."""
    if _can(person, author):
        return Place(person)
    origin = Seat.Origin.SUPERIOR if person.pk == author else Seat.Origin.REPLACED
    superior = person.supervisor
    if superior is None or not _can(superior, author):
        return None
    return Place(superior, origin=origin, reason=_("in place of %(person)s") % {"person": person})


def instead_of_leaver(
    person: User, plan_of: Mapping[str, Any], author: int | None, seated: Collection[int | None] = ()
) -> Place:
    """Who takes the seat of somebody who has left: the superior, else the keeper, unless they have a seat there."""
    superior = _instead_of(person, author)
    if superior is not None and superior.user is not None and superior.user.pk not in seated:
        return superior
    keeper = plan_of.get("keeper")
    return _keeper(None if keeper in seated else keeper, author)


def _can(person: User, author: int | None) -> bool:
    return person.is_active and not person.is_customer and person.pk != author


def _of_parties(record: Record, codes: Sequence[str], mode: str, author: int | None) -> list[Place]:
    found: list[Place] = []
    for code in codes:
        try:
            of = party(code)
        except UnknownPartyError:
            continue
        for part in of.parts:
            if isinstance(part, RolePart):
                found.extend(_of_role(code, mode, author))
            else:
                ids = [slot.user_id for slot in part.slots(record) if slot.user_id is not None]
                found.extend(_named(ids, author))
    return found


def _of_role(code: str, mode: str, author: int | None) -> list[Place]:
    """A role's holders: one place for the whole role where the first decides, else one for each."""
    holders = list(User.objects.staff().filter(roles__code=code).select_related("supervisor").order_by("pk"))
    others = [person for person in holders if person.pk != author]
    if not others:
        placed = [_instead_of(person, author) for person in holders]
        return [place for place in placed if place is not None]
    if mode == Mode.ANY:
        return [Place(role=code)]
    return [Place(person) for person in others]


def _keeper(keeper_id: int | None, author: int | None) -> Place:
    keeper = User.objects.filter(pk=keeper_id).first() if keeper_id is not None else None
    reason = _("there is nobody else on this step")
    if keeper is not None and _can(keeper, author):
        return Place(keeper, origin=Seat.Origin.KEEPER, reason=reason)
    return Place(role=LAST_KEEPER, origin=Seat.Origin.KEEPER, reason=reason)

"""People, a customer, errands and policies, for tests of the kernel."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from calendars import seeds as calendar_seeds
from calendars.algebra import Slot
from calendars.models import WorkCalendar
from core import clock
from customers.models import Contact, Organisation
from people import seeds
from people.actors import Actor
from people.models import Department, Region, Role, User
from tests.support.beginnings import Beginning
from tests.workflow.errands import ERRANDS, Errand
from workflow import facts, hooks, outbox, registry
from workflow.engine import perform
from workflow.models import DeadlinePolicy, PolicyLevel, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in Shanghai."""

LEVELS = (
    ("warned", 75, ["handler"]),
    ("missed", 100, ["handler", "account_owner", "supervisor"]),
    ("escalated", 200, ["service_director"]),
)


@dataclass(frozen=True)
class Crew:
    """Who plays along; `of` makes an actor of a person."""

    specialist: User
    other_specialist: User
    handler: User
    colleague: User
    supervisor: User
    director: User
    account_owner: User
    rd: User
    stranger: User
    contact: User
    foreign_contact: User


@pytest.fixture
def errands() -> Iterator[None]:
    """The kernel knows errands while the test runs, and forgets whoever subscribed meanwhile."""
    stores: list[dict[Any, Any]] = [facts._at_once, facts._later, outbox._handlers]
    before = [{key: copy(value) for key, value in store.items()} for store in stores]
    listeners = list(hooks._on_entries)
    registry.register(ERRANDS)
    yield
    registry.forget(ERRANDS.kind)
    for store, was in zip(stores, before, strict=True):
        store.clear()
        store.update(was)
    hooks._on_entries[:] = listeners


def _person(username: str, *roles: str, department: str = "service", **rest: Any) -> User:
    made = User.objects.create_user(
        username,
        f"{username}@example.com",
        display_name=username,
        department=Department.objects.get(code=department),
        **rest,
    )
    made.roles.set(Role.objects.filter(code__in=roles))
    return made


def _hired() -> Crew:
    seeds.seed()
    supervisor = _person("supervisor", "support_engineer")
    return Crew(
        specialist=_person("specialist", "customer_specialist"),
        other_specialist=_person("other_specialist", "customer_specialist"),
        handler=_person("handler", "support_engineer", supervisor=supervisor),
        colleague=_person("colleague", "support_engineer"),
        supervisor=supervisor,
        director=_person("director", "service_director"),
        account_owner=_person("account_owner", "account_manager"),
        rd=_person("rd", "rd_engineer", department="rd"),
        stranger=_person("stranger", department="finance"),
        contact=User.objects.create_user("contact", display_name="contact", is_customer=True),
        foreign_contact=User.objects.create_user("foreign_contact", display_name="foreign", is_customer=True),
    )


_CREW = Beginning(_hired)


@pytest.fixture
def crew(db: None, errands: None) -> Crew:
    """Everybody who can have to do with an errand, and somebody who cannot."""
    return _CREW.begin()


@pytest.fixture
def customer(crew: Crew) -> Organisation:
    """The customer, with a contact; and another customer, with another."""
    region = Region.objects.order_by("id").first() or Region.objects.create(code="north", name_zh="北", name_en="N")
    made = Organisation.objects.create(name="北京大学", region=region, account_manager=crew.account_owner)
    Contact.objects.create(organisation=made, name="张三", phone="010-62751234", user=crew.contact)
    other = Organisation.objects.create(name="别的大学", region=region, account_manager=crew.account_owner)
    Contact.objects.create(organisation=other, name="李四", phone="010-62750000", user=crew.foreign_contact)
    return made


@pytest.fixture
def policy(crew: Crew) -> Callable[..., DeadlinePolicy]:
    """Make a policy with levels: `policy("errand.answer", 240, speed="fast")`."""

    def make(
        timer: str,
        minutes: int,
        *,
        levels: tuple[tuple[str, int, list[str]], ...] = LEVELS,
        rest: dict[str, Any] | None = None,
        **match: str,
    ) -> DeadlinePolicy:
        made = DeadlinePolicy.objects.create(
            timer=timer, minutes=minutes, match=match, rule="TKT-16", name_zh=timer, name_en=timer, **(rest or {})
        )
        for position, (kind, share, recipients) in enumerate(levels, start=1):
            PolicyLevel.objects.create(policy=made, position=position, kind=kind, share=share, recipients=recipients)
        return made

    return make


@pytest.fixture
def ask(crew: Crew, customer: Organisation) -> Callable[..., Errand]:
    """Ask for an errand: `ask("fast bread", at=NOON)`; says who is the handler, or that there is none."""

    def make(title: str = "slow bread", *, at: datetime = NOON, **data: Any) -> Errand:
        errand = Errand()
        said = {"customer": customer.pk, "title": title, "handler": crew.handler.pk, **data}
        with clock.held(at):
            perform(errand, "ask", actor=Actor(crew.specialist), data=said)
        return errand

    return make


@pytest.fixture
def act(crew: Crew) -> Callable[..., Errand]:
    """Perform a verb at a moment and give the record as it is then: `act(errand, "start", at=NOON)`."""
    usual = {
        "tell": crew.specialist,
        "judge": crew.specialist,
        "again": crew.specialist,
        "drop": crew.specialist,
        "excuse": crew.director,
    }

    def make(errand: Record, verb: str, *, at: datetime = NOON, by: User | None = None, **data: Any) -> Errand:
        with clock.held(at):
            perform(errand, verb, actor=Actor(by or usual.get(verb, crew.handler)), data=data)
        return cast("Errand", Errand.objects.get(pk=errand.pk))

    return make


@pytest.fixture
def office(crew: Crew) -> WorkCalendar:
    """The company's calendar: 9 to 12 and 13 to 18 on weekdays."""
    calendar_seeds.seed()
    calendar = WorkCalendar.objects.get(code="default")
    calendar.set_week(dict.fromkeys(range(5), (Slot(540, 720), Slot(780, 1080))))
    return calendar

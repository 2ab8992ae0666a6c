"""A small cast of people and one university, so that most tests need no set-up of their own.

`cast` are the people, `university` the customer they serve; `new_ticket(**overrides)` records a ticket through the gate
and gives the ticket. All of it stands on the same seeds as an installation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from calendars import seeds as calendar_seeds
from calendars.models import WorkCalendar
from calendars.statutory import company, import_year
from contracts import seeds as contract_seeds
from customers.models import Contact, Organisation, Site
from documents import seeds as document_seeds
from execution import seeds as execution_seeds
from invitations import seeds as invitation_seeds
from knowledge import seeds as knowledge_seeds
from notifications import seeds as notification_seeds
from people import seeds as people_seeds
from people.actors import Actor
from people.models import Department, Region, Role, User
from tests.support.beginnings import Beginning
from tickets import seeds as ticket_seeds
from tickets.models import Channel, IssueSubtype, Severity, Ticket
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow.models import Entry, Record

PASSWORD = "correct horse battery"


@dataclass
class Cast:
    """Who plays: staff of the service department, R&D, finance, and a customer's contact who can log in."""

    specialist: User
    other_specialist: User
    account_manager: User
    engineer: User
    other_engineer: User
    trainer: User
    consultant: User
    rd_engineer: User
    supervisor: User
    director: User
    finance: User
    contact: User
    admin: User

    def everybody(self) -> dict[str, User]:
        """The people by their parts."""
        return dict(vars(self))


@dataclass
class University:
    """The customer: an organisation with a contact and a platform."""

    organisation: Organisation
    contact: Contact
    site: Site
    region: Region
    others: dict[str, Organisation] = field(default_factory=dict)


def seed() -> None:
    """The master data of an installation, but for the public holidays, which are many rows and seldom wanted."""
    calendar = company()["calendar"]
    WorkCalendar.objects.get_or_create(code=calendar["code"], defaults={**calendar, "keeps_holidays": False})
    ours = (contract_seeds, document_seeds, execution_seeds, invitation_seeds)
    for seeds in (people_seeds, calendar_seeds, notification_seeds, ticket_seeds, knowledge_seeds, *ours):
        seeds.seed()


def person(username: str, name: str, *roles: str, department: str = "service", **more: Any) -> User:
    """A colleague with roles."""
    found = Department.objects.get(code=department)
    made = User.objects.create_user(
        username, f"{username}@service.example", PASSWORD, display_name=name, department=found, **more
    )
    made.roles.set(Role.objects.filter(code__in=roles))
    return made


@pytest.fixture
def seeded(db: None) -> None:
    """An installation without people."""
    _SEEDS.begin()


@pytest.fixture
def holidays(seeded: None) -> WorkCalendar:
    """The company's calendar with the public holidays and make-up workdays of 2026."""
    calendar = WorkCalendar.objects.get(code=company()["calendar"]["code"])
    calendar.keeps_holidays = True
    calendar.save()
    import_year(calendar, 2026)
    return calendar


def hire() -> Cast:
    """The people, where the seeds are."""
    director = person("director", "韩总", "service_director")
    supervisor = person("supervisor", "冯主管", "department_head", supervisor=director)
    engineer = person("engineer", "王工", "support_engineer", supervisor=supervisor)
    engineer.regions.set(Region.objects.filter(code="north"))
    trainer = person("trainer", "陈培训", "trainer", supervisor=supervisor)
    trainer.regions.set(Region.objects.filter(code="north"))
    contact = User.objects.create_user(
        "contact", "zhang@pku.example", PASSWORD, display_name="张老师", is_customer=True
    )
    return Cast(
        specialist=person("specialist", "李专员", "customer_specialist", supervisor=supervisor),
        other_specialist=person("specialist2", "赵专员", "customer_specialist", supervisor=supervisor),
        account_manager=person("manager", "周经理", "account_manager", supervisor=director),
        engineer=engineer,
        other_engineer=person("engineer2", "吴工", "support_engineer", supervisor=supervisor),
        trainer=trainer,
        consultant=person("consultant", "孙顾问", "consultant", supervisor=supervisor),
        rd_engineer=person("rd", "钱研发", "rd_engineer", department="rd"),
        supervisor=supervisor,
        director=director,
        finance=person("finance", "郑财务", "finance", department="finance"),
        contact=contact,
        admin=person("admin", "管理员", "system_admin", is_staff=True, is_superuser=True),
    )


def enrol(cast: Cast) -> University:
    """The customer whom the cast serves."""
    region = Region.objects.get(code="north")
    organisation = Organisation.objects.create(
        name="北京大学", short_name="北大", region=region, account_manager=cast.account_manager, city="北京"
    )
    contact = Contact.objects.create(
        organisation=organisation,
        name="张老师",
        phone="010-62751234",
        email="zhang@pku.example",
        primary=True,
        user=cast.contact,
    )
    site = Site.objects.create(organisation=organisation, name="教学网", product="教学管理平台", version="9.1")
    return University(organisation, contact, site, region)


def recorder(cast: Cast, university: University) -> Callable[..., Ticket]:
    """Record a ticket: a technical fault, general, by hotline, accepted by the specialist, unless said otherwise.

    `by` is who records it; `severity`, `subtype` and `channel` may be codes; all else is what the form asks for.
    """

    def record(*, by: User | None = None, files: Any = None, **overrides: Any) -> Ticket:
        ticket = Ticket()
        said = ticket_data(university) | {name: _meant(name, value) for name, value in overrides.items()}
        act(ticket, "record", by or cast.specialist, files=files, **said)
        return ticket

    return record


_SEEDS, _PEOPLE = Beginning(seed), Beginning(hire)


@pytest.fixture
def cast(seeded: None) -> Cast:
    """The people."""
    return _PEOPLE.begin()


@pytest.fixture
def university(cast: Cast) -> University:
    """The customer."""
    return enrol(cast)


@pytest.fixture
def new_ticket(cast: Cast, university: University) -> Callable[..., Ticket]:
    """Record a ticket, as `recorder` says."""
    return recorder(cast, university)


def ticket_data(university: University) -> dict[str, Any]:
    """What is said when a usual ticket is recorded."""
    return {
        "customer": university.organisation.pk,
        "contact": university.contact.pk,
        "channel": Channel.objects.get(code="hotline").pk,
        "severity": Severity.objects.get(code="general").pk,
        "subtype": IssueSubtype.objects.get(code="fault").pk,
        "title": "教学平台无法登录",
        "body": "老师登录后出现空白页。",
    }


_WORDS: Mapping[str, Any] = {"severity": Severity, "subtype": IssueSubtype, "channel": Channel}


def _meant(name: str, value: Any) -> Any:
    return _WORDS[name].objects.get(code=value).pk if name in _WORDS and isinstance(value, str) and value else value


def act(record: Record, verb: str, by: User | Actor | None, *, files: Any = None, **said: Any) -> Entry:
    """Perform a verb as somebody (None: the system) and bring the given record up to date."""
    actor = by if isinstance(by, Actor) else Actor(by, channel="web" if by else "system")
    data = {name: _meant(name, value) for name, value in said.items()}
    entry = perform(record, verb, actor=actor, data=data, files=files)
    record.refresh_from_db()
    return entry

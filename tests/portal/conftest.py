"""Browsers of the portal: a contact of the university, a colleague of theirs, and somebody of another university."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict

from core import clock
from customers.models import Contact, Organisation, Site
from people.models import User
from tests.cast import PASSWORD, Cast, University, act
from tickets.models import IssueSubtype, Severity, Ticket
from workflow.models import Attachment, Entry, Record

if TYPE_CHECKING:
    from collections.abc import Callable

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


class Browser(Client):
    """Somebody's browser, which reads pages and fills in forms as they stand there."""

    def read(self, url: str) -> str:
        """The text of a page."""
        answer = self.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.content.decode()

    def send(self, url: str, page: str | None = None, **said: Any) -> Any:
        """Fill in the form that goes to an address, with the hidden fields that its page has."""
        text = self.read(page or url)
        form = next(f for f in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'action="{url}"' in f)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        return self.post(url, {**hidden, **said})


def browser_of(user: User) -> Browser:
    """A browser in which somebody is logged in."""
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def home(university: University, cast: Cast) -> Browser:
    """The university's contact."""
    return browser_of(cast.contact)


def contact_with_login(organisation: Organisation, name: str, username: str) -> User:
    """One more contact who can log in."""
    user = User.objects.create_user(username, f"{username}@edu.example", PASSWORD, display_name=name, is_customer=True)
    Contact.objects.create(organisation=organisation, name=name, phone="010-62759999", user=user)
    return user


@pytest.fixture
def colleague(university: University) -> Browser:
    """Another contact of the same university."""
    return browser_of(contact_with_login(university.organisation, "王老师", "wang"))


@pytest.fixture
def elsewhere(university: University) -> Organisation:
    """Another university, with a platform."""
    made = Organisation.objects.create(name="清华大学", region=university.region)
    Site.objects.create(organisation=made, name="清华教学网")
    return made


@pytest.fixture
def stranger(elsewhere: Organisation) -> Browser:
    """The contact of another university."""
    return browser_of(contact_with_login(elsewhere, "刘老师", "liu"))


@pytest.fixture
def issue(seeded: None) -> dict[str, Any]:
    """What a customer writes into the form."""
    return {
        "title": "成绩册打不开",
        "body": "点击成绩册后出现错误 500。",
        "severity": Severity.objects.get(code="urgent").pk,
        "about": f"subtype-{IssueSubtype.objects.get(code='fault').pk}",
        "phone": "010-62751234",
        "email": "zhang@pku.example",
    }


@pytest.fixture
def waiting(new_ticket: Callable[..., Ticket], cast: Cast) -> Ticket:
    """A ticket that waits for the customer's answer."""
    ticket = worked_on(new_ticket(), cast)
    act(ticket, "wait_for_customer", cast.engineer, asked="请提供出错页面的截图")
    return ticket


@pytest.fixture
def resolved(new_ticket: Callable[..., Ticket], cast: Cast) -> Ticket:
    """A ticket that has been resolved, and waits for the customer's confirmation."""
    ticket = worked_on(new_ticket(), cast)
    act(ticket, "resolve", cast.engineer, method="重建索引", course="内部过程SECRET-COURSE", result="已恢复")
    return ticket


def worked_on(ticket: Ticket, cast: Cast) -> Ticket:
    """Dispatched to the engineer, who has got in touch."""
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    act(
        ticket,
        "respond",
        cast.engineer,
        contacted_by=ticket.channel_id,
        way="远程检查日志",
        expected_at=in_two_days(),
        measures="内部措施SECRET-MEASURES",
    )
    return ticket


def in_two_days() -> str:
    """A promise, as it is typed."""
    return f"{clock.local(clock.now() + timedelta(days=2)):%Y-%m-%dT%H:%M}"


def footprint() -> list[Any]:
    """What an act would have left behind."""
    return [list(model.objects.order_by("pk").values()) for model in (Record, Entry, Attachment)]


def picture(name: str = "error.png") -> SimpleUploadedFile:
    """A picture as a phone sends it."""
    return SimpleUploadedFile(name, PNG, "image/png")


def page_of(ticket: Ticket, verb: str = "") -> str:
    """The address of a ticket in the portal."""
    return f"/portal/issues/{ticket.number}/{verb}/" if verb else f"/portal/issues/{ticket.number}/"


def files(*uploads: SimpleUploadedFile) -> Any:
    """Uploads, as a request carries them."""
    return MultiValueDict({"files": list(uploads)})

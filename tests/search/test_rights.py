"""Nobody finds what they may not see; customers find their own, and of that what was said to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.models import Contact, Organisation
from people.models import User
from search.asking import asked
from search.finding import find, matching
from search.models import Document
from tests.cast import act
from workflow import outbox
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tickets.models import Ticket
    from workflow.forms import VerbForm

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OF_CUSTOMERS = ("ticket", "attachment")


def found(user: User, words: str) -> set[int]:
    """The records that somebody finds."""
    groups = find(user, asked(words), shown=100).groups
    return {hit.record_id for group in groups for hit in group.hits if hit.record_id is not None}


def found_outside(user: User, words: str) -> set[int]:
    """The records that a customer finds in the portal."""
    keys = matching(user, asked(words), OF_CUSTOMERS).values("record_id")
    return set(Record.objects.for_actor(user).filter(pk__in=keys).values_list("pk", flat=True))


def files(name: str, content: bytes) -> dict[str, Any]:
    return {"files": [SimpleUploadedFile(name, content)]}


def test_each_member_of_the_staff_finds_exactly_what_the_lists_show_them(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    mine, other = new_ticket(title="卡顿一"), new_ticket(title="卡顿二")
    act(mine, "copy_to", cast.specialist, people=[cast.finance.pk])
    for person in cast.everybody().values():
        if not person.is_customer:
            seen = set(Record.objects.for_actor(person).values_list("pk", flat=True))
            assert found(person, "卡顿") == seen & {mine.pk, other.pk}, person
    assert found(cast.finance, "卡顿") == {mine.pk}
    assert found(cast.rd_engineer, "卡顿") == set()


def test_counts_tell_nothing_of_what_is_hidden(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket(title="卡顿")
    assert find(cast.finance, asked("卡顿")).groups == []


def test_a_file_is_found_only_with_its_record(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    act(ticket, "attach", cast.engineer, files=files("日志.txt", "内存溢出".encode()))
    Document.objects.filter(kind="attachment").update(
        folded="日志.txt\n内存溢出", pieces={"=attachment", "内存", "溢出"}
    )
    assert found(cast.engineer, "溢出") == {ticket.pk}
    assert found(cast.finance, "溢出") == set()


@pytest.fixture
def foreigner(university: University) -> User:
    elsewhere = Organisation.objects.create(name="清华大学", region=university.region)
    user = User.objects.create_user("foreign", display_name="外校老师", is_customer=True)
    Contact.objects.create(organisation=elsewhere, name="外校老师", phone="010-1", user=user)
    return user


@pytest.fixture
def full_of_secrets(cast: Cast, new_ticket: Callable[..., Ticket]) -> Ticket:
    ticket = new_ticket(title="直播卡顿", body="上课时直播断断续续")
    act(ticket, "note", cast.engineer, text="客户脾气不好 qx")
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk, text="内部派单")
    act(ticket, "attach", cast.engineer, files=files("机密.txt", b"x"), text="内部附件")
    return ticket


def test_a_customer_finds_their_own_and_nobody_else_does(cast: Cast, full_of_secrets: Ticket, foreigner: User) -> None:
    for words in ("直播", "断断续续", "直播 上课", full_of_secrets.number, full_of_secrets.number[-4:], "卡"):
        assert found_outside(cast.contact, words) == {full_of_secrets.pk}, words
        assert found_outside(foreigner, words) == set(), words


def test_a_customer_finds_nothing_that_colleagues_said_among_themselves(cast: Cast, full_of_secrets: Ticket) -> None:
    for words in ("脾气", "派单", "内部", "机密", "王工", "qx", "脾气 直播", "直播 qx"):
        assert found(cast.engineer, words) == {full_of_secrets.pk}, words
        assert found_outside(cast.contact, words) == set(), words


def test_a_public_file_is_found_by_the_customer_and_an_internal_one_is_not(
    cast: Cast, new_ticket: Callable[..., Ticket], django_capture_on_commit_callbacks: Any
) -> None:
    ticket = new_ticket(files=files("截图说明.txt", "公开的报错文字".encode()))
    act(ticket, "attach", cast.engineer, files=files("内部.txt", "内部的分析结论".encode()))
    with django_capture_on_commit_callbacks(execute=True):
        outbox.drain()
    assert found_outside(cast.contact, "报错文字") == {ticket.pk}
    assert found_outside(cast.contact, "分析结论") == set()
    assert found(cast.engineer, "分析结论") == {ticket.pk}


def test_the_portal_lists_what_was_found_and_only_that(cast: Cast, full_of_secrets: Ticket, foreigner: User) -> None:
    for user, words, there in (
        (cast.contact, "断断续续", True),
        (cast.contact, "脾气", False),
        (foreigner, "直播", False),
    ):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/portal/", {"q": words}).content.decode()
        assert (full_of_secrets.number in page) is there, words


def test_what_is_secret_never_reaches_the_index(
    cast: Cast, new_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow import registry

    form: type[VerbForm] = registry.get("ticket").forms["note"]
    monkeypatch.setattr(form, "secret", ("text",))
    ticket = new_ticket()
    act(ticket, "note", cast.engineer, text="口令是 hunter2000")
    assert found(cast.engineer, "hunter2000") == set()
    assert not Document.objects.filter(folded__contains="hunter").exists()

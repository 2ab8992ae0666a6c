"""The intake page, through the browser's door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.cast import ticket_data
from tickets.models import IssueSubtype, Severity, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.cast import Cast, University

NEW = "/ticket/new/"


@pytest.fixture
def desk(client: Client, cast: Cast, university: University) -> Client:
    client.force_login(cast.specialist)
    return client


def posted(university: University, **more: Any) -> dict[str, str]:
    said = ticket_data(university) | {"key": "", "ending": "dispatch"} | more
    return {name: str(value) for name, value in said.items()}


def test_the_page_shows_the_criteria_of_each_severity(desk: Client) -> None:
    page = desk.get(NEW).content.decode()
    for severity in Severity.objects.all():
        assert severity.criterion_zh in page


def test_the_page_keeps_the_order_of_a_telephone_call(desk: Client) -> None:
    page = desk.get(NEW).content.decode()
    names = ["customer_text", "contact_text", "phone", "channel", "severity", "issue_type", "title", "body"]
    places = [page.index(f'name="{name}"') for name in names]
    assert places == sorted(places)


def test_save_and_dispatch_records_and_gives_it_to_whom_the_routing_proposes(
    desk: Client, cast: Cast, university: University
) -> None:
    answer = desk.post(NEW, posted(university))
    ticket = Ticket.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("desk:record", args=["ticket", ticket.number])
    assert (ticket.state, ticket.handler) == ("dispatched", cast.engineer)
    assert ticket.specialist == cast.specialist


def test_a_handler_named_at_intake_is_taken(desk: Client, cast: Cast, university: University) -> None:
    desk.post(NEW, posted(university, handler=cast.other_engineer.pk))
    assert Ticket.objects.get().handler == cast.other_engineer


def test_save_only_leaves_it_for_later(desk: Client, university: University) -> None:
    desk.post(NEW, posted(university, ending="save"))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.handler) == ("recorded", None)


@pytest.mark.rule("TKT-06")
def test_a_basic_question_is_answered_at_intake_without_dispatch(
    desk: Client, cast: Cast, university: University
) -> None:
    desk.post(NEW, posted(university, ending="answer", method="电话指导", result="已能登录"))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.handler) == ("resolved", cast.specialist)
    assert (ticket.method, ticket.result) == ("电话指导", "已能登录")
    assert [entry.verb for entry in ticket.entries.order_by("seq")] == ["record", "answer_at_once"]


def test_an_answer_that_is_not_given_undoes_the_recording_and_says_so_at_its_field(
    desk: Client, university: University
) -> None:
    answer = desk.post(NEW, posted(university, ending="answer", method="电话指导"))
    assert answer.status_code == 422
    assert not Ticket.objects.exists()
    form = answer.context["form"]
    assert "TKT-27" in str(form.errors["result"])
    assert "教学平台无法登录" in answer.content.decode()


def test_what_was_typed_stays_when_the_customer_is_not_chosen(desk: Client, university: University) -> None:
    answer = desk.post(NEW, posted(university, customer="", customer_text="南京大学", contact=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="南京大学"' in page
    assert "老师登录后出现空白页。" in page
    assert not Ticket.objects.exists()


def test_a_name_typed_in_full_is_taken_as_chosen(desk: Client, university: University) -> None:
    desk.post(NEW, posted(university, customer="", customer_text="北大"))
    assert Ticket.objects.get().customer == university.organisation


def test_the_same_press_twice_makes_one_ticket(desk: Client, university: University) -> None:
    key = "0123456789abcdef" * 2
    for _ in range(2):
        answer = desk.post(NEW, posted(university, key=key))
        assert answer.status_code == 302
    assert Ticket.objects.count() == 1


def test_only_who_may_record_sees_the_page(client: Client, cast: Cast, university: University) -> None:
    client.force_login(cast.finance)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, posted(university)).status_code == 403
    assert not Ticket.objects.exists()


def test_a_damaged_choice_is_refused_at_its_field_and_nothing_breaks(desk: Client, university: University) -> None:
    for name in ("customer", "contact", "channel", "severity", "issue_type", "subtype", "site", "handler"):
        for value in ("0", "-1", "abc", "9" * 30, "1e3", "<script>"):
            answer = desk.post(NEW, posted(university, **{name: value}))
            assert answer.status_code == 422, (name, value)
            assert name in answer.context["form"].errors, (name, value)
    assert not Ticket.objects.exists()


def test_hostile_text_is_stored_as_it_is_and_shown_as_text(desk: Client, university: University) -> None:
    hostile = "<script>alert(1)</script> \u202eabc\u200b 😀 ' OR 1=1 --"
    desk.post(NEW, posted(university, title=hostile, body=hostile * 3))
    ticket = Ticket.objects.get()
    assert ticket.title == hostile
    page = desk.get(reverse("desk:record", args=["ticket", ticket.number])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_similar_open_tickets_are_found_while_typing(
    desk: Client, university: University, new_ticket: Callable[..., Ticket]
) -> None:
    old = new_ticket(title="成绩册导出失败")
    asked: dict[str, str] = {"kind": "ticket", "customer": str(university.organisation.pk), "title": "成绩册打不开"}
    page = desk.get("/find/similar/", asked)
    assert old.number in page.content.decode()


def test_a_subtype_implies_its_type(desk: Client, university: University) -> None:
    desk.post(NEW, posted(university, subtype=IssueSubtype.objects.get(code="renewal").pk))
    assert Ticket.objects.get().issue_type.code == "requirement"

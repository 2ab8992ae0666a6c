"""A duplicate is merged: it ends, the other ticket goes on for both, and nobody is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from customers.models import Contact, Organisation
from notifications.models import MessageTemplate, Notice, Sending
from people.models import Substitution
from tests.cast import act
from tests.tickets.test_work import response as answer
from tickets.flow import State
from tickets.models import Ticket
from workflow import outbox, sweep
from workflow.explain import explain
from workflow.models import Deadline, Entry, Involvement, Link, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState
from workflow.watching import watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University

    New = Callable[..., Ticket]
    Hold = Callable[[datetime], Any]

pytestmark = pytest.mark.kernel
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
HOUR = timedelta(hours=1)


def clocks(ticket: Ticket, timer: str) -> list[Deadline]:
    """The rounds of a clock."""
    return list(Deadline.objects.filter(record=ticket.pk, timer=timer).order_by("cycle"))


def fault(caught: pytest.ExceptionInfo[InvalidData]) -> str:
    """What stands against it, at the field of the other ticket and nowhere else."""
    errors = caught.value.form.errors
    assert list(errors) == ["merged_into"]
    return str(errors["merged_into"][0])


@pytest.fixture
def two(held_clock: Hold, new_ticket: New, cast: Cast) -> tuple[Ticket, Ticket]:
    """The same trouble, told at ten and at eleven; the second one is worked on."""
    first = new_ticket(title="平台无法登录")
    held_clock(START + HOUR)
    second = new_ticket(title="登录后空白页", by=cast.other_specialist)
    act(second, "dispatch", cast.other_specialist)
    return first, second


def test_a_duplicate_ends_as_merged_and_nothing_waits_for_it_any_more(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    duplicate, survivor = two
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk, text="同一问题")
    survivor.refresh_from_db()
    assert (duplicate.state, duplicate.is_open, duplicate.merged_into_id) == (State.MERGED, False, survivor.pk)
    assert duplicate.closed_at == START + HOUR
    assert not WorkItem.objects.open().filter(record=duplicate.pk).exists()
    outcomes = Deadline.objects.filter(record=duplicate.pk).values_list("outcome", "missed_at").distinct()
    assert set(outcomes) == {("cancelled", None)}, "not needed: neither kept nor missed"
    assert survivor.state == State.DISPATCHED
    assert survivor.is_open


def test_both_tickets_tell_of_it_and_the_other_shows_what_came_in(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    duplicate, survivor = two
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    here, there = Entry.objects.filter(verb="merge").get(), Entry.objects.filter(verb="take_in").get()
    assert (here.record_id, here.actor, here.data["said"]) == (
        duplicate.pk,
        cast.specialist,
        {"merged_into": survivor.number},
    )
    assert (there.record_id, there.actor) == (survivor.pk, cast.specialist)
    said = there.data["said"]
    assert (said["merged"], said["body"], said["contact"]) == (duplicate.number, duplicate.body, "张老师")
    assert there.data["changes"] == {}
    link = Link.objects.get()
    assert (link.one_id, link.other_id, link.relation) == (duplicate.pk, survivor.pk, "merged_into")


def test_a_link_that_said_something_else_says_now_that_they_are_merged(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    duplicate, survivor = two
    act(survivor, "link", cast.engineer, other=duplicate.pk, relation="has_duplicate")
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    assert [link.relation for link in Link.objects.all()] == ["merged_into"]


def test_those_who_read_along_read_along_with_the_other_from_now_on(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    duplicate, survivor = two
    watch(duplicate, cast.trainer)
    act(duplicate, "copy_to", cast.specialist, people=[cast.finance.pk])
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    rows = Involvement.objects.filter(record=survivor.pk, part__in=["watcher", "copied"])
    assert set(rows.values_list("user", "part")) == {(cast.trainer.pk, "watcher"), (cast.finance.pk, "copied")}
    assert Ticket.objects.for_actor(cast.finance).filter(pk=survivor.pk).exists()


def test_the_handler_of_the_other_is_told_and_so_is_who_watched_the_duplicate(
    two: tuple[Ticket, Ticket], cast: Cast
) -> None:
    duplicate, survivor = two
    watch(duplicate, cast.trainer)
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    told = set(Notice.objects.filter(entry__verb__in=["merge", "take_in"]).values_list("recipient", "record"))
    survivor.refresh_from_db()
    assert (survivor.handler_id, survivor.pk) in told
    assert (cast.trainer.pk, duplicate.pk) in told


# --- who has waited longest --------------------------------------------------------------------------------------
@pytest.mark.rule("TKT-16")
def test_the_other_is_answered_in_the_time_of_whoever_has_waited_longest(
    two: tuple[Ticket, Ticket], cast: Cast
) -> None:
    duplicate, survivor = two
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    (response,) = clocks(survivor, "ticket.response")
    assert (response.started_at, response.due_at) == (START, START + 24 * HOUR)
    assert explain(response).recomputed == response.due_at, "the time can be worked out again from what is kept"
    survivor.refresh_from_db()
    assert survivor.due_at is not None
    assert survivor.due_at <= response.due_at
    assert survivor.accepted_at == START + HOUR, "when it was accepted itself stays a fact"


def test_a_later_duplicate_moves_nothing(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    survivor, duplicate = two
    act(duplicate, "merge", cast.other_specialist, merged_into=survivor.pk)
    (response,) = clocks(survivor, "ticket.response")
    assert response.started_at == START


def test_whoever_was_answered_already_does_not_wait_any_more(
    two: tuple[Ticket, Ticket], cast: Cast, held_clock: Hold
) -> None:
    duplicate, survivor = two
    act(duplicate, "dispatch", cast.specialist, handler=cast.engineer.pk)
    act(duplicate, "respond", cast.engineer, **answer())
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    (response,) = clocks(survivor, "ticket.response")
    assert response.started_at == START + HOUR
    (kept,) = clocks(duplicate, "ticket.response")
    assert kept.outcome == "met"


@pytest.mark.rule("TKT-17")
def test_what_was_missed_is_missed_once_where_it_was_missed(held_clock: Hold, new_ticket: New, cast: Cast) -> None:
    duplicate = new_ticket(severity="urgent")
    held_clock(START + 7 * HOUR)
    survivor = new_ticket(severity="urgent")
    held_clock(START + 9 * HOUR)
    sweep.run()
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    (missed,) = clocks(duplicate, "ticket.response")
    (running,) = clocks(survivor, "ticket.response")
    assert (missed.outcome, missed.missed_at) == ("cancelled", START + 8 * HOUR)
    assert (running.started_at, running.due_at, running.missed_at) == (START + 7 * HOUR, START + 15 * HOUR, None)


def test_a_duplicate_of_a_duplicate_hands_its_wait_on(held_clock: Hold, new_ticket: New, cast: Cast) -> None:
    tickets = []
    for hour in range(3):
        held_clock(START + hour * HOUR)
        tickets.append(new_ticket())
    first, second, third = tickets
    act(first, "merge", cast.specialist, merged_into=second.pk)
    act(second, "merge", cast.specialist, merged_into=third.pk)
    (response,) = clocks(third, "ticket.response")
    assert response.started_at == START


# --- what is refused ---------------------------------------------------------------------------------------------
def test_a_ticket_is_not_merged_into_itself_nor_into_one_that_nobody_works_on(
    two: tuple[Ticket, Ticket], cast: Cast, new_ticket: New
) -> None:
    ticket, other = two
    cancelled = new_ticket()
    act(cancelled, "cancel", cast.specialist, reason="误录")
    resolved = new_ticket()
    act(resolved, "answer_at_once", cast.specialist, method="重启", result="好了")
    closed = new_ticket()
    act(closed, "answer_at_once", cast.specialist, method="重启", result="好了")
    act(closed, "confirm", cast.specialist, satisfaction=5)
    merged = new_ticket()
    act(merged, "merge", cast.specialist, merged_into=other.pk)
    said = {}
    for into in (ticket, cancelled, resolved, closed, merged):
        with pytest.raises(InvalidData) as caught:
            act(ticket, "merge", cast.specialist, merged_into=into.pk)
        said[into.pk] = fault(caught)
    assert len(set(said.values())) == 5, "each says what is the matter"
    assert other.number in said[merged.pk]
    ticket.refresh_from_db()
    assert ticket.state == State.RECORDED
    assert Entry.objects.filter(record=ticket.pk).count() == 1


def test_a_circle_cannot_come_about(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    first, second = two
    act(first, "merge", cast.specialist, merged_into=second.pk)
    with pytest.raises(InvalidData) as caught:
        act(second, "merge", cast.other_specialist, merged_into=first.pk)
    assert second.number in fault(caught)


def test_tickets_of_two_customers_are_not_merged(
    two: tuple[Ticket, Ticket], cast: Cast, new_ticket: New, university: University
) -> None:
    elsewhere = Organisation.objects.create(name="别的大学", region=university.region)
    contact = Contact.objects.create(organisation=elsewhere, name="李老师", phone="010-62750000")
    foreign = new_ticket(customer=elsewhere.pk, contact=contact.pk)
    with pytest.raises(InvalidData) as caught:
        act(two[0], "merge", cast.specialist, merged_into=foreign.pk)
    assert foreign.number in fault(caught)
    foreign.refresh_from_db()
    assert (foreign.took_in, foreign.version) == (0, 1)


@pytest.mark.rule("TKT-17")
def test_no_promise_is_made_longer_by_merging(two: tuple[Ticket, Ticket], cast: Cast, new_ticket: New) -> None:
    urgent = new_ticket(severity="urgent")
    with pytest.raises(InvalidData) as caught:
        act(urgent, "merge", cast.specialist, merged_into=two[1].pk)
    assert two[1].number in fault(caught)
    act(two[0], "merge", cast.specialist, merged_into=urgent.pk)
    assert clocks(urgent, "ticket.response")[0].started_at <= clock.now()


def test_only_those_whose_work_it_is_merge(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    for who in (cast.trainer, cast.account_manager, cast.director, cast.rd_engineer, cast.finance, cast.contact):
        with pytest.raises(NotAllowed):
            act(two[0], "merge", who, merged_into=two[1].pk)
    act(two[0], "merge", cast.other_specialist, merged_into=two[1].pk)


def test_who_stands_in_for_the_handler_merges_in_that_name_on_both_sides(
    two: tuple[Ticket, Ticket], cast: Cast
) -> None:
    survivor, duplicate = two  # the second one is with the engineer
    Substitution.objects.create(
        principal=duplicate.handler, substitute=cast.consultant, starts_at=START, ends_at=START + 9 * HOUR
    )
    act(duplicate, "merge", cast.consultant, merged_into=survivor.pk)
    rows = Entry.objects.filter(verb__in=["merge", "take_in"])
    assert set(rows.values_list("actor", "on_behalf_of")) == {(cast.consultant.pk, duplicate.handler_id)}


def test_nobody_takes_in_what_nobody_merges(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    for who in (cast.specialist, cast.director, None):
        with pytest.raises((NotAllowed, WrongState)):
            act(two[1], "take_in", who, merged=two[0].number, title="x", body="y")


@pytest.mark.rule("OFH-08")
def test_an_emergency_is_not_merged_but_takes_in_who_calls_about_it_too(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    ticket, emergency = two
    Ticket.objects.filter(pk=emergency.pk).update(emergency=True, product_related=True, major_failure=True)
    with pytest.raises(Missing):
        act(emergency, "merge", cast.other_specialist, merged_into=ticket.pk)
    act(ticket, "merge", cast.specialist, merged_into=emergency.pk)
    assert ticket.state == State.MERGED


# --- the customer ------------------------------------------------------------------------------------------------
def test_whoever_reported_the_duplicate_is_written_to_and_hears_of_the_other_from_now_on(
    two: tuple[Ticket, Ticket], cast: Cast, new_ticket: New, university: University
) -> None:
    assert MessageTemplate.objects.filter(code="merged", active=True).exists()
    other = Contact.objects.create(organisation=university.organisation, name="王老师", email="wang@pku.example")
    duplicate = new_ticket(contact=other.pk, email="wang@pku.example", phone="")
    survivor = two[1]
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    outbox.drain()
    assert Sending.objects.filter(entry__verb="merge").values_list("address", flat=True).get() == "wang@pku.example"
    act(survivor, "ask_for_details", cast.other_specialist, asked="请提供截图", contacted_by=survivor.channel_id)
    outbox.drain()
    sent = Sending.objects.filter(entry__verb="ask_for_details")
    assert list(sent.order_by("id").values_list("address", flat=True)) == ["zhang@pku.example", "wang@pku.example"]


def test_the_merged_ticket_is_not_taken_up_again(two: tuple[Ticket, Ticket], cast: Cast) -> None:
    duplicate, survivor = two
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    for verb, who in (("reopen", cast.contact), ("reopen", cast.specialist), ("confirm", cast.contact)):
        with pytest.raises(WrongState):
            act(duplicate, verb, who, reason="x", satisfaction=5)

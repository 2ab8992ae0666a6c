"""A second issue inside a ticket becomes a ticket of its own, with a clock of its own, routed like any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from people.actors import Actor
from tests.cast import act
from tickets.flow import State
from tickets.forms import SplitForm
from tickets.models import IssueSubtype, Ticket
from workflow.models import Deadline, Entry, Link
from workflow.refusals import InvalidData, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast, University

    Hold = Callable[[datetime], Any]

pytestmark = pytest.mark.kernel
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
HOUR = timedelta(hours=1)


@pytest.fixture
def origin(held_clock: Hold, new_ticket: Callable[..., Ticket], cast: Cast) -> Ticket:
    """A ticket that is worked on, two hours old."""
    ticket = new_ticket(severity="urgent", phone="010-62751234")
    act(ticket, "dispatch", cast.specialist)
    held_clock(START + 2 * HOUR)
    return ticket


def prefilled(ticket: Ticket, who: User) -> dict[str, Any]:
    """What the form holds when it opens, as it would be sent."""
    form = SplitForm(record=ticket, actor=Actor(who), at=clock.now())
    return {name: value for name, value in form.initial.items() if value not in (None, "")}


def parted(origin: Ticket, who: User, **said: Any) -> Ticket:
    """The ticket that is made by splitting."""
    given = prefilled(origin, who) | {"title": "课件无法上传", "body": "另外，课件上传后一直转码。"} | said
    act(origin, "split", who, **given)
    made: Ticket = Ticket.objects.latest("pk")
    assert made.pk != origin.pk
    return made


def test_the_form_knows_who_asks_and_of_what_kind_it_is_but_not_what_it_is_about(origin: Ticket, cast: Cast) -> None:
    found = prefilled(origin, cast.specialist)
    assert found["customer"] == origin.customer_id
    assert found["contact"] == origin.contact_id
    assert (found["phone"], found["channel"], found["severity"], found["subtype"]) == (
        "010-62751234",
        origin.channel_id,
        origin.severity_id,
        origin.subtype_id,
    )
    assert not {"title", "body"} & set(found)
    with pytest.raises(InvalidData) as caught:
        act(origin, "split", cast.specialist, **found)
    assert set(caught.value.form.errors) == {"title", "body"}
    assert Ticket.objects.count() == 1


@pytest.mark.rule("TKT-17")
def test_the_new_ticket_runs_its_own_clock_from_now_and_is_routed_as_at_intake(origin: Ticket, cast: Cast) -> None:
    made = parted(origin, cast.specialist)
    response = Deadline.objects.get(record=made.pk, timer="ticket.response")
    assert (response.started_at, response.due_at) == (START + 2 * HOUR, START + 10 * HOUR)
    assert made.accepted_at == START + 2 * HOUR
    assert made.state == State.DISPATCHED
    assert made.handler in {cast.engineer, cast.other_engineer}
    old = Deadline.objects.get(record=origin.pk, timer="ticket.response")
    assert old.due_at == START + 8 * HOUR, "the first one keeps its own"


@pytest.mark.rule("TKT-07")
def test_another_type_goes_to_whom_that_type_goes(origin: Ticket, cast: Cast) -> None:
    question = IssueSubtype.objects.filter(issue_type__code="application").first()
    assert question is not None
    made = parted(origin, cast.specialist, subtype=question.pk, issue_type=question.issue_type_id)
    assert made.handler == cast.trainer


@pytest.mark.rule("OFH-13")
def test_at_night_it_is_recorded_and_waits_for_the_morning(origin: Ticket, cast: Cast, held_clock: Hold) -> None:
    held_clock(START + 12 * HOUR)  # 22:00
    made = parted(origin, cast.specialist)
    assert (made.state, made.handler) == (State.RECORDED, None)


def test_both_tickets_name_each_other(origin: Ticket, cast: Cast) -> None:
    made = parted(origin, cast.specialist)
    here = Entry.objects.get(record=origin.pk, verb="linked")
    there = Entry.objects.get(record=made.pk, verb="linked")
    assert here.data["said"] == {"other": made.number, "relation": "split_into"}
    assert there.data["said"] == {"other": origin.number, "relation": "split_from"}
    assert {here.actor, there.actor} == {cast.specialist}
    link = Link.objects.get()
    assert (link.one_id, link.other_id, link.relation) == (made.pk, origin.pk, "split_from")
    told = Entry.objects.get(record=origin.pk, verb="split")
    assert set(told.data["said"]) == {"title", "body"}, "who asks stands on the new one"


@pytest.mark.rule("TKT-22")
def test_what_the_handler_splits_off_is_followed_by_the_same_specialist(origin: Ticket, cast: Cast) -> None:
    assert parted(origin, cast.engineer).specialist == cast.specialist
    origin.refresh_from_db()
    assert parted(origin, cast.other_specialist).specialist == cast.other_specialist


def test_the_second_issue_is_the_same_customers_whatever_is_sent(
    origin: Ticket, cast: Cast, university: University
) -> None:
    assert parted(origin, cast.specialist, customer=987654).customer == university.organisation


def test_a_contact_can_be_named_for_the_first_time(origin: Ticket, cast: Cast) -> None:
    made = parted(origin, cast.specialist, contact="", contact_text="钱老师", phone="010-62759999")
    assert (made.contact.name, made.contact.organisation_id) == ("钱老师", origin.customer_id)


def test_only_those_whose_work_it_is_split(origin: Ticket, cast: Cast) -> None:
    for who in (cast.trainer, cast.account_manager, cast.director, cast.finance, cast.contact):
        with pytest.raises(NotAllowed):
            act(origin, "split", who, title="x", body="y")
    act(origin, "cancel", cast.specialist, reason="误录")
    with pytest.raises(WrongState):
        act(origin, "split", cast.specialist, title="x", body="y")


def test_an_engineer_records_nothing_but_what_is_split_off(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        new_ticket(by=cast.engineer)

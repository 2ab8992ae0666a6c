"""Once an app has said by which process a lane's items are done, they follow its records; here tickets stand for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from customers.models import Organisation
from execution.flow import Lane, State
from execution.flow.lanes import Way, forget, let_do
from execution.services import next_items
from tests.cast import act, ticket_data
from tests.execution.conftest import confirmed, finish, item_of
from tickets.models import Ticket
from workflow import outbox
from workflow.engine import perform
from workflow.models import Entry, OutboxMessage, WorkItem
from workflow.refusals import InvalidData, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from execution.models import Execution, PlanItem
    from people.actors import Actor
    from tests.cast import Cast, University
    from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_tickets(university: University) -> Iterator[None]:
    """Whoever installs, does it by a ticket; neither contracts nor executions were changed for it."""

    def begun(item: PlanItem, actor: Actor) -> Record:
        said = ticket_data(university) | {"title": str(item)}
        return perform(Ticket(), "record", actor=actor, data=said).record

    let_do(Lane.INSTALLATION, Way("ticket", begun, done=("resolved", "closed"), void=("cancelled",)))
    yield
    forget(Lane.INSTALLATION)


def ready(execution: Execution) -> PlanItem:
    """The installation, once nothing stands in its way."""
    finish(execution, Lane.LICENCE, Lane.MONEY, Lane.DELIVERY)
    return item_of(execution, Lane.INSTALLATION)


@pytest.mark.rule("EXE-04")
def test_an_item_is_begun_as_a_record_of_its_process_and_follows_it(
    by_tickets: None, execution: Execution, cast: Cast
) -> None:
    item = ready(execution)
    with pytest.raises(InvalidData) as refusal:
        act(execution, "finish_item", cast.specialist, item=item.pk, done_on="2026-03-02", evidence="装好了")
    assert "请启动该流程" in str(refusal.value)
    act(execution, "begin_process", cast.specialist, item=item.pk)
    item = item_of(execution, Lane.INSTALLATION)
    assert item.progress == "in_progress"
    ticket: Any = Ticket.objects.get(pk=item.record_id or 0)
    assert Entry.objects.filter(record=execution.pk).latest("seq").data["record"] == ticket.number
    assert not WorkItem.objects.open().filter(record=execution.pk, user=cast.specialist).exists(), "it waits there"
    act(ticket, "answer_at_once", cast.specialist, result="装好了", method="远程安装")
    outbox.drain()
    execution.refresh_from_db()
    done = item_of(execution, Lane.INSTALLATION)
    assert (done.progress, str(done.done_on)) == ("done", "2026-03-02")
    entry = Entry.objects.filter(record=execution.pk).latest("seq")
    assert (entry.verb, entry.channel, entry.rules) == ("follow_item", "system", ["EXE-04"])


def test_what_is_told_twice_or_late_moves_an_item_once(by_tickets: None, execution: Execution, cast: Cast) -> None:
    act(execution, "begin_process", cast.specialist, item=ready(execution).pk)
    ticket: Any = Ticket.objects.get(pk=item_of(execution, Lane.INSTALLATION).record_id or 0)
    act(ticket, "answer_at_once", cast.specialist, result="装好了", method="远程安装")
    outbox.drain()
    OutboxMessage.objects.filter(topic="execution.follow").update(done_at=None)
    outbox.drain()
    assert Entry.objects.filter(record=execution.pk, verb="follow_item").count() == 1


def test_a_record_that_comes_to_nothing_leaves_its_item_open(
    by_tickets: None, execution: Execution, cast: Cast
) -> None:
    act(execution, "begin_process", cast.specialist, item=ready(execution).pk)
    ticket: Any = Ticket.objects.get(pk=item_of(execution, Lane.INSTALLATION).record_id or 0)
    act(ticket, "cancel", cast.specialist, reason="客户改期")
    outbox.drain()
    execution.refresh_from_db()
    item = item_of(execution, Lane.INSTALLATION)
    assert (item.progress, item.record_id) == ("open", None)
    act(execution, "begin_process", cast.specialist, item=item.pk)
    assert item_of(execution, Lane.INSTALLATION).record_id != ticket.pk


@pytest.mark.rule("EXE-08")
def test_a_record_reopened_while_serv101_waits_takes_the_confirmation_back(
    by_tickets: None, execution: Execution, cast: Cast
) -> None:
    act(execution, "begin_process", cast.specialist, item=ready(execution).pk)
    ticket: Any = Ticket.objects.get(pk=item_of(execution, Lane.INSTALLATION).record_id or 0)
    act(ticket, "answer_at_once", cast.specialist, result="装好了", method="远程安装")
    outbox.drain()
    execution.refresh_from_db()
    paper = confirmed(execution, cast)
    assert paper.values["execution"][2]["evidence"] == ticket.number
    assert execution.state == State.CONFIRMING
    act(ticket, "reopen", cast.specialist, reason="又坏了")
    outbox.drain()
    execution.refresh_from_db()
    assert execution.state == State.IN_PROGRESS
    assert item_of(execution, Lane.INSTALLATION).progress == "in_progress"


def test_a_record_that_is_there_already_can_be_what_an_item_is_done_by(
    by_tickets: None, execution: Execution, cast: Cast, new_ticket: Callable[..., Ticket], university: University
) -> None:
    item = ready(execution)
    elsewhere = Organisation.objects.create(name="清华大学", region=university.region)
    from customers.models import Contact

    other_contact = Contact.objects.create(organisation=elsewhere, name="李老师", phone="010-62770000")
    foreign = new_ticket(customer=elsewhere.pk, contact=other_contact.pk)
    for other, said in ((foreign.pk, "其他客户"), (execution.carries_out_id, "其他流程")):
        with pytest.raises(InvalidData) as refusal:
            act(execution, "link_process", cast.director, item=item.pk, other=other)
        assert said in str(refusal.value)
    ticket = new_ticket()
    act(ticket, "answer_at_once", cast.specialist, result="装好了", method="远程安装")
    act(execution, "link_process", cast.specialist, item=item.pk, other=ticket.pk)
    assert item_of(execution, Lane.INSTALLATION).progress == "done", "it is as far as its record at once"


def test_as_long_as_nobody_has_a_lane_its_process_cannot_be_begun(execution: Execution, cast: Cast) -> None:
    with pytest.raises(WrongState):
        act(execution, "begin_process", cast.specialist, item=item_of(execution, Lane.LICENCE).pk)


def test_a_lane_has_one_process(by_tickets: None) -> None:
    with pytest.raises(ValueError, match="installation"):
        let_do(Lane.INSTALLATION, Way("article", lambda item, _actor: item, done=("published",)))


def test_an_execution_can_be_played_through_by_asking_what_is_next(execution: Execution, cast: Cast) -> None:
    while steps := next_items(execution):
        item, who = steps[0]
        act(execution, "finish_item", who, item=item.pk, done_on="2026-03-02", evidence="已完成")
    assert execution.open_items == 0
    act(execution, "confirm", cast.account_manager, signed_by="周经理")
    assert execution.state == State.CONFIRMING

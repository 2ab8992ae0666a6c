"""Two people at the same moment: the last two items, one confirmation; copies handed over and facts told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.events import ContractCopied
from execution.flow import Lane, State
from execution.models import Execution, PlanItem
from people.actors import Actor
from reactions.a_copied_contract_goes_into_execution import start
from tests.concurrency.at_once import at_once, sorted_out
from tests.execution.conftest import finish
from workflow.engine import perform
from workflow.models import Entry
from workflow.refusals import InvalidData, Missing, Refused, WrongState

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {"done_on": "2026-03-02", "evidence": "已完成"}


def last_two(execution: Execution) -> list[PlanItem]:
    """Do all but the licence, which is free of what waits for it, and the other promise."""
    finish(execution, Lane.TALKS, Lane.TRAINING, Lane.MONEY, Lane.DELIVERY)
    finish(execution, Lane.LICENCE)
    finish(execution, Lane.INSTALLATION, Lane.ACCEPTANCE, Lane.MONEY)
    perform(
        execution,
        "reopen_item",
        actor=Actor(execution.handler),
        data={"item": execution.plan.of(Lane.LICENCE)[0].pk, "reason": "更正"},
    )
    execution.refresh_from_db()
    return execution.plan.unsettled()


@pytest.mark.rule("EXE-08")
def test_two_owners_finish_the_last_two_items_at_once_and_one_confirmation_follows(
    execution: Execution, cast: Cast
) -> None:
    items = last_two(execution)
    assert len(items) == 2

    def do(number: int) -> Entry:
        item = items[number]
        owner = item.owner
        return perform(execution, "finish_item", actor=Actor(owner), data={"item": item.pk, **SAID})

    done, _none = sorted_out(at_once(2, do))
    assert len(done) == 2
    fresh: Any = Execution.objects.get(pk=execution.pk)
    assert (fresh.open_items, fresh.state) == (0, State.IN_PROGRESS)

    def confirm(_number: int) -> Entry:
        return perform(fresh, "confirm", actor=Actor(cast.account_manager), data={"signed_by": "周经理"})

    done, refused = sorted_out(at_once(3, confirm), WrongState)
    assert (len(done), len(refused)) == (1, 2)
    from documents.models import Document

    assert Document.objects.filter(form="Serv101").count() == 1


def test_the_same_item_is_finished_once(execution: Execution, cast: Cast) -> None:
    item = execution.plan.of(Lane.LICENCE)[0]

    def do(number: int) -> Entry:
        by = (cast.specialist, cast.account_manager)[number % 2]
        return perform(execution, "finish_item", actor=Actor(by), data={"item": item.pk, **SAID})

    done, refused = sorted_out(at_once(4, do), InvalidData)
    assert (len(done), len(refused)) == (1, 3)
    fresh: Any = Execution.objects.get(pk=execution.pk)
    assert fresh.open_items == 9


def test_an_item_is_opened_again_while_all_is_confirmed_and_one_of_the_two_wins(
    execution: Execution, cast: Cast
) -> None:
    finish(execution)
    item = execution.plan.of(Lane.OTHER)[0]

    def do(number: int) -> Entry:
        if number:
            return perform(
                execution, "reopen_item", actor=Actor(cast.director), data={"item": item.pk, "reason": "未做"}
            )
        return perform(execution, "confirm", actor=Actor(cast.account_manager), data={"signed_by": "周经理"})

    _done, refused = sorted_out(at_once(2, do), Missing)
    fresh: Any = Execution.objects.get(pk=execution.pk)
    assert fresh.state == State.IN_PROGRESS, "either it was refused, or it was taken back"
    assert len(refused) <= 1
    assert fresh.open_items == 1


@pytest.mark.rule("EXE-01")
def test_a_fact_told_by_several_at_once_starts_one_execution(execution: Execution) -> None:
    entry = Entry.objects.get(record=execution.carries_out_id, verb="copy_to_service")

    def tell(_number: int) -> None:
        start(ContractCopied(record_id=entry.record_id, entry_id=entry.pk))

    sorted_out(at_once(4, tell), Refused)
    assert Execution.objects.count() == 1

"""An execution begins with the copy of a contract, once, with an item for each thing that the contract promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from contracts.events import ContractCopied
from execution.flow import Lane, State
from execution.models import Execution, PlanItem
from reactions.a_copied_contract_goes_into_execution import start
from tests.cast import act
from tests.contracts.conftest import line_data, walk
from tests.execution.conftest import item_of
from workflow.models import Entry, WorkItem
from workflow.refusals import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.django_db


@pytest.mark.rule("CON-24", "EXE-01")
def test_the_copy_of_a_contract_starts_its_execution(copied: Callable[..., Execution], cast: Cast) -> None:
    execution = copied()
    assert execution.state == State.STARTED
    assert execution.number.startswith("ZX-")
    assert execution.customer == execution.carries_out.customer
    assert execution.handler == cast.account_manager
    assert execution.parent_id == execution.carries_out_id
    assert execution.stuck_since == execution.created_at
    entry = Entry.objects.get(record=execution.pk, verb="start")
    assert entry.actor is not None
    assert entry.actor.username == "ops", "whoever handed the copy over has started it"
    assert entry.rules == ["CON-24", "EXE-01"]


@pytest.mark.rule("EXE-01")
def test_a_fact_that_is_told_twice_starts_one_execution(copied: Callable[..., Execution]) -> None:
    execution = copied()
    entry = Entry.objects.get(record=execution.carries_out_id, verb="copy_to_service")
    start(ContractCopied(record_id=entry.record_id, entry_id=entry.pk))
    assert Execution.objects.count() == 1


@pytest.mark.rule("EXE-01")
def test_what_is_refused_here_leaves_the_copy_unmade(
    copied: Callable[..., Execution],
    new_contract: Callable[..., Any],
    signers: Signers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contract = walk(new_contract(), signers, to="effective")

    def fails(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Execution, "_begin", fails)
    with pytest.raises(RuntimeError):
        act(contract, "copy_to_service", signers.sales_ops, copied_on="2026-03-02")
    contract.refresh_from_db()
    assert contract.copied_on is None
    assert not Entry.objects.filter(verb="copy_to_service").exists()


@pytest.mark.rule("EXE-01")
def test_a_specialist_takes_it_up_and_owns_what_is_theirs(copied: Callable[..., Execution], cast: Cast) -> None:
    execution = copied()
    assert WorkItem.objects.open().get(record=execution.pk).role == "customer_specialist"
    with pytest.raises(NotAllowed):
        act(execution, "take_up", cast.engineer)
    act(execution, "take_up", cast.specialist)
    assert execution.state == State.IN_PROGRESS
    assert execution.specialist == cast.specialist
    owners = {item.lane: item.owner for item in execution.plan.items}
    theirs = {Lane.LICENCE, Lane.DELIVERY, Lane.INSTALLATION}
    assert {lane for lane, owner in owners.items() if owner == cast.specialist} == theirs
    assert {owner for lane, owner in owners.items() if lane not in theirs} == {cast.account_manager}


@pytest.mark.rule("EXE-08")
def test_each_promise_and_each_instalment_becomes_an_item(copied: Callable[..., Execution]) -> None:
    execution = copied()
    lanes = [item.lane for item in execution.plan.items]
    assert lanes == [
        *("licence", "delivery", "installation", "talks", "training", "training", "acceptance", "other"),
        *("money", "money"),
    ]
    assert (execution.open_items, execution.all_items) == (10, 10)
    first, rest = execution.plan.of(Lane.MONEY)
    assert (first.title, str(first.amount), str(first.due_on)) == ("30%", "30000.00", "2026-03-17")
    assert (str(rest.amount), rest.due_on, rest.after, rest.days) == ("70000.00", None, "acceptance", 30)


def test_what_a_contract_does_not_say_itself_its_lines_imply(copied: Callable[..., Execution]) -> None:
    lines = [
        line_data(),
        {"description": "管理员培训", "training_days": "2", "price": "5000"},
        {"description": "数据迁移服务", "price": "3000"},
    ]
    payments = [{"kind": "full", "share": "100", "after": "installation", "days": 10}]
    execution = copied(lines=lines, promises=[], payments=payments, develops="on", development="对接教务系统")
    with override("zh-hans"):
        said = {(item.lane, item.name) for item in execution.plan.items}
    assert (Lane.TRAINING, "管理员培训") in said
    assert (Lane.OTHER, "数据迁移服务") in said
    assert (Lane.OTHER, "二次开发") in said
    licence = item_of(execution, Lane.LICENCE)
    assert "50 用户" in licence.agreed
    assert "12 个月" in licence.agreed
    assert [lane for lane in Lane if not execution.plan.of(lane)] == []


def test_a_renewal_is_a_licence_and_its_money(copied: Callable[..., Execution]) -> None:
    payments = [{"kind": "full", "share": "100", "after": "", "due_on": "2026-04-01"}]
    execution = copied(business="annual_renewal", promises=[], payments=payments)
    assert [item.lane for item in execution.plan.items] == [Lane.LICENCE, Lane.MONEY]


def test_an_amendment_in_force_changes_what_is_to_be_done(
    execution: Execution, new_contract: Callable[..., Any], signers: Signers, cast: Cast
) -> None:
    licence = item_of(execution, Lane.LICENCE)
    act(execution, "finish_item", cast.specialist, item=licence.pk, done_on="2026-03-02", evidence="许可批复")
    promises = [
        {"lane": "licence", "title": "产品使用许可"},
        {"lane": "delivery", "title": "安装介质", "due_on": "2026-05-15"},
        {"lane": "installation", "title": "安装到客户服务器"},
    ]
    amendment = new_contract(
        amends=execution.carries_out_id, promises=promises, form="supplement", change="major", proposed_by="客户"
    )
    act(amendment, "record_consent", amendment.handler, agreed_on="2026-03-02", agreed_by="张老师")
    act(amendment, "hand_in", amendment.handler)
    act(amendment, "classify", signers.sales_ops, change="major")
    walk(amendment, signers, to="effective")
    execution.refresh_from_db()
    assert item_of(execution, Lane.LICENCE).pk == licence.pk
    assert item_of(execution, Lane.LICENCE).progress == "done", "what has been done stays done"
    assert str(item_of(execution, Lane.DELIVERY).due_on) == "2026-05-15"
    dropped = execution.plan.of(Lane.TRAINING)
    assert {item.progress for item in dropped} == {"waived"}
    assert amendment.number in dropped[0].waiver
    assert Entry.objects.filter(record=execution.pk, verb="amend").count() == 1
    act(amendment, "copy_to_service", signers.sales_ops, copied_on="2026-03-02")
    assert Execution.objects.count() == 1, "an amendment is no contract of its own"


def test_with_its_contract_an_execution_ends(execution: Execution, cast: Cast) -> None:
    contract: Any = execution.carries_out
    act(contract, "terminate", cast.director, reason="客户停办", terminated_on="2026-03-02")
    execution.refresh_from_db()
    assert execution.state == State.TERMINATED
    assert execution.stuck_since is None
    assert not WorkItem.objects.open().filter(record=execution.pk).exists()
    assert PlanItem.objects.filter(execution=execution, progress="open").exists(), "what was not done is not made up"

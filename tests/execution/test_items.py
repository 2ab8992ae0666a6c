"""Items are done by those whose they are, with evidence, in their order; only the service director waives one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from execution.flow import Lane, State
from execution.models import Execution, PlanItem
from notifications.models import Notice
from tests.cast import act, person
from tests.execution.conftest import finish, item_of
from workflow import sweep
from workflow.models import Attachment, Deadline, Entry, Firing, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
DONE = {"done_on": "2026-03-02", "evidence": "许可批复 LIC-1"}


def refused(execution: Execution, verb: str, by: User, lane: str, **said: Any) -> str:
    """What the form says against an act on an item of a lane; nothing has changed."""
    before = list(PlanItem.objects.filter(execution=execution).values())
    with pytest.raises(InvalidData) as refusal:
        act(execution, verb, by, item=item_of(execution, lane).pk, **said)
    execution.refresh_from_db()
    assert list(PlanItem.objects.filter(execution=execution).values()) == before
    return str(refusal.value)


def unblocked(execution: Execution, lane: str) -> None:
    """Do what comes before a lane."""
    while first := execution.plan.blockers(item_of(execution, lane)):
        ready = [item for item in first if not execution.plan.blockers(item)] or execution.plan.ready()
        finish(execution, ready[0].lane)


@pytest.mark.parametrize(
    ("lane", "part", "rule"),
    [
        pytest.param(Lane.LICENCE, "specialist", "EXE-02", marks=pytest.mark.rule("EXE-02")),
        pytest.param(Lane.DELIVERY, "specialist", "EXE-03", marks=pytest.mark.rule("EXE-03")),
        pytest.param(Lane.INSTALLATION, "specialist", "EXE-04", marks=pytest.mark.rule("EXE-04")),
        pytest.param(Lane.TALKS, "account_manager", "EXE-05", marks=pytest.mark.rule("EXE-05")),
        pytest.param(Lane.TRAINING, "account_manager", "EXE-06", marks=pytest.mark.rule("EXE-06")),
        pytest.param(Lane.ACCEPTANCE, "account_manager", "EXE-07", marks=pytest.mark.rule("EXE-07")),
    ],
)
def test_an_item_is_done_by_whom_the_handbook_names_and_by_nobody_of_the_others(
    execution: Execution, cast: Cast, lane: str, part: str, rule: str
) -> None:
    owner: User = getattr(cast, part)
    assert {item.owner for item in execution.plan.of(lane)} == {owner}
    unblocked(execution, lane)
    for other in (cast.engineer, cast.other_specialist, cast.finance):
        with pytest.raises(NotAllowed):
            act(execution, "finish_item", other, item=item_of(execution, lane).pk, **DONE)
    if part == "account_manager":
        assert "由周经理负责" in refused(execution, "finish_item", cast.specialist, lane, **DONE)
    act(execution, "finish_item", owner, item=item_of(execution, lane).pk, **DONE)
    done = item_of(execution, lane)
    assert (done.progress, str(done.done_on), done.done_by, done.evidence) == (
        "done",
        "2026-03-02",
        owner,
        "许可批复 LIC-1",
    )
    assert Entry.objects.filter(record=execution.pk, verb="finish_item").latest("seq").rules == [rule]


@pytest.mark.rule("EXE-08")
def test_what_is_done_by_hand_needs_its_evidence_and_a_day_that_has_come(execution: Execution, cast: Cast) -> None:
    by = cast.specialist
    assert "凭证" in refused(execution, "finish_item", by, Lane.LICENCE, done_on="2026-03-02", evidence=" ")
    assert "还没有到" in refused(execution, "finish_item", by, Lane.LICENCE, done_on="2026-03-03", evidence="x")
    assert "才生效" in refused(execution, "finish_item", by, Lane.LICENCE, done_on="2026-03-01", evidence="x")
    with pytest.raises(InvalidData):
        act(execution, "finish_item", by, item="999999", **DONE)
    with pytest.raises(InvalidData):
        act(execution, "finish_item", by, item="no number", **DONE)


def test_evidence_brings_its_papers_along(execution: Execution, cast: Cast) -> None:
    file = SimpleUploadedFile("批复.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "application/pdf")
    item = item_of(execution, Lane.LICENCE).pk
    act(execution, "finish_item", cast.specialist, item=item, files=MultiValueDict({"files": [file]}), **DONE)
    assert Attachment.objects.get(record=execution.pk).name == "批复.pdf"


@pytest.mark.rule("DLV-01")
def test_what_waits_for_something_else_is_refused_and_says_for_what(execution: Execution, cast: Cast) -> None:
    said = refused(execution, "finish_item", cast.specialist, Lane.DELIVERY, **DONE)
    assert "首付款" in said
    assert "周经理" in said, "whose it is, is said too"
    assert "验收" not in said
    first = execution.plan.of(Lane.MONEY)[0]
    act(execution, "finish_item", cast.account_manager, item=first.pk, done_on="2026-03-02", evidence="财务确认到账")
    act(execution, "finish_item", cast.specialist, item=item_of(execution, Lane.DELIVERY).pk, **DONE)
    assert item_of(execution, Lane.DELIVERY).is_settled


@pytest.mark.rule("DLV-01")
def test_a_contract_can_let_something_go_ahead_for_a_reason(execution: Execution, cast: Cast) -> None:
    delivery = item_of(execution, Lane.DELIVERY).pk
    with pytest.raises(NotAllowed):
        act(execution, "free_item", cast.specialist, item=delivery, reason="合同第五条")
    with pytest.raises(InvalidData):
        act(execution, "free_item", cast.account_manager, item=delivery, reason="")
    act(execution, "free_item", cast.account_manager, item=delivery, reason="合同第五条:签约即交付")
    assert "DLV-01" in Entry.objects.filter(record=execution.pk).latest("seq").rules
    act(execution, "finish_item", cast.specialist, item=delivery, **DONE)
    assert item_of(execution, Lane.DELIVERY).freed == "合同第五条:签约即交付"


def test_installation_waits_for_licence_and_delivery_and_acceptance_for_both_trainings(execution: Execution) -> None:
    plan = execution.plan

    def first(lane: str) -> set[str]:
        return {item.lane for item in plan.blockers(plan.of(lane)[0])}

    assert first(Lane.INSTALLATION) == {"licence", "delivery"}
    assert first(Lane.TRAINING) == {"talks"}
    assert first(Lane.ACCEPTANCE) == {"installation", "training"}
    assert first(Lane.LICENCE) == first(Lane.TALKS) == first(Lane.OTHER) == set()
    assert {item.lane for item in plan.blockers(plan.of(Lane.MONEY)[1])} == {"acceptance"}


@pytest.mark.rule("EXE-08")
def test_only_the_service_director_waives_an_item_and_says_why(execution: Execution, cast: Cast, signers: Any) -> None:
    other = item_of(execution, Lane.OTHER).pk
    for by in (
        cast.account_manager,
        cast.specialist,
        cast.supervisor,
        signers.vice_president,
        cast.admin,
        cast.engineer,
    ):
        with pytest.raises(NotAllowed):
            act(execution, "waive_item", by, item=other, reason="客户不需要")
    assert "请说明原因" in refused(execution, "waive_item", cast.director, Lane.OTHER, reason="")
    act(execution, "waive_item", cast.director, item=other, reason="客户书面放弃")
    waived = item_of(execution, Lane.OTHER)
    assert (waived.progress, waived.waiver, waived.waived_by) == ("waived", "客户书面放弃", cast.director)
    assert "已豁免" in refused(execution, "waive_item", cast.director, Lane.OTHER, reason="再来一次")
    assert "已豁免" in refused(execution, "finish_item", cast.account_manager, Lane.OTHER, **DONE)


def test_an_owner_finds_what_can_be_done_on_the_own_workbench_by_when_it_is_due(
    execution: Execution, cast: Cast
) -> None:
    mine = WorkItem.objects.open().get(record=execution.pk, user=cast.specialist)
    assert mine.verb == "finish_item"
    assert mine.due_at == item_of(execution, Lane.LICENCE).due_at
    theirs = WorkItem.objects.open().get(record=execution.pk, user=cast.account_manager)
    assert theirs.due_at == execution.plan.of(Lane.MONEY)[0].due_at
    act(execution, "finish_item", cast.specialist, item=item_of(execution, Lane.LICENCE).pk, **DONE)
    assert not WorkItem.objects.open().filter(record=execution.pk, user=cast.specialist).exists(), "the rest is blocked"


def test_an_item_given_to_somebody_waits_for_that_person_who_may_see_it_then(execution: Execution, cast: Cast) -> None:
    outsider = cast.rd_engineer
    assert not Execution.objects.for_actor(outsider).exists()
    act(execution, "assign_item", cast.account_manager, item=item_of(execution, Lane.OTHER).pk, person=outsider.pk)
    assert Execution.objects.for_actor(outsider).exists()
    assert WorkItem.objects.open().get(record=execution.pk, user=outsider).verb == "finish_item"
    assert Notice.objects.filter(recipient=outsider, record=execution.pk).exists()
    act(execution, "finish_item", outsider, item=item_of(execution, Lane.OTHER).pk, **DONE)
    assert item_of(execution, Lane.OTHER).is_settled
    with pytest.raises(NotAllowed):
        act(execution, "assign_item", outsider, item=item_of(execution, Lane.TALKS).pk, person=outsider.pk)


def test_a_customer_can_do_nothing_with_an_execution(execution: Execution, cast: Cast) -> None:
    for verb in ("finish_item", "set_due", "waive_item", "assign_item", "note"):
        with pytest.raises(NotAllowed):
            act(execution, verb, cast.contact, item=item_of(execution, Lane.LICENCE).pk)


# --- time -------------------------------------------------------------------------------------------------------------
@pytest.mark.rule("EXE-02")
def test_a_promised_day_runs_warns_and_is_missed_once(
    execution: Execution, cast: Cast, held_clock: Callable[[Any], Any]
) -> None:
    running = Deadline.objects.get(record=execution.pk, timer="execution.licence")
    assert running.due_at == item_of(execution, Lane.LICENCE).due_at
    assert running.rule == "EXE-02"
    held_clock(datetime(2026, 3, 21, 2, tzinfo=UTC))
    sweep.run()
    sweep.run()
    kinds = Firing.objects.filter(deadline=running).order_by("level").values_list("kind", flat=True)
    assert list(kinds) == ["warned", "missed"]
    told = Notice.objects.filter(record=execution.pk, kind="deadline").values_list("recipient__username", flat=True)
    assert {"specialist", "manager"} <= set(told)
    execution.refresh_from_db()
    act(execution, "finish_item", cast.specialist, item=item_of(execution, Lane.LICENCE).pk, **DONE)
    running.refresh_from_db()
    assert running.outcome == "met_late"


def test_another_day_is_another_promise_and_no_day_is_none(execution: Execution, cast: Cast) -> None:
    licence = item_of(execution, Lane.LICENCE).pk
    act(execution, "set_due", cast.account_manager, item=licence, due_on="2026-04-30")
    runs = Deadline.objects.filter(record=execution.pk, timer="execution.licence").order_by("cycle")
    assert [(one.outcome, one.closed_at is None) for one in runs] == [("cancelled", False), ("open", True)]
    assert runs[1].due_at == item_of(execution, Lane.LICENCE).due_at
    act(execution, "set_due", cast.account_manager, item=licence, due_on="")
    assert not runs.filter(closed_at__isnull=True).exists()
    assert "已过" in refused(execution, "set_due", cast.account_manager, Lane.LICENCE, due_on="2026-03-01")
    assert "十年" in refused(execution, "set_due", cast.account_manager, Lane.LICENCE, due_on="2090-03-01")


def test_money_after_acceptance_has_its_day_once_that_is_done(execution: Execution, cast: Cast) -> None:
    finish(execution, but=Lane.MONEY)
    first = execution.plan.of(Lane.MONEY)[0]
    act(execution, "finish_item", cast.account_manager, item=first.pk, done_on="2026-03-02", evidence="到账")
    finish(execution, but=Lane.MONEY)
    assert str(execution.plan.of(Lane.MONEY)[1].due_on) == "2026-04-01"
    assert str(execution.next_due_on) == "2026-04-01"


def test_since_when_it_stands_still_is_what_is_due_or_could_be_done(
    execution: Execution, cast: Cast, held_clock: Callable[[Any], Any]
) -> None:
    begun = execution.stuck_since
    for item in (item_of(execution, Lane.TALKS), item_of(execution, Lane.OTHER)):
        act(execution, "set_due", cast.account_manager, item=item.pk, due_on="2026-06-01")
    assert execution.stuck_since == execution.plan.of(Lane.MONEY)[0].due_at, "it will stand still when that is overdue"
    assert begun is not None
    held_clock(datetime(2026, 3, 5, 2, tzinfo=UTC))
    act(execution, "finish_item", cast.account_manager, item=item_of(execution, Lane.TALKS).pk, **DONE)
    assert execution.stuck_since == datetime(2026, 3, 5, 2, tzinfo=UTC), "training can begin now, and has no day"


# --- other hands ------------------------------------------------------------------------------------------------------
def test_an_account_manager_hands_over_what_is_theirs_and_nothing_else(execution: Execution, cast: Cast) -> None:
    successor = person("manager2", "钱经理", "account_manager")
    act(
        execution,
        "assign_item",
        cast.account_manager,
        item=item_of(execution, Lane.TALKS).pk,
        person=cast.consultant.pk,
    )
    with pytest.raises(NotAllowed):
        act(execution, "hand_over", cast.specialist, handler=successor.pk)
    with pytest.raises(InvalidData):
        act(execution, "hand_over", cast.account_manager)
    act(execution, "hand_over", cast.account_manager, handler=successor.pk)
    assert execution.handler == successor
    assert item_of(execution, Lane.ACCEPTANCE).owner == successor
    assert item_of(execution, Lane.TALKS).owner == cast.consultant
    assert item_of(execution, Lane.LICENCE).owner == cast.specialist


@pytest.mark.rule("EXE-08")
def test_an_item_opened_again_is_to_be_done_again(execution: Execution, cast: Cast) -> None:
    act(execution, "finish_item", cast.specialist, item=item_of(execution, Lane.LICENCE).pk, **DONE)
    assert execution.open_items == 9
    with pytest.raises(NotAllowed):
        act(execution, "reopen_item", cast.engineer, item=item_of(execution, Lane.LICENCE).pk, reason="填错")
    act(execution, "reopen_item", cast.specialist, item=item_of(execution, Lane.LICENCE).pk, reason="填错")
    licence = item_of(execution, Lane.LICENCE)
    assert (licence.progress, licence.evidence, licence.done_on, execution.open_items) == ("open", "", None, 10)
    assert Deadline.objects.filter(record=execution.pk, timer="execution.licence", closed_at__isnull=True).count() == 1


@pytest.mark.rule("EXE-08")
def test_serv101_cannot_be_submitted_while_something_is_open_and_says_what_and_whose(
    execution: Execution, cast: Cast
) -> None:
    finish(execution, but=Lane.OTHER)
    with pytest.raises(Missing) as refusal:
        act(execution, "confirm", cast.account_manager, signed_by="周经理")
    assert "数据迁移 (周经理)" in str(refusal.value)
    assert refusal.value.reasons[0].rule == "EXE-08"
    assert execution.state == State.IN_PROGRESS
    with pytest.raises(WrongState):
        act(execution, "sign", cast.director, signed_by="韩总")
    act(execution, "waive_item", cast.director, item=item_of(execution, Lane.OTHER).pk, reason="客户放弃")
    for by in (cast.specialist, cast.engineer, cast.director):
        with pytest.raises(NotAllowed):
            act(execution, "confirm", by, signed_by="x")
    act(execution, "confirm", cast.account_manager, signed_by="周经理")
    assert execution.state == State.CONFIRMING

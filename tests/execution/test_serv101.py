"""Serv101 is filled from the records, signed by account manager and director, and filed; the execution follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from customers.models import Site
from documents import freezing, issuing, signing
from documents.models import Document
from execution.flow import Lane, State
from notifications.models import Notice
from people.actors import Actor
from tests.cast import act
from tests.execution.conftest import confirmed, item_of
from workflow.models import Entry, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, Refused

if TYPE_CHECKING:
    from execution.models import Execution
    from tests.cast import Cast
    from tests.execution.conftest import Copied
    from tests.paper import Printer

pytestmark = pytest.mark.django_db


@pytest.mark.rule("EXE-08")
def test_serv101_has_its_eight_rows_and_its_money_from_the_records(execution: Execution, cast: Cast) -> None:
    act(execution, "waive_item", cast.director, item=item_of(execution, Lane.OTHER).pk, reason="客户书面放弃")
    paper = confirmed(execution, cast)
    assert paper.form == "Serv101"
    assert paper.parent_id == execution.pk
    assert paper.customer == execution.customer
    rows = paper.values["execution"]
    assert [row["what"] for row in rows] == [
        *("产品使用许可", "产品交付", "产品安装", "安装反馈", "实施沟通", "现场培训", "产品验收", "合同其他约定"),
    ]
    assert rows[0] == {
        "agreed": "2026-03-20前",
        "what": "产品使用许可",
        "done_on": "2026-03-02",
        "responsible": "李专员",
        "evidence": "产品使用许可 已完成",
        "status": "done",
    }
    assert "管理员培训 已完成" in rows[5]["evidence"]
    assert "教师培训 已完成" in rows[5]["evidence"]
    assert (rows[3]["status"], rows[3]["evidence"]) == ("not_applicable", "/")
    assert rows[7]["status"] == "not_applicable"
    assert "客户书面放弃" in rows[7]["remark"]
    money = paper.values["payments"]
    assert [(row["kind"], row["due"], row["received"]) for row in money] == [
        ("首付款 30%", "30000.00", "30000.00"),
        ("余款 70%", "70000.00", "70000.00"),
    ]
    known = {name: paper.values[name] for name in ("contract_no", "contract_amount", "copy_received_on", "users")}
    number = execution.carries_out.number
    assert known == {
        "contract_no": number,
        "contract_amount": "100000.00",
        "copy_received_on": "2026-03-02",
        "users": 50,
    }
    assert paper.values["all_done"] is True
    assert not paper.unanswered()


@pytest.mark.rule("EXE-04")
def test_serv101_names_the_feedback_on_the_installation_that_the_house_has_on_paper(
    execution: Execution, cast: Cast
) -> None:
    feedback = issuing.issue("Serv302", customer=execution.customer, actor=Actor(cast.specialist))
    Document.objects.filter(pk=feedback.pk).update(finalised_at=feedback.created_at)
    row = confirmed(execution, cast).values["execution"][3]
    assert (row["status"], row["done_on"], row["evidence"]) == ("done", "2026-03-02", feedback.number)


@pytest.mark.parametrize("product", ["", "basic"])
def test_serv101_of_a_contract_of_services_alone_asks_for_no_users(copied: Copied, cast: Cast, product: str) -> None:
    services = [{"description": "驻场服务", "months": 12, "list_price": "60000", "price": "60000"}]
    execution = copied(lines=services, promises=[])
    act(execution, "take_up", cast.specialist)
    customer: Any = execution.customer
    Site.objects.create(organisation=customer, name="教学平台", product=product)
    paper = confirmed(execution, cast)
    assert not {"users", "edition"} & set(paper.values)
    assert not paper.unanswered()
    act(execution, "sign", cast.director, signed_by="韩总", opinion="同意归档")
    assert execution.state == State.SIGNED


@pytest.mark.rule("EXE-09")
def test_the_service_director_signs_serv101_and_nobody_else(execution: Execution, cast: Cast, printer: Printer) -> None:
    paper = confirmed(execution, cast)
    assert paper.signatures.get().item == "account_manager_signature"
    waits = WorkItem.objects.open().get(record=execution.pk)
    assert (waits.verb, waits.role) == ("sign", "service_director")
    assert Notice.objects.filter(recipient=cast.director, record=execution.pk, rule="EXE-09").exists()
    for by in (cast.account_manager, cast.specialist, cast.supervisor, cast.finance):
        with pytest.raises(NotAllowed):
            act(execution, "sign", by, signed_by="x")
    with pytest.raises(InvalidData):
        signing.sign(paper, "director_signature", name="周经理", how="typed", actor=Actor(cast.account_manager))
    act(execution, "sign", cast.director, signed_by="韩总", opinion="同意归档")
    assert execution.state == State.SIGNED
    paper.refresh_from_db()
    assert paper.state == "to_sign", "its content is frozen"
    assert paper.values["director_opinion"] == "同意归档"
    assert set(paper.signatures.filter(void_since__isnull=True).values_list("item", flat=True)) == {
        "account_manager_signature",
        "director_signature",
    }
    freezing.freeze(paper.pk)
    paper.refresh_from_db()
    execution.refresh_from_db()
    assert (paper.state, execution.state) == ("signed", State.SIGNED), "all have signed on the screen"


@pytest.mark.rule("EXE-09")
def test_serv101_signed_on_paper_comes_back_and_the_execution_follows(
    execution: Execution, cast: Cast, printer: Printer
) -> None:
    paper = confirmed(execution, cast)
    act(paper, "finalise", cast.account_manager)
    with pytest.raises(Missing) as refusal:
        act(execution, "sign", cast.director, signed_by="韩总")
    assert "扫描" in str(refusal.value)
    freezing.freeze(paper.pk)
    paper.refresh_from_db()
    act(paper, "receive_signed", cast.specialist, how="scan")
    execution.refresh_from_db()
    assert execution.state == State.SIGNED
    entry = Entry.objects.get(record=execution.pk, verb="receive_signed")
    assert (entry.rules, entry.data["said"]) == (["EXE-09"], {"document": paper.number})


@pytest.mark.rule("EXE-10")
def test_once_signed_serv101_is_filed_and_with_it_the_execution(
    execution: Execution, cast: Cast, printer: Printer
) -> None:
    paper = confirmed(execution, cast)
    act(execution, "sign", cast.director, signed_by="韩总")
    freezing.freeze(paper.pk)
    paper.refresh_from_db()
    assert WorkItem.objects.open().get(record=paper.pk).role == "customer_specialist"
    with pytest.raises(NotAllowed):
        act(execution, "archive", cast.specialist, document=paper.number)
    act(paper, "archive", cast.specialist, archive_no="FW-2026-046")
    execution.refresh_from_db()
    assert execution.state == State.ARCHIVED
    assert not execution.is_open
    assert execution.stuck_since is None
    assert Entry.objects.get(record=execution.pk, verb="archive").rules == ["EXE-10"]


@pytest.mark.rule("EXE-08")
def test_what_is_opened_again_is_confirmed_anew_and_the_old_paper_signs_nothing(
    execution: Execution, cast: Cast, printer: Printer
) -> None:
    paper = confirmed(execution, cast)
    act(paper, "finalise", cast.account_manager)
    freezing.freeze(paper.pk)
    paper.refresh_from_db()
    act(execution, "reopen_item", cast.director, item=item_of(execution, Lane.ACCEPTANCE).pk, reason="客户未签")
    assert execution.state == State.IN_PROGRESS
    with pytest.raises(Missing):
        act(paper, "receive_signed", cast.specialist, how="scan")
    again = confirmed(execution, cast)
    assert again.pk != paper.pk
    assert again.replaces == paper
    assert Document.objects.filter(form="Serv101").count() == 2


@pytest.mark.rule("EXE-08")
def test_a_draft_of_serv101_gives_way_to_the_next(execution: Execution, cast: Cast) -> None:
    paper = confirmed(execution, cast)
    act(execution, "reopen_item", cast.account_manager, item=item_of(execution, Lane.ACCEPTANCE).pk, reason="客户未签")
    again = confirmed(execution, cast)
    paper.refresh_from_db()
    assert (paper.state, again.state) == ("cancelled", "submitted")


@pytest.mark.rule("EXE-08")
def test_a_serv101_that_somebody_begins_otherwise_confirms_nothing(
    execution: Execution, cast: Cast, printer: Printer
) -> None:
    stray = issuing.issue("Serv101", about=execution, actor=Actor(cast.account_manager))
    assert issuing.forms_for(execution) == [], "it is not offered either"
    values: dict[str, Any] = {"all_done": True}
    act(stray, "fill", cast.account_manager, values=values)
    signing.sign(stray, "account_manager_signature", name="周", how="typed", actor=Actor(cast.account_manager))
    signing.sign(stray, "director_signature", name="韩", how="typed", actor=Actor(cast.director))
    execution.refresh_from_db()
    assert execution.state == State.IN_PROGRESS
    assert execution.confirmation is None


@pytest.mark.rule("EXE-09")
def test_what_an_account_manager_changes_after_signing_is_signed_anew_before_the_director(
    execution: Execution, cast: Cast
) -> None:
    paper = confirmed(execution, cast)
    act(paper, "fill", cast.account_manager, values={"open_items": "改过了"})
    execution.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        act(execution, "sign", cast.director, signed_by="韩总")
    assert "须先由客户经理签字" in str(refusal.value)

"""What is printed of a contract is what was approved, with the opinions given; nobody types there (CON-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.documents import content, printed
from contracts.models import Contract
from documents import answers, freezing, issuing, verification
from documents.forms import FillForm, SignForm
from documents.models import Document
from people.actors import Actor
from tests.cast import act
from tests.contracts.conftest import agree, walk
from workflow.approvals import versions
from workflow.models import ChecklistItem, Entry, Opinion, Version, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.contracts.conftest import Signers
    from tests.paper import Printer

    Write = Callable[..., Contract]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.fixture
def approved(new_contract: Write, signers: Signers) -> Contract:
    return walk(new_contract(), signers, to="approved")


def papers(contract: Contract) -> dict[str, Document]:
    return printed.standing(contract)


def printed_by(contract: Contract, signers: Signers) -> dict[str, Document]:
    act(contract, "print_papers", signers.hr_admin)
    return papers(contract)


# --- who prints, and when -----------------------------------------------------------------------------------------
@pytest.mark.rule("CON-21")
def test_hr_prints_the_approved_contract_and_the_opinions_as_two_final_documents(
    approved: Contract, signers: Signers
) -> None:
    found = printed_by(approved, signers)
    assert set(found) == {"ContractText", "Review"}
    assert all(document.state == "to_sign" and document.code for document in found.values())
    assert all(verification.judge(document.code).verdict == "genuine" for document in found.values())


@pytest.mark.rule("CON-21")
def test_nobody_but_hr_prints_it_and_nobody_before_it_is_approved(
    new_contract: Write, signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="leader_approval")
    assert not Contract.verbs["print_papers"].possible_in(contract.state)
    walk(contract, signers, to="approved")
    for somebody in (contract.handler, signers.sales_ops, signers.vice_president, cast.specialist):
        with pytest.raises(NotAllowed):
            act(contract, "print_papers", somebody)
    assert papers(contract) == {}


@pytest.mark.rule("CON-21")
def test_what_is_not_printed_is_not_sealed(approved: Contract, signers: Signers) -> None:
    with pytest.raises(Missing, match=r"HR prints|人事行政部"):
        act(approved, "have_sealed", signers.sales_ops)
    act(approved, "print_papers", signers.hr_admin)
    act(approved, "have_sealed", signers.sales_ops)
    assert approved.state == "sealing"


@pytest.mark.rule("CON-21")
def test_it_waits_for_hr_to_be_printed_and_then_for_who_has_it_sealed(approved: Contract, signers: Signers) -> None:
    waiting = WorkItem.objects.filter(record=approved, done_at__isnull=True)
    assert set(waiting.values_list("role", "verb")) == {("hr_admin", "print_papers")}
    act(approved, "print_papers", signers.hr_admin)
    assert set(waiting.values_list("verb", flat=True)) == {"have_sealed"}


# --- what is printed ----------------------------------------------------------------------------------------------
@pytest.mark.rule("CON-21")
def test_the_approved_version_is_printed_and_never_the_rows_as_they_are_now(
    approved: Contract, signers: Signers
) -> None:
    approved.lines.update(price="1.00", list_price="2.00")
    approved.payments.update(amount="0.01")
    Contract.objects.filter(pk=approved.pk).update(amount="0.01", text="甲方不付款。", wording="甲方不付款。")
    text = printed_by(approved, signers)["ContractText"].values
    version = Version.objects.get(record=approved)
    assert text["contract_text"] == version.content["text"].strip()
    assert "不付款" not in text["contract_text"]
    assert [row["price"] for row in text["contract_lines"]] == ["100000.00"]
    assert [row["amount"] for row in text["payment_plan"]] == ["30000.00", "70000.00"]
    assert text["contract_amount"] == text["lines_total"] == text["payments_total"] == "100000.00"


@pytest.mark.rule("CON-21")
def test_every_page_names_the_contract_its_version_and_the_fingerprint_of_what_was_approved(
    approved: Contract, signers: Signers
) -> None:
    document = printed_by(approved, signers)["ContractText"]
    version = Version.objects.get(record=approved)
    assert document.values["contract_no"] == approved.number
    assert document.values["contract_version"] == f"第{version.number}版"
    assert version.digest.startswith(document.values["content_digest"])
    assert document.definition.every_page == ("contract_no", "contract_version", "content_digest")


@pytest.mark.rule("CON-21")
def test_a_version_that_is_not_what_its_fingerprint_says_is_not_printed(
    approved: Contract, signers: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "is_whole", lambda version: versions.digest({"other": 1}) == version.digest)
    with pytest.raises(Missing):
        act(approved, "print_papers", signers.hr_admin)
    approved.refresh_from_db()
    assert approved.printed_at is None
    assert papers(approved) == {}


def test_before_its_approval_there_is_a_draft_of_the_version_under_review(
    new_contract: Write, signers: Signers
) -> None:
    contract = new_contract()
    live = content.basis(contract)
    assert (live.number, live.round, live.passed) == (1, None, False)
    walk(contract, signers, to="in_review")
    Contract.objects.filter(pk=contract.pk).update(wording="另一文本")
    contract.refresh_from_db()
    under_review = content.basis(contract)
    assert under_review.content["text"] != "另一文本"
    assert not under_review.passed


# --- the review sheet ---------------------------------------------------------------------------------------------
@pytest.mark.rule("CON-21")
@pytest.mark.rule("CON-16")
@pytest.mark.rule("CON-17")
def test_the_sheet_shows_each_reviewers_checklist_opinion_and_name_as_they_were_given(
    approved: Contract, signers: Signers
) -> None:
    sheet = printed_by(approved, signers)["Review"].values
    for key in ("basic_tender", "service_standard", "service_risk", "finance_discount", "finance_names"):
        assert sheet[key]["answer"] == "yes", key
    assert (sheet["service_opinion"], sheet["finance_opinion"]) == ("passed", "passed")
    by = {opinion.seat.step.code: opinion for opinion in Opinion.objects.select_related("seat__step", "by")}
    signed = sheet["service_signature"]
    assert signed == {"name": "邓审核", "at": by["service"].at.isoformat(), "how": "recorded"}
    assert sheet["finance_signature"]["name"] == "梁财审"
    assert sheet["basic_signature"]["name"] == "邓审核、梁财审"
    assert sheet["department_head_approval"]["name"] == "何总监"
    assert sheet["vice_president_approval"] | {"at": ""} == {
        "opinion": "agree",
        "remark": "同意",
        "name": "林总",
        "at": "",
        "how": "recorded",
    }
    assert "other_leaders_approval" not in sheet
    assert "rd_signature" not in sheet
    assert sheet["departments"] == ["service", "finance"]
    assert sheet["customer_agrees"] is True


@pytest.mark.rule("CON-15", "CON-16", "CON-17", "CON-18")
def test_every_item_of_every_checklist_stands_answered_on_the_sheet(new_contract: Write, signers: Signers) -> None:
    contract = walk(new_contract(develops=True), signers, to="approved")
    sheet = printed_by(contract, signers)["Review"]
    checks = {item.source for item in sheet.definition.items() if item.kind == "check"}
    assert checks == {f"review.{one.checklist.code}.{one.code}" for one in ChecklistItem.objects.all()}
    for item in sheet.definition.items():
        if item.kind == "check":
            assert sheet.values[item.key]["answer"] == "yes", item.zh


@pytest.mark.rule("CON-20")
def test_what_was_sent_back_once_has_passed_after_changes_in_its_round(new_contract: Write, signers: Signers) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    agree(contract, signers.service_reviewer)
    verdicts = {f"verdict_{n}": "pass" for n in range(12)} | {"verdict_6": "concern", "comment_6": "无违约责任"}
    act(contract, "send_back", signers.finance_reviewer, opinion="写明违约责任", ground="payment", **verdicts)
    walk(contract, signers, to="approved")
    sheet = printed_by(contract, signers)["Review"].values
    assert (sheet["service_opinion"], sheet["finance_opinion"]) == ("passed", "after_changes")
    assert (sheet["finance_changes_wanted"], sheet["finance_round"]) == ("付款条件：写明违约责任", 2)
    assert sheet["finance_payment"]["answer"] == "yes"
    assert sheet["text_version"].startswith("第2版")


@pytest.mark.rule("CON-14")
def test_a_short_route_says_why_it_is_short(new_contract: Write, signers: Signers) -> None:
    contract = walk(new_contract(business="annual_renewal"), signers, to="approved")
    sheet = printed_by(contract, signers)["Review"].values
    assert sheet["review_needed"] is False
    assert "不必走全部审核" in sheet["route_reason"]
    assert "service_signature" not in sheet
    assert sheet["vice_president_approval"]["opinion"] == "agree"


def test_who_decided_for_somebody_else_is_named_with_both_names(approved: Contract, signers: Signers) -> None:
    opinion = Opinion(by=signers.finance, on_behalf_of=signers.finance_reviewer)
    from contracts.documents.opinions import name_of

    assert name_of(opinion) == f"{signers.finance} 代 梁财审"


@pytest.mark.rule("CON-21")
def test_the_sheet_is_made_anew_once_it_has_more_to_say_and_the_contract_is_not(
    approved: Contract, signers: Signers
) -> None:
    first = printed_by(approved, signers)
    assert printed_by(approved, signers) == first
    walk(approved, signers, to="effective")
    later = printed_by(approved, signers)
    assert later["ContractText"] == first["ContractText"]
    assert later["Review"] != first["Review"]
    assert later["Review"].values["waybill"] == "顺丰 SF1000000001"
    assert later["Review"].values["effective_on"] == "2026-03-02"
    assert verification.judge(first["Review"].code).verdict == "superseded"


# --- nobody else writes there -------------------------------------------------------------------------------------
@pytest.mark.rule("CON-21")
@pytest.mark.parametrize("form", ["ContractText", "Review"])
def test_nobody_begins_such_a_document_by_hand(approved: Contract, signers: Signers, cast: Cast, form: str) -> None:
    for somebody in (cast.specialist, cast.director, signers.hr_admin, signers.sales_manager):
        with pytest.raises(InvalidData):
            issuing.issue(form, about=approved, actor=Actor(somebody), values={"contract_no": "HT-1"})
    assert not Document.objects.exists()


@pytest.mark.rule("CON-21")
def test_nobody_gives_anothers_approval_by_beginning_a_sheet_with_it(university: Any, cast: Cast) -> None:
    given = {"vice_president_approval": {"opinion": "agree", "name": "林总"}}
    with pytest.raises(InvalidData):
        issuing.issue("Review", customer=university.organisation, actor=Actor(cast.specialist), values=given)


@pytest.mark.rule("CON-21")
def test_nobody_writes_signs_replaces_or_cancels_what_the_record_fills_in_alone(
    approved: Contract, signers: Signers, cast: Cast
) -> None:
    sheet = printed_by(approved, signers)["Review"]
    for somebody in (signers.vice_president, signers.service_reviewer, cast.director):
        assert answers.open_to(sheet, somebody) == set()
        assert SignForm(record=sheet, actor=Actor(somebody), at=sheet.updated_at)._places() == []
    data = {"values": {"finance_payment": {"answer": "no"}}}
    assert not FillForm(data, record=sheet, actor=Actor(None), at=sheet.updated_at).is_valid()
    for verb in ("replace", "cancel"):
        with pytest.raises(Missing):
            act(sheet, verb, cast.specialist, reason="x")


# --- what comes back ----------------------------------------------------------------------------------------------
@pytest.mark.rule("CON-21")
def test_the_sheet_is_signed_as_soon_as_it_is_printed_and_the_contract_waits_for_ink(
    approved: Contract, signers: Signers, printer: Printer
) -> None:
    printed_by(approved, signers)
    freezing.freeze_pending()
    found = papers(approved)
    assert (found["Review"].state, found["Review"].signed_how) == ("signed", "online")
    assert found["ContractText"].state == "to_sign"
    assert {each["form"] for each in printer.printed} == {"ContractText", "Review"}
    filed = WorkItem.objects.get(record=found["Review"], done_at__isnull=True)
    assert (filed.role, filed.verb) == ("hr_admin", "archive")


@pytest.mark.rule("CON-22")
def test_the_signed_contract_that_comes_back_stands_on_the_contract_and_its_signatures_are_asked_for(
    approved: Contract, signers: Signers, printer: Printer
) -> None:
    walk(approved, signers, to="posted")
    freezing.freeze_pending()
    text = papers(approved)["ContractText"]
    act(text, "receive_signed", signers.hr_admin, how="scan")
    back = Entry.objects.get(record=approved, verb="take_back")
    assert back.data["said"]["document"] == text.number
    assert back.actor == signers.hr_admin
    waiting = WorkItem.objects.filter(record=approved, done_at__isnull=True)
    assert set(waiting.values_list("verb", flat=True)) == {"record_signature"}
    with pytest.raises(NotAllowed):
        act(approved, "take_back", signers.hr_admin, document=text.number, how="scan")


@pytest.mark.rule("CON-23")
def test_documents_are_filed_with_the_contract_under_hrs_number(
    approved: Contract, signers: Signers, printer: Printer
) -> None:
    walk(approved, signers, to="posted")
    freezing.freeze_pending()
    act(papers(approved)["ContractText"], "receive_signed", signers.hr_admin, how="paper")
    walk(approved, signers, to="archived")
    found = papers(approved)
    assert {form: (each.state, each.archive_no) for form, each in found.items()} == {
        "ContractText": ("archived", "HR-1"),
        "Review": ("archived", "HR-1-P"),
    }


def test_four_originals_are_told_apart_and_handed_to_their_holders(
    approved: Contract, signers: Signers, cast: Cast
) -> None:
    text = printed_by(approved, signers)["ContractText"]
    holders = list(text.originals.values_list("copy", "holder"))
    assert holders == [(1, "customer"), (2, "customer_second"), (3, "hr"), (4, "finance")]
    act(text, "hand_over_original", signers.hr_admin, copy=4, to="梁财审", place="财务部档案柜")
    assert text.originals.get(copy=4).received_by == "梁财审"
    with pytest.raises(NotAllowed):
        act(text, "hand_over_original", signers.rd_reviewer, copy=4, to="秦研审")

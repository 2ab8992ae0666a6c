"""Who may do what with a document, from draft to archive, and what it waits for meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from documents import freezing
from documents.models import Document
from lists.columns import PLAIN
from lists.presets import preset_of
from lists.rows import Rows, table_class
from people.actors import Actor
from tests.cast import act, person
from workflow import registry
from workflow.engine import perform
from workflow.models import Deadline, Entry, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tests.paper import Issue, Printer

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


# --- who fills in what ------------------------------------------------------------------------------------------------
def test_the_department_fills_in_its_own_parts_and_what_the_customer_said(new_document: Issue, cast: Cast) -> None:
    document = new_document()
    act(document, "fill", cast.specialist, values={"remark": "x", "needs": "y", "installed": "yes"})
    assert document.values["needs"] == "y"


def test_the_department_does_not_fill_in_what_is_finances(new_document: Issue, cast: Cast) -> None:
    document = new_document()
    with pytest.raises(InvalidData):
        act(document, "fill", cast.specialist, values={"price": "100.00"})
    act(document, "fill", cast.finance, values={"price": "100.00"})
    assert document.values["price"] == "100.00"


def test_finance_fills_in_nothing_else(new_document: Issue, cast: Cast) -> None:
    with pytest.raises(InvalidData):
        act(new_document(), "fill", cast.finance, values={"remark": "x"})


def test_an_opinion_is_given_by_its_role_alone(new_document: Issue, cast: Cast) -> None:
    document = new_document()
    opinion = {"opinion": "agree", "name": "冯主管"}
    with pytest.raises(InvalidData):
        act(document, "fill", cast.specialist, values={"head": opinion})
    act(document, "fill", cast.supervisor, values={"head": opinion})
    assert document.values["head"]["opinion"] == "agree"


def test_a_customer_fills_in_the_customers_part_and_no_other(new_document: Issue, cast: Cast) -> None:
    document = new_document()
    portal = Actor(cast.contact, channel="portal")
    act(document, "send_in", portal, values={"needs": "两台服务器"})
    assert (document.state, document.values["needs"]) == ("submitted", "两台服务器")
    other = new_document()
    for stolen in ({"remark": "x"}, {"price": "1"}, {"customer_name": "x"}):
        with pytest.raises(InvalidData):
            act(other, "send_in", portal, values=stolen)


def test_a_contact_of_another_customer_fills_in_nothing(
    new_document: Issue, cast: Cast, university: University
) -> None:
    from customers.models import Contact, Organisation
    from people.models import User

    login = User.objects.create_user("stranger", "s@x.example", "x" * 12, is_customer=True)
    other = Organisation.objects.create(name="清华大学", region=university.region)
    Contact.objects.create(organisation=other, name="王", phone="1", user=login)
    with pytest.raises(NotAllowed):
        act(new_document(), "send_in", Actor(login, channel="portal"), values={"needs": "x"})


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("installed", "maybe"),
        ("filled_on", "gestern"),
        ("parts", [{"name": "x", "colour": "red"}]),
        ("parts", [{"count": "many"}]),
        ("needs", ["x"]),
        ("needs", "x" * 30_000),
        ("nowhere", "x"),
        ("customer_sign", {"name": "x"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(
    new_document: Issue, cast: Cast, item: str, value: Any
) -> None:
    document = new_document()
    before = document.values
    with pytest.raises(InvalidData):
        act(document, "fill", cast.engineer, values={item: value})
    assert Document.objects.get().values == before


def test_an_empty_answer_takes_an_earlier_one_away(new_document: Issue, cast: Cast) -> None:
    document = new_document(values={"needs": "x"})
    act(document, "fill", cast.specialist, values={"needs": ""})
    assert "needs" not in document.values


# --- its life ---------------------------------------------------------------------------------------------------------
def test_from_draft_to_archive(new_document: Issue, printer: Printer) -> None:
    document = new_document(until="archived")
    assert not document.is_open
    acts = Entry.objects.filter(record=document).exclude(verb__startswith="deadline.").order_by("seq")
    walked = list(acts.values_list("verb", flat=True))
    assert walked == ["issue", "submit", "finalise", "freeze", "receive_signed", "archive"]


def test_in_each_state_it_waits_for_somebody(new_document: Issue, printer: Printer, cast: Cast) -> None:
    document = new_document()
    seen = []
    for verb, said in (("submit", {}), ("finalise", {}), ("receive_signed", {"how": "paper"}), ("", {})):
        item = WorkItem.objects.get(record=document, done_at__isnull=True)
        seen.append((item.verb, item.user or item.role))
        if verb == "finalise":
            act(document, "fill", cast.specialist, values={"needs": "x", "contract_no": "y"})
        if verb:
            act(document, verb, cast.specialist, **said)
        freezing.freeze_pending()
        document.refresh_from_db()
    me = cast.specialist
    assert seen == [("submit", me), ("finalise", me), ("receive_signed", me), ("archive", "customer_specialist")]


def test_until_it_is_back_somebody_is_reminded(
    new_document: Issue, printer: Printer, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    document = new_document(until="to_sign")
    freezing.freeze_pending()
    document.refresh_from_db()
    first = Deadline.objects.get(record=document, timer="document.back", closed_at__isnull=True)
    assert first.due_at - clock.now() == timedelta(days=14)
    held_clock(clock.now() + timedelta(days=10))
    act(document, "chase", cast.specialist, note="已电话催回")
    (running,) = Deadline.objects.filter(record=document, timer="document.back", closed_at__isnull=True)
    assert running.due_at - clock.now() == timedelta(days=14)
    act(document, "receive_signed", cast.specialist, how="paper")
    assert not Deadline.objects.filter(record=document, closed_at__isnull=True).exists()


def test_an_archive_number_is_given_once(new_document: Issue, printer: Printer, cast: Cast) -> None:
    new_document(until="archived")
    other = new_document(until="signed")
    with pytest.raises(InvalidData):
        act(other, "archive", cast.specialist, archive_no="A-1")


def test_those_outside_the_department_do_not_finalise(new_document: Issue, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        act(new_document(values={"needs": "x", "contract_no": "y"}), "finalise", cast.finance)


def test_nobody_says_by_hand_that_it_was_printed(new_document: Issue, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        act(new_document(until="to_sign"), "freeze", cast.director, sha256="0" * 64, pages=1, prints=[])


# --- another in its place ---------------------------------------------------------------------------------------------
@pytest.mark.rule("FRM-13")
def test_a_final_document_is_put_right_by_another_one(new_document: Issue, printer: Printer, cast: Cast) -> None:
    document = new_document(until="archived")
    act(document, "replace", cast.specialist, reason="客户名称有误")
    later: Any = Document.objects.get(replaces=document)
    assert (later.state, later.values) == ("draft", document.values)
    assert document.state == "archived"
    act(later, "fill", cast.specialist, values={"contract_no": "HT-2"})
    act(later, "submit", cast.specialist)
    act(later, "finalise", cast.specialist)
    document.refresh_from_db()
    assert document.state == "superseded"
    assert document.values["contract_no"] == "HT-2026-001"
    said = Entry.objects.get(record=document, verb="supersede").data["said"]
    assert said == {"by": later.number}


def test_only_one_document_takes_anothers_place(new_document: Issue, printer: Printer, cast: Cast) -> None:
    document = new_document(until="signed")
    act(document, "replace", cast.specialist, reason="x")
    with pytest.raises(Missing):
        act(document, "replace", cast.specialist, reason="y")
    later: Any = Document.objects.get(replaces=document)
    act(later, "cancel", cast.specialist, reason="doch richtig")
    again: Any = Document.objects.get(pk=document.pk)
    act(again, "replace", cast.specialist, reason="z")


def test_nobody_supersedes_a_document_by_hand(new_document: Issue, printer: Printer, cast: Cast) -> None:
    with pytest.raises((NotAllowed, WrongState)):
        perform(new_document(until="signed"), "supersede", actor=Actor(cast.director), data={"by": "X"})


# --- originals (ACC-12) -----------------------------------------------------------------------------------------------
@pytest.mark.rule("ACC-12")
def test_each_holder_has_an_original_whose_way_is_known(new_document: Issue, printer: Printer, cast: Cast) -> None:
    document = new_document(until="signed")
    assert [(o.copy, o.holder) for o in document.originals.all()] == [(1, "customer"), (2, "finance")]
    act(document, "hand_over_original", cast.specialist, copy=2, to="郑财务", place="财务室")
    act(document, "hand_over_original", cast.specialist, copy=2, to="李档案", place="档案室")
    second = document.originals.get(copy=2)
    assert (second.received_by, second.place, second.received_at) == ("李档案", "档案室", second.received_at)
    told = Entry.objects.filter(record=document, verb="hand_over_original").order_by("seq")
    assert [entry.data["said"]["to"] for entry in told] == ["郑财务", "李档案"]
    assert document.originals.get(copy=1).received_by == ""


@pytest.mark.rule("ACC-12")
def test_the_acceptance_report_has_four_originals() -> None:
    from forms_templates import catalogue

    holders = [holder.key.partition("_")[0] for holder in catalogue.form("Acceptance").holders]
    assert sorted(holders) == ["customer", "customer", "finance", "service"]


def test_an_original_that_there_is_not_is_not_handed_over(new_document: Issue, printer: Printer, cast: Cast) -> None:
    with pytest.raises(InvalidData):
        act(new_document(until="signed"), "hand_over_original", cast.specialist, copy=3, to="x")


# --- who sees it ------------------------------------------------------------------------------------------------------
def test_whoever_sees_the_ticket_sees_its_documents(
    new_document: Issue, cast: Cast, new_ticket: Callable[..., Any]
) -> None:
    about = new_ticket()
    document, other = new_document(about=about), new_document()
    outsider = person("rd2", "外人", "rd_engineer", department="rd")
    assert not Document.objects.for_actor(outsider).exists()
    act(about, "copy_to", cast.specialist, people=[outsider.pk])
    assert list(Document.objects.for_actor(outsider)) == [document]
    assert set(Document.objects.for_actor(cast.engineer)) == {document, other}


@pytest.mark.parametrize("order", ["-number", "title", "customer", "-updated"])
def test_the_list_of_documents_has_the_same_rows_in_every_order(
    new_document: Issue, cast: Cast, new_ticket: Callable[..., Any], order: str
) -> None:
    about = new_ticket()
    document, _other = new_document(about=about), new_document()
    outsider = person("rd2", "外人", "rd_engineer", department="rd")
    act(about, "copy_to", cast.specialist, people=[outsider.pk])
    process = registry.get("document")
    rows = Rows(process, outsider, preset_of(process, outsider, "all"), table_class(process)(PLAIN, order))
    assert [row.pk for row in rows.kept()] == [document.pk]


def test_a_customer_sees_what_is_final_and_what_was_sent_to_them(
    new_document: Issue, printer: Printer, cast: Cast
) -> None:
    draft, final = new_document(), new_document(until="to_sign")
    assert set(Document.objects.for_actor(cast.contact)) == {draft, final}
    Document.objects.filter(pk=draft.pk).update(contact=None)
    assert set(Document.objects.for_actor(cast.contact)) == {final}

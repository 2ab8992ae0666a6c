"""What is final never changes again, is printed once, and comes out the same however often it is asked for (FRM-13)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from core import clock
from documents import freezing, store
from documents.models import Document, Printed
from tests.cast import act
from workflow.models import Entry
from workflow.refusals import Missing, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.paper import Issue, Printer

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


def changed(model: Any, pk: int, **columns: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        model._base_manager.filter(pk=pk).update(**columns)


@pytest.mark.rule("FRM-13")
def test_a_final_document_is_printed_and_its_fingerprint_stands_on_the_timeline(
    new_document: Issue, printer: Printer
) -> None:
    document = new_document(until="to_sign")
    assert freezing.freeze_pending() == 1
    document.refresh_from_db()
    master = document.printed
    assert master is not None
    said = Entry.objects.get(record=document, verb="freeze").data["said"]
    assert said == {"sha256": master.sha256, "pages": master.pages}
    assert printer.printed[0]["verify"].code == document.code
    assert printer.printed[0]["verify"].url.endswith(f"/verify/{document.code}")


@pytest.mark.rule("FRM-13")
def test_it_is_printed_once_however_often_a_worker_is_woken(new_document: Issue, printer: Printer) -> None:
    new_document(until="to_sign")
    assert [freezing.freeze_pending() for _ in range(3)] == [1, 0, 0]
    assert Entry.objects.filter(verb="freeze").count() == 1


@pytest.mark.rule("FRM-13")
def test_nobody_fills_in_a_final_document(new_document: Issue, printer: Printer, cast: Cast) -> None:
    document = new_document(until="to_sign")
    with pytest.raises(WrongState):
        act(document, "fill", cast.engineer, values={"remark": "doch"})
    with pytest.raises(WrongState):
        act(document, "reopen", cast.specialist, reason="x")


@pytest.mark.rule("FRM-13")
@pytest.mark.parametrize(
    ("column", "value"),
    [("values", {"needs": "x"}), ("code", "X" * 12), ("form", "Serv101"), ("finalised_at", None), ("frozen_at", None)],
)
def test_the_database_refuses_to_change_what_is_final(
    new_document: Issue, printer: Printer, column: str, value: Any
) -> None:
    document = new_document(until="to_sign")
    freezing.freeze_pending()
    changed(Document, document.pk, **{column: value})


@pytest.mark.rule("FRM-13")
@pytest.mark.parametrize(("column", "value"), [("sha256", "0" * 64), ("file", "x"), ("pages", 9), ("copy", 7)])
def test_the_database_refuses_to_change_a_print(new_document: Issue, printer: Printer, column: str, value: Any) -> None:
    new_document(until="to_sign")
    freezing.freeze_pending()
    printed = Printed.objects.first()
    assert printed is not None
    changed(Printed, printed.pk, **{column: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        Printed.objects.filter(pk=printed.pk)._raw_delete(using="default")


def test_a_draft_may_change(new_document: Issue, cast: Cast) -> None:
    document = new_document()
    Document.objects.filter(pk=document.pk).update(values={"needs": "x"})
    act(document, "fill", cast.engineer, values={"remark": "y"})
    assert document.values == {"needs": "x", "remark": "y"}


@pytest.mark.rule("FRM-13")
def test_a_reprint_is_the_stored_file_byte_for_byte(new_document: Issue, printer: Printer) -> None:
    document = new_document(until="to_sign")
    freezing.freeze_pending()
    printed = document.printed
    assert printed is not None
    assert store.read(printed) == store.read(printed)
    assert len(store.read(printed)) == printed.size


@pytest.mark.rule("FRM-13")
def test_a_damaged_file_is_never_handed_out(new_document: Issue, printer: Printer) -> None:
    document = new_document(until="to_sign")
    freezing.freeze_pending()
    printed = document.printed
    assert printed is not None
    place = Path(default_storage.path(str(printed.file.name)))
    place.write_bytes(place.read_bytes().replace(b"%PDF", b"%PDE"))
    with pytest.raises(store.DamagedError):
        store.read(printed)
    place.unlink()
    with pytest.raises(store.DamagedError):
        store.read(printed)


def test_marked_originals_and_the_customers_copy_are_kept_beside_the_master(
    new_document: Issue, printer: Printer
) -> None:
    document = new_document(until="to_sign")
    freezing.freeze_pending()
    kept = {(p.copy, p.for_customer): p.sha256 for p in document.prints.all()}
    assert kept.keys() == {(0, False), (0, True), (1, True), (2, False)}
    assert len(set(kept.values())) == 4
    assert [(p["copy"], p["private"]) for p in printer.printed] == [(0, True), (1, False), (2, True), (0, False)]


def test_what_cannot_be_printed_says_why_and_is_tried_again_later(
    new_document: Issue, printer: Printer, held_clock: Callable[..., Any]
) -> None:
    document = new_document(until="to_sign")
    printer.broken = ValueError("no glyph for 㐀")
    assert freezing.freeze_pending() == 0
    document.refresh_from_db()
    assert document.fault == "ValueError: no glyph for 㐀"
    printer.broken = None
    assert freezing.freeze_pending() == 0
    held_clock(clock.now() + timedelta(minutes=11))
    assert freezing.freeze_pending() == 1
    document.refresh_from_db()
    assert document.fault == ""


def test_whoever_has_taken_a_document_prints_it_alone(new_document: Issue, printer: Printer) -> None:
    document = new_document(until="to_sign")
    Document.objects.filter(pk=document.pk).update(held_until=clock.now() + timedelta(seconds=5))
    assert freezing.freeze_pending() == 0
    assert printer.printed == []


def test_before_it_is_printed_no_signed_copy_can_be_back(new_document: Issue, printer: Printer, cast: Cast) -> None:
    document = new_document(until="to_sign")
    with pytest.raises(Missing):
        act(document, "receive_signed", cast.specialist, how="paper")


@pytest.mark.rule("FRM-13")
def test_required_answers_that_are_missing_are_named_with_who_can_give_them(new_document: Issue, cast: Cast) -> None:
    document = new_document(values={"installed": "no"})
    with pytest.raises(Missing) as refusal:
        act(document, "finalise", cast.specialist)
    (reason,) = refusal.value.reasons
    assert all(word in reason.message for word in ("合同编号", "要求", "未安装原因", "产品支持工程师"))


@pytest.mark.rule("FRM-13")
def test_of_two_workers_that_print_the_same_one_gets_through(
    new_document: Issue, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = new_document(until="to_sign")
    printed = printer.render
    quicker: list[Any] = []

    def held_up(*given: Any, **more: Any) -> Any:
        if not quicker:
            quicker.append("meanwhile")
            Document.objects.filter(pk=document.pk).update(held_until=None)
            quicker.append(freezing.freeze(document.pk))
        return printed(*given, **more)

    monkeypatch.setattr(printer, "render", held_up)
    assert freezing.freeze(document.pk) is False
    assert quicker == ["meanwhile", True]
    assert Entry.objects.filter(record=document, verb="freeze").count() == 1
    assert document.prints.count() == 4

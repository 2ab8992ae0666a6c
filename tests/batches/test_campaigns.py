"""A document for each of many customers: made once each, with the rights of whoever asked, and bound as one file."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdfium2
import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from batches import asking, keeping, making, places
from batches.asking import Campaign, CannotAskError
from batches.models import Batch, Item, Trace
from core.jobs import in_turns
from customers.models import Contact
from documents import freezing
from documents.models import Document, Printed, Taken
from people.models import User
from workflow.models import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batches.conftest import Ask, Many
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(printer: list[str]) -> Any:
    with translation.override("en"):
        yield


def lines(path: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book.worksheets[0].iter_rows(values_only=True))


# --- what comes of it -------------------------------------------------------------------------------------------------
def test_each_customer_gets_one_final_document_and_all_are_bound_as_one_pdf(cast: Cast, made: Ask) -> None:
    batch = made(count=24)
    assert (batch.stage, batch.done, batch.refused, batch.pages) == ("done", 24, 0, 24)
    documents: list[Any] = list(Document.objects.order_by("pk"))
    assert [document.state for document in documents] == ["to_sign"] * 24
    assert len({document.customer_id for document in documents}) == 24
    assert all(document.frozen_at for document in documents)
    assert {entry.actor for entry in Entry.objects.filter(verb="issue")} == {cast.specialist}
    with pypdfium2.PdfDocument(places.file(batch)) as pdf:
        assert len(pdf) == 24
        assert [line.get_title() for line in pdf.get_toc()] == [document.number for document in documents]
    assert [path.name for path in places.SHELF.at(batch.pk).iterdir()] == ["documents.pdf"]


def test_what_customers_are_sent_is_their_copy_without_the_companys_own_parts(cast: Cast, made: Ask) -> None:
    batch = made(count=1, format="zip")
    document = Document.objects.get()
    customers = Printed.objects.get(document=document, copy=0, for_customer=True)
    with zipfile.ZipFile(places.file(batch)) as archive:
        assert archive.read(f"{document.number}.pdf") == customers.file.read()


def test_a_zip_holds_each_document_and_an_index_of_what_is_in_it_and_what_is_not(
    cast: Cast, made: Ask, many: Many, tmp_path: Path
) -> None:
    customers = many(3)
    customers[0].name, customers[0].short_name = "=HYPERLINK('evil')", "=1+1"
    customers[0].save()
    batch = made(customers=customers, format="zip", goal="print")
    assert (batch.stage, batch.done) == ("done", 3)
    with zipfile.ZipFile(places.file(batch)) as archive:
        names = archive.namelist()
        archive.extract("index.xlsx", tmp_path)
    numbers = list(Document.objects.order_by("pk").values_list("number", flat=True))
    assert sorted(names) == sorted([*(f"{number}.pdf" for number in numbers), "index.xlsx"])
    heads, *rows = lines(tmp_path / "index.xlsx")
    assert heads[1] == "Number"
    assert [row[1] for row in rows] == numbers
    cell = openpyxl.load_workbook(tmp_path / "index.xlsx").worksheets[0]["D2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_documents_to_be_filled_in_by_hand_stay_drafts(made: Ask, printer: list[str]) -> None:
    batch = made(count=2, goal="print", values={})
    assert batch.pages == 2
    assert {document.state for document in Document.objects.all()} == {"draft"}
    assert sorted(printer) == sorted(Document.objects.values_list("number", flat=True))


def test_each_contact_is_sent_a_link_once_and_who_cannot_be_written_to_is_left_out_with_the_reason(
    cast: Cast, many: Many, made: Ask, tmp_path: Path, held_clock: Any
) -> None:
    from datetime import date

    customers = many(3)
    Contact.objects.filter(organisation=customers[1]).update(email="", phone="1234567")
    batch = made(customers=customers, goal="send", format="xlsx", values={}, until=date(2026, 4, 1))
    assert (batch.stage, batch.done, batch.refused) == ("done", 2, 1)
    assert Entry.objects.filter(verb="send_out").count() == 2
    assert Document.objects.count() == 2
    _heads, *rows = lines(places.file(batch))
    assert [row[-1] for row in rows] == [None, "There is no contact who can be written to.", None]


# --- who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["finance", "rd_engineer", "contact"])
def test_campaigns_are_the_departments(cast: Cast, ask: Ask, part: str) -> None:
    with pytest.raises(CannotAskError):
        ask(by=vars(cast)[part])
    assert not Batch.objects.exists()


def test_the_form_must_be_one_that_goes_to_customers(cast: Cast, many: Many) -> None:
    for code in ("Nothing", "Review"):
        with pytest.raises(CannotAskError):
            asking.begin_campaign(cast.specialist, Campaign(code, many(1), "print", "pdf", "k" * 32))


def test_rights_are_those_of_the_moment_of_work(cast: Cast, ask: Ask) -> None:
    batch = ask(count=3)
    making._step(batch.pk)
    User.objects.filter(pk=cast.specialist.pk).update(department=None)
    cast.specialist.roles.clear()
    for _n in range(5):
        making.run(60)
    batch.refresh_from_db()
    assert (batch.done, batch.refused) == (1, 2)
    assert Document.objects.count() == 1


def test_a_batch_of_somebody_whose_account_is_closed_stops(cast: Cast, ask: Ask, folders: Path) -> None:
    batch = ask(count=3)
    making._step(batch.pk)
    User.objects.filter(pk=cast.specialist.pk).update(is_active=False)
    making.run()
    batch.refresh_from_db()
    assert (batch.stage, batch.fault) == ("failed", "account")
    assert list(folders.glob("*")) == []


# --- once -------------------------------------------------------------------------------------------------------------
def test_a_form_that_is_sent_twice_is_one_batch(ask: Ask, many: Many) -> None:
    customers = many(2)
    assert ask(customers=customers, key="a" * 32) == ask(customers=customers, key="a" * 32)
    assert Item.objects.count() == 2


def test_the_database_refuses_a_customer_or_a_document_twice(ask: Ask) -> None:
    batch = ask(count=1)
    item = Item.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Item.objects.create(batch=batch, position=9, customer=item.customer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Item.objects.create(batch=batch, position=1)


@pytest.mark.parametrize("goal", ["final", "print"])
@pytest.mark.parametrize("stop", range(1, 9))
def test_whoever_goes_on_after_a_worker_that_stopped_anywhere_repeats_nothing(
    ask: Ask, goal: str, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every save of an item may be the last thing that a worker does, and so may every printing and binding."""
    batch = ask(count=3, goal=goal)
    calls = 0

    class KilledError(BaseException):
        pass

    def counted(function: Any) -> Any:
        def run(*args: Any, **more: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == stop:
                raise KilledError
            return function(*args, **more)

        return run

    with monkeypatch.context() as patched:
        patched.setattr(Item, "save", counted(Item.save))
        patched.setattr(freezing, "freeze", counted(freezing.freeze))
        patched.setattr(making, "_hand_over", counted(making._hand_over))
        if stop <= 7:
            with pytest.raises(KilledError):
                making.run(60)
        else:
            making.run(60)
    Batch.objects.update(held_until=None)
    for _n in range(3):
        making.run(60)
    batch.refresh_from_db()
    assert (batch.stage, batch.done, batch.pages) == ("done", 3, 3)
    assert Document.objects.count() == 3
    assert Entry.objects.filter(verb="issue").count() == 3
    assert Trace.objects.filter(what="ready").count() == 1


def test_what_is_cancelled_begins_nothing_more_and_leaves_no_file(ask: Ask, folders: Path) -> None:
    batch = ask(count=5)
    making._step(batch.pk)
    assert keeping.cancel(batch)
    assert not keeping.cancel(batch)
    making.run()
    batch.refresh_from_db()
    assert (batch.stage, Document.objects.count()) == ("cancelled", 1)
    assert list(folders.glob("*")) == []


def test_small_batches_do_not_wait_for_large_ones(cast: Cast, ask: Ask) -> None:
    large, little = ask(count=30, goal="print"), ask(count=1, goal="print", by=cast.other_specialist)
    steps = 0
    while Batch.objects.get(pk=little.pk).is_unfinished:
        in_turns([large.pk, little.pk], lambda pk: making._step(pk) and False, 60)
        steps += 1
        assert steps < 6
    assert Batch.objects.get(pk=large.pk).is_unfinished


def test_nobody_has_more_than_a_few_batches_at_a_time_nor_more_documents_than_one_oversees(
    cast: Cast, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(asking.MOST_AT_ONCE):
        ask(count=1)
    with pytest.raises(CannotAskError, match="still being made"):
        ask(count=1)
    monkeypatch.setattr(asking, "MOST", 2)
    with pytest.raises(CannotAskError, match="At most 2"):
        ask(count=3, by=cast.engineer)
    with pytest.raises(CannotAskError, match="nothing to be done"):
        ask(count=0, by=cast.engineer)


# --- what goes wrong --------------------------------------------------------------------------------------------------
def test_one_customers_fault_is_told_and_stops_nobody_else(
    ask: Ask, many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.batches.conftest import done

    customers = many(3)
    batch = ask(customers=customers, values={})  # the customer's wishes are asked for, and nobody has given them
    done(batch)
    assert (batch.stage, batch.done, batch.refused) == ("done", 0, 3)
    assert "Needs" in Item.objects.all()[0].why
    assert Document.objects.count() == 0


def test_a_document_that_cannot_be_printed_is_left_out_and_named(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from forms_templates import printing
    from tests.batches.conftest import done, quickly_printed

    def render(form: Any, letterhead: Any, values: Any, **more: Any) -> Any:
        if "第 2 大学" in values["customer_name"]:
            raise printing.PrintingError("no such letter")
        return quickly_printed(form, letterhead, values, **more)

    monkeypatch.setattr(printing, "render", render)
    batch = done(ask(count=3))
    assert (batch.stage, batch.done, batch.refused, batch.pages) == ("done", 2, 1, 2)
    (item,) = Item.objects.filter(stage="refused")
    assert "no such letter" in item.why
    assert item.document is not None


# --- handed out and thrown away ---------------------------------------------------------------------------------------
def test_who_took_what_is_on_record_and_the_database_keeps_it(cast: Cast, made: Ask) -> None:
    batch = made(count=2)
    assert keeping.hand_out(batch, cast.specialist) == places.file(batch)
    assert list(Trace.objects.filter(batch=batch).order_by("pk").values_list("what", "count")) == [
        ("asked", 2),
        ("ready", 2),
        ("downloaded", 2),
    ]
    assert Taken.objects.filter(by=cast.specialist, channel="batch").count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Trace.objects.update(count=0)


def test_files_are_kept_for_a_week(made: Ask, cast: Cast, held_clock: Any, folders: Path) -> None:
    from datetime import timedelta

    from core import clock

    batch = made(count=1)
    (folders / "99999").mkdir()
    held_clock(clock.now() + timedelta(days=6, hours=23))
    assert keeping.remove_old() == 0
    assert [path.name for path in folders.iterdir()] == [str(batch.pk)]
    held_clock(clock.now() + timedelta(hours=2))
    assert keeping.remove_old() == 1
    batch.refresh_from_db()
    assert (batch.stage, keeping.hand_out(batch, cast.specialist)) == ("expired", None)
    assert list(folders.iterdir()) == []

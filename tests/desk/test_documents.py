"""Documents in the desk: begun from a ticket or a customer, read with all that belongs to them, handed out as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.urls import reverse

from documents import freezing, previews, store
from documents.models import Document, Taken
from tests.cast import act, person
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast, University
    from tests.paper import Issue, Printer

    Browser = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    options = {"location": tmp_path / "files", "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    cache.clear()


@pytest.fixture
def final(new_document: Issue, printer: Printer) -> Document:
    made = new_document(until="to_sign")
    freezing.freeze_pending()
    made.refresh_from_db()
    return made


def page(document: Document) -> str:
    return reverse("desk:record", args=["document", document.number])


def pdf(document: Document, copy: int = 0, which: str = "whole") -> str:
    return reverse("desk:document-pdf", args=[document.number, copy, which])


# --- beginning one ----------------------------------------------------------------------------------------------------
def test_a_ticket_begins_its_sheet_with_one_click(
    browser_of: Browser, cast: Cast, new_ticket: Callable[..., Any]
) -> None:
    ticket = new_ticket(title="无法登录")
    client = browser_of(cast.engineer)
    beside = client.get(f"/documents/of/ticket/{ticket.number}/", headers={"HX-Request": "true"}).content.decode()
    assert "Service record" in beside
    answer = client.post("/documents/begin/", {"form": "TicketSheet", "about": ticket.number, "key": "a" * 32})
    document = Document.objects.get()
    assert answer["Location"] == page(document)
    assert (document.parent_id, document.values["subject"]) == (ticket.pk, "无法登录")
    assert document.values["severity"] == "general"
    client.post("/documents/begin/", {"form": "TicketSheet", "about": ticket.number, "key": "a" * 32})
    assert Document.objects.count() == 1


def test_a_customers_page_offers_the_forms_for_customers(
    browser_of: Browser, cast: Cast, university: University
) -> None:
    client, pk = browser_of(cast.specialist), university.organisation.pk
    beside = client.get(f"/documents/of/customer/{pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "Serv301" in beside
    assert "Review" not in beside
    client.post("/documents/begin/", {"form": "Serv301", "customer": pk, "key": "b" * 32})
    assert Document.objects.get().values["customer_name"] == "北京大学"


def test_the_page_for_a_new_one_asks_for_form_and_customer(
    browser_of: Browser, cast: Cast, university: University
) -> None:
    client = browser_of(cast.specialist)
    refused = client.post("/document/new/", {"form": "Serv301"})
    assert refused.status_code == 422
    assert "Name the customer" in refused.content.decode()
    client.post("/document/new/", {"form": "Serv301", "customer": university.organisation.pk})
    assert Document.objects.get().number == "Serv301-" + Document.objects.get().number.split("-", 1)[1]


def test_whoever_does_not_see_the_ticket_begins_nothing_about_it(
    browser_of: Browser, cast: Cast, new_ticket: Callable[..., Any]
) -> None:
    outsider = person("sales", "销售", "sales_manager", department="sales")
    asked = {"form": "TicketSheet", "about": new_ticket().number}
    assert browser_of(outsider).post("/documents/begin/", asked).status_code == 404
    assert not Document.objects.exists()


# --- its page ---------------------------------------------------------------------------------------------------------
def test_a_draft_says_what_is_missing_and_who_can_give_it(browser_of: Browser, cast: Cast, new_document: Issue) -> None:
    shown = browser_of(cast.specialist).get(page(new_document())).content.decode()
    assert "Contract no." in shown
    assert "missing" in shown
    assert "service department" in shown


def test_a_final_one_shows_content_pages_proof_and_originals(browser_of: Browser, cast: Cast, final: Document) -> None:
    shown = browser_of(cast.specialist).get(page(final)).content.decode()
    for words in ("HT-2026-001", "The frozen document", "Original no. 2 – Finance", "No. 1 – Customer", "version 2"):
        assert words in shown
    assert f"<h1><bdi>{final.definition.title.en}</bdi></h1>" in shown
    assert final.printed is not None
    assert final.printed.sha256 in shown


def test_what_was_filled_in_cannot_become_markup(browser_of: Browser, cast: Cast, new_document: Issue) -> None:
    evil = "<script>alert(1)</script>"
    document = new_document(values={"needs": evil, "parts": [{"name": evil}]})
    shown = browser_of(cast.specialist).get(page(document)).content.decode()
    assert evil not in shown
    assert "&lt;script&gt;alert(1)" in shown


# --- its pages --------------------------------------------------------------------------------------------------------
@pytest.mark.rule("FRM-13")
def test_a_reprint_is_byte_for_byte_the_frozen_one_and_is_written_down(
    browser_of: Browser, cast: Cast, final: Document
) -> None:
    client = browser_of(cast.engineer)
    answers = [client.get(pdf(final)) for _twice in range(2)]
    assert final.printed is not None
    assert answers[0].content == answers[1].content == store.read(final.printed)
    assert answers[0]["Content-Type"] == "application/pdf"
    assert list(Taken.objects.values_list("by", "printed")) == [(cast.engineer.pk, final.printed.pk)] * 2
    assert "taken" not in str(list(Entry.objects.filter(record=final).values_list("verb", flat=True)))


@pytest.mark.rule("FRM-13")
def test_a_damaged_file_is_said_to_be_so_and_not_handed_out(browser_of: Browser, cast: Cast, final: Document) -> None:
    assert final.printed is not None
    Path(default_storage.path(str(final.printed.file.name))).write_bytes(b"%PDF-1.7 forged")
    answer = browser_of(cast.specialist).get(pdf(final))
    assert answer.status_code == 409
    assert b"forged" not in answer.content
    assert "damaged" in answer.content.decode()
    assert not Taken.objects.exists()


def test_each_original_and_the_customers_copy_can_be_had(browser_of: Browser, cast: Cast, final: Document) -> None:
    client = browser_of(cast.specialist)
    assert [client.get(pdf(final, *one)).status_code for one in ((1, "customer"), (2, "whole"), (0, "customer"))] == [
        200
    ] * 3
    assert client.get(pdf(final, 3)).status_code == 404
    assert client.get(pdf(final, 0, "everything")).status_code == 404


def test_whoever_does_not_see_the_document_does_not_get_its_pages(
    browser_of: Browser, cast: Cast, final: Document
) -> None:
    outsider = person("sales", "销售", "sales_manager", department="sales")
    assert browser_of(outsider).get(pdf(final)).status_code == 404
    assert browser_of(outsider).get(page(final)).status_code == 404


def test_a_preview_is_made_by_a_worker_and_asked_for_until_it_is_there(
    browser_of: Browser,
    cast: Cast,
    new_document: Issue,
    printer: Printer,
) -> None:
    document = new_document()
    client, url = browser_of(cast.specialist), f"/documents/{document.number}/preview/"
    waiting = client.get(url)
    assert "being made" in waiting.content.decode()
    assert printer.printed == []
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 204
    previews.make(document.pk, "now")
    assert client.get(url, headers={"HX-Request": "true"})["HX-Redirect"] == url
    assert client.get(url).content.startswith(b"%PDF")
    assert printer.printed[0]["draft"] is True
    act(document, "fill", cast.specialist, values={"needs": "anders"})
    assert "being made" in client.get(url).content.decode()


# --- the archive ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=新机房", 1),
        ("q=Serv103-2026", 1),
        ("q=北大", 1),
        ("q=旧机房", 0),
        ("archive_no=A-", 1),
        ("archive_no=B", 0),
        ("form=Serv103", 1),
        ("form=Serv301", 0),
        ("state=archived", 1),
        ("place=柜", 0),
        ("finalised_from=2026-03-02&finalised_to=2026-03-02", 1),
        ("finalised_from=2026-03-03", 0),
    ],
)
def test_the_archive_is_searched_by_what_a_document_says_and_where_it_is(
    browser_of: Browser,
    cast: Cast,
    new_document: Issue,
    printer: Printer,
    held_clock: Any,
    asked: str,
    found: int,
) -> None:
    document = new_document(until="archived")
    shown = browser_of(cast.specialist).get(f"/document/?show=all&{asked}").content.decode()
    assert shown.count(f">{document.number}<") == found

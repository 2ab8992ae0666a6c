"""Documents from the archive at once: what one may see at the moment of work, as it was frozen, and who took it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from batches import asking, making, places
from batches.asking import CannotAskError, Fetch
from batches.models import Batch, Item
from documents.models import Document, Printed
from people.models import User
from tests.batches.conftest import done
from tests.cast import act

if TYPE_CHECKING:
    from tests.batches.conftest import Ask
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(printer: list[str]) -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def documents(made: Ask) -> list[Any]:
    """Three final documents and a draft."""
    made(count=3)
    made(count=1, goal="print")
    return list(Document.objects.order_by("pk"))


def why(batch: Batch) -> list[str]:
    return [item.why for item in Item.objects.filter(batch=batch)]


def test_chosen_documents_come_as_one_pdf_in_the_order_in_which_they_were_chosen(
    documents: list[Any], fetch: Ask
) -> None:
    chosen = [documents[2].number, documents[0].number, documents[2].number]
    batch = fetch(numbers=chosen, format="pdf")
    with pypdfium2.PdfDocument(places.file(batch)) as pdf:
        assert [line.get_title() for line in pdf.get_toc()] == chosen[:2]


@pytest.mark.rule("FRM-13")
def test_a_zip_holds_what_was_frozen_byte_for_byte_and_what_is_not_final_is_named_as_missing(
    documents: list[Any], fetch: Ask
) -> None:
    batch = fetch(query="show=all&sort=number")
    assert (batch.done, batch.refused, batch.total) == (3, 1, 4)
    assert [each for each in why(batch) if each] == ["It is not final and has no frozen print."]
    with zipfile.ZipFile(places.file(batch)) as archive:
        for document in documents[:3]:
            master = Printed.objects.get(document=document, copy=0, for_customer=False)
            assert archive.read(f"{document.number}.pdf") == master.file.read()
        book = openpyxl.load_workbook(BytesIO(archive.read("index.xlsx")))
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert {row[7] for row in rows if row[7]} == set(
        Printed.objects.filter(copy=0, for_customer=False).values_list("sha256", flat=True)
    )


def test_scans_that_came_back_lie_beside_their_document_under_harmless_names(
    cast: Cast, documents: list[Any], fetch: Ask
) -> None:
    for name in ("scan.txt", "scan.txt"):
        file = SimpleUploadedFile(name, b"scanned")
        act(documents[0], "attach", cast.specialist, files=MultiValueDict({"files": [file]}))
    documents[0].attachments.update(name="..\\..\\/etc/passwd")
    batch = fetch(numbers=[documents[0].number])
    with zipfile.ZipFile(places.file(batch)) as archive:
        names = [name for name in archive.namelist() if "/" in name]
    assert len(names) == len(set(names)) == 2
    assert all(name.startswith(f"{documents[0].number}/") and ".." not in name for name in names)
    assert all(name.endswith("-passwd") for name in names)


def test_nobody_fetches_what_they_may_not_see_and_rights_are_asked_again_at_work(
    cast: Cast, documents: list[Any], fetch: Ask
) -> None:
    with pytest.raises(CannotAskError, match="nothing to be done"):
        fetch(by=cast.rd_engineer, numbers=[document.number for document in documents])
    with pytest.raises(CannotAskError, match="nothing to be done"):
        fetch(by=cast.rd_engineer, query="show=all")
    wish = Fetch("zip", "k" * 32, [document.number for document in documents[:3]])
    batch = asking.begin_fetch(cast.engineer, wish)
    making._step(batch.pk)
    User.objects.filter(pk=cast.engineer.pk).update(department=None)
    cast.engineer.roles.clear()
    done(batch)
    assert why(batch) == ["", "You may not see it any more.", "You may not see it any more."]


def test_what_is_not_what_was_frozen_is_never_handed_out(documents: list[Any], fetch: Ask) -> None:
    printed = documents[1].printed
    with open(printed.file.path, "ab") as file:  # noqa: PTH123 - past all doors
        file.write(b"%")
    batch = fetch(numbers=[document.number for document in documents[:2]])
    assert "not what was frozen" in why(batch)[1]
    with zipfile.ZipFile(places.file(batch)) as archive:
        assert f"{documents[1].number}.pdf" not in archive.namelist()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"query": "x" * 5000}, "too long"),
        ({"numbers": ["Serv103-1999-0001"]}, "nothing to be done"),
        ({"numbers": [], "format": "exe"}, "as one PDF or as a ZIP"),
    ],
)
def test_a_wish_that_means_nothing_is_refused_in_words(fetch: Ask, wish: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotAskError, match=words):
        fetch(**wish)

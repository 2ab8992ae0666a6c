"""Many PDFs as one: every page, nothing twice, nothing that acts by itself, and hardly any memory."""

from __future__ import annotations

import tracemalloc
from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from batches.merging import Merger
from tests.scans.paper import bound, sheet, url

if TYPE_CHECKING:
    from pathlib import Path


def merged(*documents: bytes) -> bytes:
    out = BytesIO()
    merger = Merger(out)
    for number, document in enumerate(documents):
        merger.add(document, f"文档 {number}")
    merger.close()
    return out.getvalue()


def test_every_page_looks_as_it_did_and_every_document_is_named() -> None:
    one, two = bound(sheet(url("A" * 12, 1)), sheet()), bound(sheet(url("B" * 12)).rotate(90, expand=True))
    whole = merged(one, two)
    with pypdfium2.PdfDocument(whole) as pdf, pypdfium2.PdfDocument(one) as first, pypdfium2.PdfDocument(two) as last:
        assert len(pdf) == 3
        for page, was in zip(pdf, [first[0], first[1], last[0]], strict=True):
            assert page.render(scale=1).to_pil().tobytes() == was.render(scale=1).to_pil().tobytes()
        assert [line.get_title() for line in pdf.get_toc()] == ["文档 0", "文档 1"]
    assert len(PdfReader(BytesIO(whole), strict=True).pages) == 3


def test_what_is_the_same_in_many_documents_is_written_once() -> None:
    document = bound(sheet(url("A" * 12)))
    assert len(merged(*[document] * 50)) < len(document) * 2


def test_what_a_page_inherits_is_taken_along() -> None:
    writer = PdfWriter(clone_from=BytesIO(bound(sheet())))
    page = writer.pages[0]
    box = page.pop("/MediaBox")
    page["/Parent"].get_object()[NameObject("/MediaBox")] = box  # type: ignore[index]
    out = BytesIO()
    writer.write(out)
    with pypdfium2.PdfDocument(merged(out.getvalue())) as pdf:
        assert pdf[0].get_width() == pytest.approx(float(box[2]))


def test_what_acts_by_itself_stays_behind() -> None:
    writer = PdfWriter(clone_from=BytesIO(bound(sheet())))
    act = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    writer.root_object[NameObject("/OpenAction")] = act
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): act})
    out = BytesIO()
    writer.write(out)
    assert b"JavaScript" not in merged(out.getvalue())


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(PyPdfError):
        merged(b"nothing of the kind")


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    documents = [bound(sheet(url(f"{n:012}"), size=(620, 877))) for n in range(8)]

    def peak(times: int) -> int:
        with (tmp_path / "merged.pdf").open("wb") as out:
            merger = Merger(out)
            tracemalloc.start()
            for number in range(times):
                merger.add(documents[number % 8].replace(b"/Producer", f"/P{number:07}".encode()), str(number))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            merger.close()
        return most

    assert peak(320) < peak(160) * 1.3

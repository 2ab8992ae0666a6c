"""Files as strangers send them: sound ones, poisoned ones, and bombs."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pypdf
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

WORDS = "Gateway timeout 504"


def pdf(text: str = WORDS, pages: int = 1) -> bytes:
    """A PDF that says this on each page."""
    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for _page in range(pages):
        page = writer.add_blank_page(200, 200)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    """The bytes of a PDF."""
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def letter(*paragraphs: str) -> bytes:
    """A Word document with paragraphs and a table."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "环境", "测试环境"
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def sheet(*rows: tuple[object, ...]) -> bytes:
    """An Excel workbook with one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "名单"
    for row in rows:
        page.append(row)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def bomb(good: bytes, inside: str, megabytes: int = 200) -> bytes:
    """An office file one of whose parts unpacks into very much."""
    into = io.BytesIO(good)
    with (
        zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(inside, "w", force_zip64=True) as part,
    ):
        for _megabyte in range(megabytes):
            part.write(b"0" * 1024 * 1024)
    return into.getvalue()


def crowd(good: bytes, inside: str, members: int = 4000) -> bytes:
    """An office file with very many parts."""
    into = io.BytesIO(good)
    with zipfile.ZipFile(into, "a") as archive:
        for n in range(members):
            archive.writestr(f"{inside}{n}.xml", "x")
    return into.getvalue()


def with_part(good: bytes, name: str, content: bytes) -> bytes:
    """An office file in which one part is another."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, content if member.filename == name else old.read(member.filename))
    return into.getvalue()


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHTER = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]><x>&l9;</x>'.encode()
"""XML whose entities multiply."""
SPY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
"""XML that asks for a file of the machine."""

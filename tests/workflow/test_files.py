"""Files are judged by what they hold, not by what they are called; names are shown and never trusted."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import example, given
from hypothesis import strategies as st

from people.actors import Actor
from tests.workflow.errands import Errand
from workflow import files
from workflow.engine import perform
from workflow.models import Attachment
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.workflow.conftest import Crew

    Ask = Callable[..., Errand]

pytestmark = pytest.mark.kernel

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 64 + b"PE\x00\x00"
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 64
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def zipped(*names: str) -> bytes:
    """A zip archive with these names in it."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return box.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


def check(name: str, content: bytes) -> files.Checked:
    """Judge an upload."""
    return files.check(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("图.png", PNG, "image/png"),
        ("a.jpeg", JPG, "image/jpeg"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00", "image/gif"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.doc", OLE, "application/msword"),
        ("a.zip", zipped("x"), "application/zip"),
        ("日志.txt", "错误".encode(), "text/plain"),
        ("日志.log", "错误".encode("gb18030"), "text/plain"),
        ("a.csv", b"a,b\n", "text/plain"),
    ],
)
def test_what_is_what_its_name_says_is_taken(name: str, content: bytes, content_type: str) -> None:
    found = check(name, content)
    assert (found.name, found.content_type, found.size) == (name, content_type, len(content))
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.pdf", EXE),
        ("photo.png", EXE),
        ("photo.jpg", ELF),
        ("photo.gif", HTML),
        ("page.pdf", HTML),
        ("page.pdf", b"\n\n" + PDF),
        ("a.png", JPG),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        ("a.docx", zipped("evil.exe")),
        ("a.docx", XLSX),
        ("a.xlsx", b"PK\x03\x04 not a zip at all"),
        ("a.pptx", PDF),
        ("a.doc", DOCX),
        ("a.zip", EXE),
        ("a.zip", b"PK\x03\x04" + b"\x00" * 30),
        ("a.txt", EXE),
        ("a.txt", b"\xff\xfe\xff\xff\x80"),
        ("a.csv", PNG),
    ],
)
def test_what_is_something_else_is_refused_by_name(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as caught:
        check(name, content)
    assert caught.value.code == "disguised"
    assert name in caught.value.messages[0]


@pytest.mark.parametrize(
    "name",
    [
        "virus.exe",
        "a.html",
        "a.svg",
        "a.js",
        "a.htm",
        "a.php",
        "a.sh",
        "a",
        ".pdf",
        "pdf",
        "a.pdf.exe",
        "a.png\u202egnp.exe",
    ],
)
def test_a_kind_that_is_not_taken_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        check(name, PDF)


def test_an_empty_file_and_one_too_large_are_refused(settings: Any) -> None:
    with pytest.raises(ValidationError):
        check("a.pdf", b"")
    settings.ATTACHMENT_MAX_BYTES = len(PDF)
    assert check("a.pdf", PDF).size == len(PDF)
    settings.ATTACHMENT_MAX_BYTES -= 1
    with pytest.raises(ValidationError):
        check("a.pdf", PDF)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("/etc/a.pdf", "a.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("a\nb\t c.pdf", "a b c.pdf"),
        ("说明 (1).pdf", "说明 (1).pdf"),
        ("\u202egnp.pdf", "\u202egnp.pdf"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
    ],
)
def test_a_name_is_one_line_without_a_path_and_keeps_its_end(given: str, kept: str) -> None:
    upload = SimpleUploadedFile("x.pdf", PDF)
    upload._name = given  # type: ignore[attr-defined] # past Django's own cleaning
    assert files.check(upload).name == kept


def verdict(name: str, content: bytes) -> str:
    """What is said to an upload: its hash, or why it is refused."""
    try:
        return check(name, content).sha256
    except ValidationError as refusal:
        return refusal.messages[0]


@given(st.binary(max_size=300), st.sampled_from(sorted(files._KINDS)))
def test_no_content_however_broken_raises_anything_but_a_refusal(content: bytes, extension: str) -> None:
    for body in (content, files._KINDS[extension][1] + content):
        assert verdict(f"a.{extension}", body)


@example(position=DOCX.index(b"PK\x01\x02") + 6, byte=64, extension="docx")  # "zip file version 6.4"
@given(st.integers(0, len(DOCX) - 1), st.integers(0, 255), st.sampled_from(["docx", "zip"]))
def test_no_broken_archive_raises_anything_but_a_refusal(position: int, byte: int, extension: str) -> None:
    body = bytearray(DOCX)
    body[position] = byte
    assert verdict(f"a.{extension}", bytes(body))


# --- through the gate ------------------------------------------------------------------------------------------------
@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    """Where files are kept while the test runs."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        },
    }
    return folder


def uploads(*given: tuple[str, bytes]) -> MultiValueDict[str, Any]:
    """Files as a request carries them."""
    return MultiValueDict({"files": [SimpleUploadedFile(name, content) for name, content in given]})


def stored(folder: Path) -> list[Path]:
    """Every file that lies there."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_are_kept_under_names_that_nobody_chose(ask: Ask, crew: Crew, store: Path) -> None:
    errand = ask()
    entry = perform(errand, "attach", actor=Actor(crew.handler), files=uploads(("../../a.pdf", PDF), ("b.png", PNG)))
    rows = list(Attachment.objects.filter(entry=entry).order_by("id"))
    assert [(row.name, row.content_type, row.size, row.public) for row in rows] == [
        ("a.pdf", "application/pdf", len(PDF), False),
        ("b.png", "image/png", len(PNG), False),
    ]
    assert entry.data["files"] == ["a.pdf", "b.png"]
    assert {path.read_bytes() for path in stored(store)} == {PDF, PNG}
    assert not any(path.name.startswith(("a", "b")) and "." in path.name for path in stored(store))
    assert all(path.is_relative_to(store) for path in stored(store))


def test_files_that_come_with_a_public_act_are_public(crew: Crew, customer: Any, store: Path) -> None:
    data = {"customer": customer.pk, "title": "x"}
    perform(Errand(), "ask", actor=Actor(crew.specialist), data=data, files=uploads(("a.pdf", PDF)))
    assert Attachment.objects.get().public


def test_one_bad_file_refuses_the_whole_act_and_leaves_none_behind(ask: Ask, crew: Crew, store: Path) -> None:
    errand = ask()
    with pytest.raises(InvalidData) as caught:
        perform(errand, "attach", actor=Actor(crew.handler), files=uploads(("a.pdf", PDF), ("b.pdf", EXE)))
    assert "b.pdf" in str(caught.value)
    assert not Attachment.objects.exists()
    assert stored(store) == []
    assert errand.entries.count() == 1


def test_at_most_ten_files_at_a_time(ask: Ask, crew: Crew, store: Path) -> None:
    many = [(f"{n}.pdf", PDF) for n in range(files.MAX_FILES + 1)]
    with pytest.raises(InvalidData):
        perform(ask(), "attach", actor=Actor(crew.handler), files=uploads(*many))
    perform(ask(), "attach", actor=Actor(crew.handler), files=uploads(*many[1:]))
    assert Attachment.objects.count() == files.MAX_FILES


def test_where_files_are_asked_for_none_is_refused(ask: Ask, crew: Crew, store: Path) -> None:
    with pytest.raises(InvalidData) as caught:
        perform(ask(), "attach", actor=Actor(crew.handler), data={"text": "no file"})
    assert [reason.field for reason in caught.value.reasons] == ["files"]


def test_only_what_a_browser_can_show_without_running_it_is_previewed() -> None:
    shown = {kind for kind, _begins in files._KINDS.values() if Attachment(content_type=kind).previewable}
    assert shown == {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}

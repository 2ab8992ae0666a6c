"""What is not taken, and in which words; what a file can do wrong when it is opened."""

from __future__ import annotations

import struct
import zlib
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image
from pypdf import PdfWriter

from scans import door, paper, reading
from scans.door import NotTakenError
from scans.models import Upload
from tests.scans.paper import bound, saved, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast
    from tests.scans.conftest import Bring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head promises very many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "is empty"),
        ("letter.docx", b"PK\x03\x04word", "neither a PDF nor an image"),
        ("photo.jpg", b"<html><script>alert(1)</script>", "neither a PDF nor an image"),
        ("photo.png", b"MZ\x90\x00 this program", "neither a PDF nor an image"),
        ("movie.heic", b"\x00\x00\x00\x18ftypmp42", "neither a PDF nor an image"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 nothing but a head", "damaged"),
        ("bomb.png", png_of(60_000, 60_000), "too large"),
        ("bomb.png", png_of(9_000, 9_000), "too large"),
        ("bomb.png", png_of(11_000, 9_000), "too large"),
    ],
)
def test_what_is_no_scan_is_refused_at_the_door_in_clear_words(
    cast: Cast, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(NotTakenError, match=words):
        door.take(cast.specialist, SimpleUploadedFile(name, content))
    assert not Upload.objects.exists()


def test_fifty_megabytes_are_refused(cast: Cast) -> None:
    sent = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff")
    sent.size = 50 * 1024 * 1024
    with pytest.raises(NotTakenError, match="larger than 40 MB"):
        door.take(cast.specialist, sent)


def locked() -> bytes:
    writer = PdfWriter(clone_from=BytesIO(bound(sheet())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def long() -> bytes:
    writer = PdfWriter()
    for _n in range(paper.MOST_PAGES + 1):
        writer.add_blank_page(100, 100)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def empty() -> bytes:
    out = BytesIO()
    PdfWriter().write(out)
    return out.getvalue()


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def test_half_a_photo_is_damaged_also_where_forms_are_printed() -> None:
    import_module("forms_templates.printing.engine")
    with pytest.raises(paper.UnreadableError, match="damaged"):
        paper.page(BytesIO(_half(saved(sheet()))), "", 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (locked, "locked"),
        (lambda: bound(sheet())[:2000], "damaged"),
        (lambda: b"%PDF-1.7 and then nothing", "damaged"),
        (lambda: _half(saved(sheet())), "damaged"),
        (long, "long"),
        (empty, "damaged"),
    ],
)
def test_what_cannot_be_read_says_why_and_leaves_nothing_behind(
    cast: Cast, bring: Bring, scans_folder: Path, content: Any, fault: str
) -> None:
    upload = bring(content())
    assert (upload.stage, upload.fault) == ("failed", fault)
    assert list(scans_folder.iterdir()) == []
    # Scanned anew under the same name, it is taken; even the same file may be tried again.
    again, new = door.take(cast.specialist, SimpleUploadedFile("scan.pdf", content()))
    assert new
    assert again != upload


def test_a_page_as_large_as_a_house_is_drawn_small(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(14_400, 14_400)
    writer.write(tmp_path / "large.pdf")
    image = paper.page(tmp_path / "large.pdf", "pdf", 1)
    assert max(image.size) <= paper.LONGEST


def test_a_file_over_which_workers_fall_is_given_up(cast: Cast) -> None:
    upload, _new = door.take(cast.specialist, SimpleUploadedFile("scan.pdf", bound(sheet())))
    Upload.objects.update(begun=reading.MOST_TIMES)
    reading.run(5)
    upload.refresh_from_db()
    assert (upload.stage, upload.fault) == ("failed", "worn")


def test_the_file_of_somebody_whose_account_is_closed_is_not_read(cast: Cast) -> None:
    upload, _new = door.take(cast.specialist, SimpleUploadedFile("scan.pdf", bound(sheet())))
    type(cast.specialist).objects.filter(pk=cast.specialist.pk).update(is_active=False)
    reading.run(5)
    upload.refresh_from_db()
    assert (upload.stage, upload.fault) == ("failed", "account")


@pytest.mark.parametrize(
    ("part", "may"),
    [
        ("specialist", True),
        ("engineer", True),
        ("director", True),
        ("finance", True),
        ("rd_engineer", True),
        ("contact", False),
    ],
)
def test_scans_are_brought_by_whoever_has_to_do_with_documents(cast: Cast, part: str, may: bool) -> None:
    assert door.may_upload(vars(cast)[part]) is may


def test_transparent_and_palette_images_are_read_on_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    clear.save(tmp_path / "clear.png")
    assert paper.page(tmp_path / "clear.png", "png", 1).getpixel((5, 5)) == (255, 255, 255)


def test_many_images_are_compressed_until_they_fit() -> None:
    import random

    chance = random.Random(1)
    grain = Image.frombytes("RGB", (1600, 2200), chance.randbytes(1600 * 2200 * 3))
    images = [paper.jpeg(grain) for _n in range(2)]
    most = sum(map(len, images)) // 2
    assert len(paper.pdf(images, most)) < most

"""What is uploaded into a form: pictures made anew, PDF without anything that runs, and nothing in disguise."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from forms_templates import drawing, uploads
from tests.invitations.conftest import photograph


def pdf(*objects: bytes) -> bytes:
    """A PDF of one empty page, with more objects."""
    body = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        *objects,
    ]
    made, places = b"%PDF-1.7\n", []
    for number, each in enumerate(body, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(body) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(body) + 1, table) + end


def judged(name: str, content: bytes) -> Any:
    """What became of an upload."""
    return uploads.judged(SimpleUploadedFile(name, content))


def test_where_and_with_what_a_photograph_was_taken_is_not_kept() -> None:
    told = Image.Exif()
    told[0x010F] = "SecretCamera"
    told.get_ifd(0x8825)[1] = "N"
    kept = judged("盖章页.jpeg", photograph(exif=told))
    content = kept.upload.read()
    assert b"SecretCamera" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert (kept.name, kept.content_type) == ("盖章页.jpg", "image/jpeg")


def test_a_photograph_taken_sideways_stands_upright() -> None:
    told = Image.Exif()
    told[0x0112] = 6
    kept = judged("a.jpg", photograph(size=(60, 40), exif=told))
    assert Image.open(kept.upload).size == (40, 60)


def test_a_large_photograph_is_made_smaller() -> None:
    kept = judged("a.jpg", photograph(size=(5000, 2500)))
    assert Image.open(kept.upload).size == (uploads.LONGEST_SIDE, uploads.LONGEST_SIDE // 2)


def test_a_picture_of_an_iphone_is_read() -> None:
    content = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "blue")).save(content)
    kept = judged("IMG_0001.HEIC", content.getvalue())
    assert (kept.name, Image.open(kept.upload).size) == ("IMG_0001.jpg", (64, 48))


def test_too_many_dots_are_no_photograph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_DOTS", 100)
    with pytest.raises(ValidationError, match=r"a\.png"):
        judged("a.png", photograph("PNG"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<html>"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("a.heic", photograph("PNG")[:20]),
        ("a.pdf", b"%PDF-1.7 nothing"),
        ("a.pdf", photograph()),
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg onload='x()'/>"),
        ("a.jpg", b""),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_by_name(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        judged(name, content)
    assert name in " ".join(refused.value.messages)


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    content = pdf()
    kept = judged("扫描.pdf", content)
    assert (kept.content_type, kept.upload.read()) == ("application/pdf", content)


def packed(inside: bytes) -> bytes:
    """An object that lies packed within a stream, where a look at the file does not find it."""
    body = zlib.compress(b"4 0 " + inside)
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(body),
        body,
    )


@pytest.mark.parametrize(
    "inside",
    [
        b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"<< /S /J#61vaScript >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Type /Filespec /EF << /F 9 0 R >> /EmbeddedFiles 9 0 R >>",
        packed(b"<< /S /JavaScript /JS (x) >>"),
        b"<< /Type /ObjStm /N 1 /First 4 /Length 4 >>\nstream\nnope\nendstream",
    ],
)
def test_a_pdf_that_runs_or_hides_something_is_refused(inside: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        judged("扫描.pdf", pdf(inside))
    assert refused.value.code == "active"


def test_dots_that_only_look_like_a_script_are_no_script() -> None:
    judged("扫描.pdf", pdf(b"<< /Length 12 >>\nstream\n\x00/JS\x00/Launch\nendstream"))


@pytest.mark.parametrize("said", ["data:image/png;base64,####", "data:image/svg+xml,<svg/>", "x" * 400_000, "hello"])
def test_what_is_no_drawing_is_refused(said: str) -> None:
    with pytest.raises(ValidationError):
        drawing.redrawn(said)


def test_an_empty_canvas_is_no_signature(blank_canvas: str) -> None:
    assert drawing.redrawn(blank_canvas) == b""


@pytest.fixture
def blank_canvas() -> str:
    """What a canvas hands over on which nobody has drawn."""
    from base64 import b64encode

    kept = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(kept, "PNG")
    return f"data:image/png;base64,{b64encode(kept.getvalue()).decode()}"

"""What is uploaded into a form: photographs of sealed pages, and PDF files without anything that runs.

A photograph is made anew from its dots: smaller, upright, and without the place and camera that it bore.
"""

from __future__ import annotations

import io
import re
import threading
import zlib
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pillow_heif
import pypdfium2
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from core.text import clean_line
from workflow import files

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

pillow_heif.register_heif_opener()

LONGEST_SIDE = 3000
"""Dots: an A4 page at 250 to the inch, on which a seal's small print can still be read."""
MOST_DOTS = 80_000_000
_PICTURES = {"jpg", "jpeg", "png", "heic", "heif"}
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|GoToR|Encrypt)(?![A-Za-z])"
)
_HIDDEN_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_CONTENT = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_UNPACKED = 32 * 1024 * 1024
_one_reader = threading.Lock()
"""PDFium is not made for several threads at once."""


def judged(upload: UploadedFile[Any]) -> files.Checked:
    """An upload as it may be kept. Raises ValidationError with the file's name and what is wrong with it."""
    name = clean_line(PurePath(upload.name or "").name)[-150:] or "file"
    _refuse_size(upload, name)
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension in _PICTURES:
        return _photograph(upload, name)
    if extension == "pdf":
        _refuse_active(upload, name)
        return files.check(upload)
    raise ValidationError(_("%(name)s: send photographs (JPEG, PNG, HEIC) or PDF."), params={"name": name})


def _refuse_size(upload: UploadedFile[Any], name: str) -> None:
    if not upload.size:
        raise ValidationError(_("%(name)s is empty."), params={"name": name})
    if upload.size > files.max_megabytes() * 1024 * 1024:
        raise ValidationError(
            _("%(name)s is larger than %(limit)s MB."), params={"name": name, "limit": files.max_megabytes()}
        )


def _photograph(upload: UploadedFile[Any], name: str) -> files.Checked:
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "HEIF"]) as picture:
            if picture.width * picture.height > MOST_DOTS:
                raise ValidationError(_("%(name)s has too many dots to be a photograph."), params={"name": name})
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            plain = Image.new("RGB", upright.size, "white")
            plain.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("The content of %(name)s is not what its name says."), params={"name": name}, code="disguised"
        ) from error
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=88, optimize=True)
    content = kept.getvalue()
    shown = f"{PurePath(name).stem}.jpg"
    made = SimpleUploadedFile(shown, content, "image/jpeg")
    return files.Checked(made, shown, "image/jpeg", len(content), sha256(content).hexdigest())


def _refuse_active(upload: UploadedFile[Any], name: str) -> None:
    """Refuse a PDF that runs something, carries other files or cannot be looked into."""
    content = upload.read()
    upload.seek(0)
    try:
        with _one_reader:
            opened = pypdfium2.PdfDocument(content)
            pages = len(opened)
            opened.close()
    except pypdfium2.PdfiumError as error:
        raise ValidationError(
            _("The content of %(name)s is not what its name says."), params={"name": name}, code="disguised"
        ) from error
    if not pages or any(_ACTIVE.search(_plain(part)) for part in (_CONTENT.sub(b"", content), *_packed(content))):
        raise ValidationError(
            _("%(name)s holds scripts, other files or a lock. Send a photograph or a plain PDF."),
            params={"name": name},
            code="active",
        )


def _plain(content: bytes) -> bytes:
    """The content with names in plain letters: /J#61vaScript is /JavaScript."""
    return _HIDDEN_LETTER.sub(lambda found: bytes([int(found[1], 16)]), content)


def _packed(content: bytes) -> list[bytes]:
    """What a PDF keeps in packed streams of objects, unpacked."""
    found = []
    for stream in _STREAM.finditer(content):
        unpacking = zlib.decompressobj()
        try:
            found.append(unpacking.decompress(content[stream.end() :], _UNPACKED))
        except zlib.error:
            found.append(b"/Encrypt")  # whatever it is, it cannot be looked into
    return found

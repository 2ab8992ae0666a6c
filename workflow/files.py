"""What may be attached: files are judged by their content, and name, size and kind must agree."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.text import clean_line

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 10
_OFFICE = "application/vnd.openxmlformats-officedocument."
_KINDS: dict[str, tuple[str, bytes]] = {
    # extension: (type that is served, how the content begins)
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "gif": ("image/gif", b"GIF8"),
    "webp": ("image/webp", b"RIFF"),
    "doc": ("application/msword", b"\xd0\xcf\x11\xe0"),
    "xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0"),
    "ppt": ("application/vnd.ms-powerpoint", b"\xd0\xcf\x11\xe0"),
    "docx": (_OFFICE + "wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", b"PK\x03\x04"),
    "pptx": (_OFFICE + "presentationml.presentation", b"PK\x03\x04"),
    "zip": ("application/zip", b"PK\x03\x04"),
    "txt": ("text/plain", b""),
    "log": ("text/plain", b""),
    "csv": ("text/plain", b""),
}
_INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


@dataclass(frozen=True)
class Checked:
    """An upload that passed, with what is known about it."""

    upload: UploadedFile[Any]
    name: str
    content_type: str
    size: int
    sha256: str


def max_megabytes() -> int:
    """The largest file that is taken, in MB."""
    return int(settings.ATTACHMENT_MAX_BYTES) // (1024 * 1024)


def check(upload: UploadedFile[Any]) -> Checked:
    """Judge one upload. Raises ValidationError with the file's name and what is wrong with it."""
    name = clean_line(PurePath(upload.name or "").name)[-200:] or "file"
    size = upload.size or 0
    if size == 0:
        raise ValidationError(_("%(name)s is empty."), params={"name": name})
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("%(name)s is larger than %(limit)s MB."), params={"name": name, "limit": max_megabytes()}
        )
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in _KINDS:
        raise ValidationError(
            _("%(name)s: files of this kind are not taken. Send images, PDF, Office documents or text."),
            params={"name": name},
        )
    if not _content_agrees(upload, extension):
        raise ValidationError(
            _("The content of %(name)s is not what its name says."), params={"name": name}, code="disguised"
        )
    content_type, _begins = _KINDS[extension]
    return Checked(upload, name, content_type, size, _fingerprint(upload))


def _content_agrees(upload: UploadedFile[Any], extension: str) -> bool:
    head = upload.read(4096)
    upload.seek(0)
    _type, begins = _KINDS[extension]
    if not begins:
        return _is_text(upload, head)
    if not head.startswith(begins):
        return False
    if extension == "webp":
        return bool(head[8:12] == b"WEBP")
    if begins == b"PK\x03\x04":
        return _zip_holds(upload, _INSIDE.get(extension, ""))
    return _library_agrees(head, extension)


def _library_agrees(head: bytes, extension: str) -> bool:
    """Ask puremagic for a second opinion: nothing that it knows as a program passes under another name."""
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return True
    return not found or extension in found or not found & {"exe", "dll", "elf", "html", "htm", "svg", "js", "swf"}


def _is_text(upload: UploadedFile[Any], head: bytes) -> bool:
    if b"\x00" in head:
        return False
    body = upload.read()
    upload.seek(0)
    for encoding in ("utf-8", "gb18030"):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _zip_holds(upload: UploadedFile[Any], folder: str) -> bool:
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, struct.error):  # what a broken directory can raise
        return False
    finally:
        upload.seek(0)
    return not folder or any(name.startswith(folder) for name in names)


def _fingerprint(upload: UploadedFile[Any]) -> str:
    found = sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()

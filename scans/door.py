"""The door: a file is judged by its content before it is stored; what is stored, is read by a worker."""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core.shelves import Shelf
from core.text import clean_line
from documents.flow import FILLERS
from scans import paper
from scans.models import Upload
from workflow import registry
from workflow.kick import wake

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from people.models import User

SHELF = Shelf("SCANS_FOLDER")
ORIGINAL = "original"
MOST_BYTES = 40 * 1024 * 1024
_HEAD = 32
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class NotTakenError(Exception):
    """The file was not taken; `str()` of it says why, to the person who sent it."""


def may_upload(user: User) -> bool:
    """Whether a person brings scans: those whose documents these are, and who fills in or signs them."""
    if user.is_customer:
        return False
    department = user.department.code if user.department_id and user.department else ""
    return user.sees_all or department == registry.get("document").department or user.has_role(*FILLERS.codes)


def take(user: User, sent: UploadedFile[Any]) -> tuple[Upload, bool]:
    """Store a file; the same file of the same person is the same upload. Raises NotTakenError.

    Returns the upload, and whether it is a new one.
    """
    name = clean_line(PurePath(sent.name or "").name)[-200:] or "scan"
    kind = _judged(sent, name)
    print_ = sha256()
    for chunk in sent.chunks():
        print_.update(chunk)
    same = Upload.objects.own(user).filter(sha256=print_.hexdigest()).exclude(stage=Upload.Stage.FAILED)
    if found := same.first():
        return found, False
    try:
        with transaction.atomic():
            made = Upload.objects.create(
                uploaded_by=user,
                name=name,
                kind=kind,
                size=sent.size or 0,
                sha256=print_.hexdigest(),
                language=get_language() or "",
                uploaded_at=clock.now(),
            )
            _keep(made, sent)
            transaction.on_commit(lambda: wake("scans.read"))
    except IntegrityError:
        return same.get(), False
    return made, True


def _keep(made: Upload, sent: UploadedFile[Any]) -> None:
    sent.seek(0)
    with (SHELF.folder(made.pk) / ORIGINAL).open("wb") as out:
        for chunk in sent.chunks():
            out.write(chunk)


def _judged(sent: UploadedFile[Any], name: str) -> str:
    size = sent.size or 0
    if size == 0:
        raise NotTakenError(_("%(name)s is empty.") % {"name": name})
    if size > MOST_BYTES:
        limit = MOST_BYTES // (1024 * 1024)
        raise NotTakenError(_("%(name)s is larger than %(limit)s MB.") % {"name": name, "limit": limit})
    kind = _kind(sent.read(_HEAD))
    sent.seek(0)
    if not kind:
        words = _("%(name)s is neither a PDF nor an image (JPEG, PNG, HEIC, TIFF), whatever its name says.")
        raise NotTakenError(words % {"name": name})
    if kind != Upload.Kind.PDF:
        try:
            paper.glance(sent)
        except paper.UnreadableError as error:
            raise NotTakenError(f"{name}: {Upload.Fault(error.fault).label}") from error
        finally:
            sent.seek(0)
    return kind


def _kind(head: bytes) -> str:
    if head.startswith(b"%PDF-"):
        return Upload.Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Upload.Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Upload.Kind.PNG
    if head[:4] in {b"II*\x00", b"MM\x00*"}:
        return Upload.Kind.TIFF
    return Upload.Kind.HEIC if head[4:8] == b"ftyp" and head[8:12] in _BRANDS else ""

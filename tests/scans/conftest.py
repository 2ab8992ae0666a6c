"""Documents that are out to be signed, and a short way to bring a scan and to have it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from documents.models import Document, Printed
from forms_templates.models import FormVersion, Letterhead
from scans import door, reading
from tests.cast import act

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from people.models import User
    from scans.models import Upload
    from tests.cast import Cast, University

    New = Callable[..., Document]
    Bring = Callable[..., Upload]

FORM = {"code": "Serv103", "title": {"zh": "到货证明", "en": "Delivery certificate"}, "sections": []}
CODES = ("7K3MQ9TX2B4D", "1A2B3C4D5E6F", "ZZZZ00001111", "QRSTVWXYZ012")


@pytest.fixture(autouse=True)
def scans_folder(tmp_path: Path, settings: Any) -> Path:
    """Nothing is left behind."""
    settings.SCANS_FOLDER = tmp_path / "scans"
    return tmp_path / "scans"


def _versions() -> tuple[FormVersion, Letterhead]:
    now = clock.now()
    form, _made = FormVersion.objects.get_or_create(form="Serv103", number=1, defaults={"body": FORM, "made_at": now})
    letterhead, _made = Letterhead.objects.get_or_create(number=1, defaults={"name": "服务部", "made_at": now})
    return form, letterhead


@pytest.fixture
def new_document(cast: Cast, university: University) -> New:
    """A document that is out to be signed: `new_document(pages=3)`; `code` is what its pages bear."""

    def make(*, pages: int = 1, code: str = "", by: User | None = None) -> Document:
        form, letterhead = _versions()
        document = Document(title="到货证明", customer=university.organisation, form="Serv103")
        document.form_version, document.letterhead = form, letterhead
        act(document, "issue", by or cast.specialist)
        act(document, "finalise", cast.specialist)
        code = code or CODES[Document.objects.exclude(code="").count()]
        Document.objects.filter(pk=document.pk).update(code=code)
        content = f"%PDF-1.7 {code}".encode()
        Printed.objects.create(
            document=document,
            file=ContentFile(content, "print"),
            sha256=code * 5,
            size=len(content),
            pages=pages,
            made_at=clock.now(),
        )
        document.refresh_from_db()
        return document

    return make


@pytest.fixture
def bring(cast: Cast) -> Bring:
    """Bring a file and have it read: `bring(content, "a.pdf")`."""

    def brought(content: bytes, name: str = "scan.pdf", by: User | None = None) -> Upload:
        upload, _new = door.take(by or cast.specialist, SimpleUploadedFile(name, content))
        reading.run(60)
        upload.refresh_from_db()
        return upload

    return brought

"""Documents that are out to be signed, and a short way to bring a scan and to have it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import issuing, store
from documents.freezing import Kept
from forms_templates import versions
from people.actors import SYSTEM, Actor
from scans import door, reading
from tests.cast import act
from tests.documents.conftest import GIVEN
from tests.documents.form import SHEET
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents.models import Document
    from people.models import User
    from scans.models import Upload
    from tests.cast import Cast, University

    New = Callable[..., Document]
    Bring = Callable[..., Upload]


@pytest.fixture(autouse=True)
def scans_folder(tmp_path: Path, settings: Any) -> Path:
    """Nothing is left behind."""
    settings.SCANS_FOLDER = tmp_path / "scans"
    return tmp_path / "scans"


@pytest.fixture
def new_document(cast: Cast, university: University) -> New:
    """A document that is out to be signed: `new_document(pages=3)`; `code` is what its pages bear."""
    basis = versions.in_force("Serv103")
    versions.add(basis, SHEET, by=cast.admin, note="a small form")

    def make(*, pages: int = 1) -> Document:
        who, customer = Actor(cast.specialist), university.organisation
        document = issuing.issue("Serv103", customer=customer, actor=who, values=GIVEN)
        act(document, "finalise", cast.specialist)
        name, fingerprint = store.put(f"%PDF-1.7 {document.code}".encode())
        master = Kept(0, False, {"file": name, "sha256": fingerprint, "size": 21, "pages": pages})
        perform(document, "freeze", actor=SYSTEM, data={"sha256": fingerprint, "pages": pages, "prints": [master]})
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

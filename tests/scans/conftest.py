"""Documents that are out to be signed, and a short way to bring a scan and to have it read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scans import door, reading
from tests.scans.documents import out_to_sign, small_form

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
    small_form(cast)
    return partial(out_to_sign, cast, university)


@pytest.fixture
def bring(cast: Cast) -> Bring:
    """Bring a file and have it read: `bring(content, "a.pdf")`."""

    def brought(content: bytes, name: str = "scan.pdf", by: User | None = None) -> Upload:
        upload, _new = door.take(by or cast.specialist, SimpleUploadedFile(name, content))
        reading.run(60)
        upload.refresh_from_db()
        return upload

    return brought

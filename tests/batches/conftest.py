"""Many customers, a small form for all of them, a quick printer of real PDFs, and a short way to have a batch made."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfWriter

from batches import asking, making
from batches.asking import Campaign, Fetch
from customers.models import Contact, Organisation
from forms_templates import printing, versions
from forms_templates.printing import Print
from tests.documents.conftest import GIVEN
from tests.documents.form import SHEET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from batches.models import Batch
    from people.models import User
    from tests.cast import Cast, University

    Many = Callable[..., list[Organisation]]
    Ask = Callable[..., Batch]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> Path:
    """Nothing is left behind."""
    settings.BATCHES_FOLDER = tmp_path / "batches"
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": place}
    return tmp_path / "batches"


def quickly_printed(form: Any, letterhead: Any, values: Any, **more: Any) -> Print:
    """A page that bears the number and the customer, as a PDF of a few kilobytes."""
    picture = Image.new("L", (120, 60), "white")
    ImageDraw.Draw(picture).text((5, 5), form.code)
    out = BytesIO()
    picture.save(out, "PDF")
    writer = PdfWriter(clone_from=out)
    said = (more.get("number"), values.get("customer_name"), more.get("private", True))
    writer.add_metadata({"/Title": repr(said)})
    writer.generate_file_identifiers = lambda: None  # type: ignore[method-assign] # the same input, the same bytes
    made = BytesIO()
    writer.write(made)
    return Print(made.getvalue(), 1)


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The quick printer in place of the real one; the numbers that it has printed."""
    numbers: list[str] = []

    def render(form: Any, letterhead: Any, values: Any, **more: Any) -> Print:
        numbers.append(str(more.get("number")))
        return quickly_printed(form, letterhead, values, **more)

    monkeypatch.setattr(printing, "render", render)
    return numbers


@pytest.fixture
def form(cast: Cast) -> str:
    """A small form of which documents are made."""
    versions.add(versions.in_force("Serv103"), SHEET, by=cast.admin, note="a small form")
    return "Serv103"


@pytest.fixture
def many(cast: Cast, university: University) -> Many:
    """So many customers, each with a first contact."""

    def make(count: int) -> list[Organisation]:
        first = Organisation.objects.count()
        rows = Organisation.objects.bulk_create(
            Organisation(name=f"第 {n} 大学", folded_name=f"{n}", region=university.region)
            for n in range(first, first + count)
        )
        Contact.objects.bulk_create(
            Contact(organisation=row, name=f"联系人 {n}", email=f"c{n}@u{n}.example", primary=True)
            for n, row in enumerate(rows)
        )
        return rows

    return make


@pytest.fixture
def ask(cast: Cast, form: str, many: Many) -> Ask:
    """Ask for documents for three customers: `ask(count=5, goal="final", format="zip")`."""

    def asked(*, by: User | None = None, count: int = 3, goal: str = "final", **more: Any) -> Batch:
        customers = more.pop("customers", None)
        given = {"format": "pdf", "key": uuid.uuid4().hex, "values": GIVEN} | more
        rows = many(count) if customers is None else customers
        return asking.begin_campaign(by or cast.specialist, Campaign(form, rows, goal, **given))

    return asked


@pytest.fixture
def made(ask: Ask) -> Ask:
    """Ask, and have it made at once."""

    def ready(**more: Any) -> Batch:
        return done(ask(**more))

    return ready


def done(batch: Batch) -> Batch:
    """The batch when nobody has anything left to do with it."""
    for _turn in range(3):
        making.run(120)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def fetch(cast: Cast) -> Ask:
    """Fetch documents from the archive: `fetch(numbers=[…])` or `fetch(query="show=all")`."""

    def fetched(*, by: User | None = None, **more: Any) -> Batch:
        given = {"format": "zip", "key": uuid.uuid4().hex} | more
        return done(asking.begin_fetch(by or cast.specialist, Fetch(**given)))

    return fetched

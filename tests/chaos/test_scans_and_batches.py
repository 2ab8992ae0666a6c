"""Workers are killed in the middle of a batch and of a scan: the next goes on, and everything is there once."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from batches import asking, places
from batches.asking import Campaign
from batches.models import Batch, Trace
from customers.models import Contact, Organisation
from documents.models import Document, Printed
from scans import door
from scans.models import Page, Scan, Upload
from tests.documents.conftest import GIVEN
from tests.scans.documents import out_to_sign, small_form
from tests.scans.paper import bound, sheet, url
from tests.support.processes import wait_until
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tests.support.processes import Stage

pytestmark = [pytest.mark.timeout(900), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY = 8


@pytest.fixture
def standing(stage: Stage, cast: Cast, settings: Any) -> Stage:
    """Broker and beat, one home for the test and its workers, and a form that is printed quickly."""
    settings.BATCHES_FOLDER, settings.SCANS_FOLDER = stage.folder / "batches", stage.folder / "scans"
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": stage.folder / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    small_form(cast)
    stage.start_broker()
    stage.beat()
    return stage


def campaign(cast: Cast, university: University) -> Batch:
    """A document for each of so many customers."""
    rows = [Organisation(name=f"第 {n} 大学", region=university.region) for n in range(MANY)]
    customers = Organisation.objects.bulk_create(rows)
    Contact.objects.bulk_create(Contact(organisation=row, name="张", email="z@u.example") for row in customers)
    wish = Campaign("Serv103", customers, "final", "pdf", uuid.uuid4().hex, GIVEN)
    return asking.begin_campaign(cast.specialist, wish)


def killed_twice(stage: Stage, moved: Callable[[], int], done: Callable[[], bool]) -> None:
    """Kill a worker whenever something has moved, twice, and let a third one come to the end."""
    worker = stage.worker()
    for name in ("second", "third"):
        before = moved()
        wait_until(lambda before=before: moved() > before, 180, "nobody goes on")  # type: ignore[misc] # its own
        worker.kill()
        assert not done()
        worker = stage.worker(name)
    wait_until(done, 400, "nobody came to the end")


def test_a_batch_whose_workers_are_killed_makes_every_document_once(
    standing: Stage, cast: Cast, university: University
) -> None:
    batch = campaign(cast, university)

    def now() -> Batch:
        return Batch.objects.get(pk=batch.pk)

    killed_twice(standing, lambda: now().done, lambda: now().stage == "done")
    assert (now().done, now().refused) == (MANY, 0)
    documents: list[Any] = list(Document.objects.order_by("pk"))
    assert len(documents) == len({document.customer_id for document in documents}) == MANY
    said = Counter(Entry.objects.filter(record__kind="document").values_list("verb", flat=True))
    assert said == {"issue": MANY, "finalise": MANY, "freeze": MANY}
    assert Printed.objects.filter(copy=0, for_customer=False).count() == MANY
    with pypdfium2.PdfDocument(places.file(now())) as pdf:
        assert [line.get_title() for line in pdf.get_toc()] == [document.number for document in documents]
    assert [path.name for path in places.SHELF.at(batch.pk).iterdir()] == ["documents.pdf"]
    assert list(Trace.objects.order_by("pk").values_list("what", flat=True)) == ["asked", "ready"]


def test_a_scan_whose_workers_are_killed_is_read_and_brought_once(
    standing: Stage, cast: Cast, university: University
) -> None:
    signed = [out_to_sign(cast, university) for _n in range(14)]
    pages = [sheet() if n == 7 else sheet(url(document.code)) for n, document in enumerate(signed)]
    upload, _new = door.take(cast.specialist, SimpleUploadedFile("scan.pdf", bound(*pages)))

    def now() -> Upload:
        return Upload.objects.get(pk=upload.pk)

    killed_twice(standing, lambda: now().done, lambda: now().stage == "done")
    assert Page.objects.count() == len(pages)
    said = Counter(Entry.objects.filter(verb="receive_signed").values_list("record", flat=True))
    assert said == dict.fromkeys([document.pk for n, document in enumerate(signed) if n != 7], 1)
    assert Attachment.objects.count() == len(pages) - 1
    assert Scan.objects.count() == 1
    kept = {path.name for path in door.SHELF.at(upload.pk).iterdir()}
    assert kept == {f"{n}{end}" for n in range(1, len(pages) + 1) for end in (".jpg", ".small.jpg")}

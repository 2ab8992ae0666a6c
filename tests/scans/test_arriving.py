"""A scan comes back and finds its document; what finds none, waits for somebody who looks at it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from django.utils import translation

from documents.codes import shown
from documents.models import Document
from scans import delivering, reading
from scans.models import Page, Part, Scan, Upload
from tests.cast import act
from tests.scans.paper import bound, faint, photographed, saved, sheet, url
from workflow.models import Attachment, Entry, WorkItem
from workflow.refusals import InvalidData, NotAllowed, WrongState

if TYPE_CHECKING:
    from pathlib import Path

    from people.models import User
    from tests.cast import Cast
    from tests.scans.conftest import Bring, New

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def attached(document: Document) -> list[Attachment]:
    return list(Attachment.objects.filter(record=document.pk).order_by("pk"))


def acts(document: Document) -> list[str]:
    return list(Entry.objects.filter(record=document.pk).order_by("seq").values_list("verb", flat=True))


def outcomes(upload: Upload) -> list[tuple[str, list[int]]]:
    return [(part.outcome, [page.number for page in part.pages.all()]) for part in upload.parts.order_by("first")]


def waiting(upload: Upload) -> list[str]:
    return [part.scan.why for part in Part.objects.filter(upload=upload, scan__isnull=False) if part.scan]


# --- what finds its document ------------------------------------------------------------------------------------------
@pytest.mark.rule("FRM-13")
def test_a_signed_scan_finds_its_document_and_the_document_is_signed(
    cast: Cast, new_document: New, bring: Bring
) -> None:
    document = new_document(pages=2)
    upload = bring(bound(sheet(url(document.code, 1)), sheet(url(document.code, 2))))
    document.refresh_from_db()
    assert (upload.stage, document.state) == ("done", "signed")
    assert outcomes(upload) == [("received", [1, 2])]
    (file,) = attached(document)
    assert (file.content_type, file.name) == ("application/pdf", f"{document.number}.pdf")
    with pypdfium2.PdfDocument(file.file.read()) as pdf:
        assert len(pdf) == 2
    assert acts(document)[-2:] == ["attach", "receive_signed"]
    entry = Entry.objects.get(record=document.pk, verb="receive_signed")
    assert (entry.actor, entry.data["said"]["how"]) == (cast.specialist, "scan")
    assert not Scan.objects.exists()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF", "TIFF"])
def test_a_photograph_of_any_kind_is_taken(new_document: New, bring: Bring, kind: str) -> None:
    document = new_document()
    photo = photographed(sheet(url(document.code)), angle=5, slant=0.05, blur=0.8)
    # The name says nothing: a telephone calls every photograph .HEIC.
    bring(saved(photo, kind), "IMG_0001.HEIC")
    document.refresh_from_db()
    assert document.state == "signed"


def test_one_file_holds_the_pages_of_three_documents_in_any_order(new_document: New, bring: Bring) -> None:
    one, two, three = new_document(pages=2), new_document(), new_document(pages=3)
    pages = [(three, 3), (one, 2), (two, 1), (three, 1), (one, 1)]
    upload = bring(bound(*(sheet(url(document.code, number)) for document, number in pages)))
    assert outcomes(upload) == [("received", [1, 4]), ("received", [2, 5]), ("received", [3])]
    for document, count in ((one, 2), (two, 1), (three, 2)):
        document.refresh_from_db()
        assert document.state == "signed"
        (file,) = attached(document)
        with pypdfium2.PdfDocument(file.file.read()) as pdf:
            assert len(pdf) == count
    said = Entry.objects.get(record=three.pk, verb="attach").data["said"]["text"]
    assert "2 of 3 pages" in said
    assert "missing: 2" in said


def test_pages_that_lie_wrongly_or_came_in_the_wrong_order_are_put_right(new_document: New, bring: Bring) -> None:
    document = new_document(pages=2)
    wide = sheet(url(document.code, 1)).rotate(90, expand=True)
    bring(bound(sheet(url(document.code, 2)).rotate(180), wide))
    (file,) = attached(document)
    with pypdfium2.PdfDocument(file.file.read()) as pdf:
        first, second = (page.render(scale=1).to_pil() for page in pdf)
    assert first.height > first.width
    assert second.height > second.width
    assert [part.sheets for part in Part.objects.all()] == [[1, 2]]


def test_a_second_scan_is_added_and_told_and_is_no_error(new_document: New, bring: Bring) -> None:
    document = new_document()
    bring(saved(sheet(url(document.code))), "first.jpg")
    upload = bring(saved(faint(sheet(url(document.code)))), "second.jpg")
    assert outcomes(upload) == [("added", [1])]
    assert len(attached(document)) == 2
    assert acts(document).count("receive_signed") == 1


def test_a_page_that_came_twice_is_told(new_document: New, bring: Bring) -> None:
    document = new_document(pages=2)
    bring(bound(*(sheet(url(document.code, number)) for number in (1, 1, 2))))
    assert "twice: 1" in Entry.objects.get(record=document.pk, verb="attach").data["said"]["text"]


# --- what waits -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no_code"),
        ("https://evil.example/verify/7K3MQ9TX2B4D?p=1", "no_code"),
        (url("0000FFFFGGGG"), "unknown"),
    ],
)
def test_what_names_no_document_of_ours_waits_for_the_customer_specialists(
    cast: Cast, new_document: New, bring: Bring, text: str, why: str
) -> None:
    document = new_document()
    upload = bring(saved(sheet(text)), "a.jpg")
    document.refresh_from_db()
    assert (document.state, waiting(upload)) == ("to_sign", [why])
    scan = Scan.objects.get()
    item = WorkItem.objects.get(record=scan.pk, done_at__isnull=True)
    assert (item.role, item.verb) == ("customer_specialist", "assign")
    assert Entry.objects.get(record=scan.pk, verb="arrive").actor is None


@pytest.mark.parametrize("end", ["superseded", "cancelled"])
def test_a_document_that_is_void_takes_nothing_and_its_scan_waits_with_the_reason(
    cast: Cast, new_document: New, bring: Bring, end: str
) -> None:
    document = new_document()
    if end == "superseded":
        act(document, "replace", cast.specialist, reason="neu")
        act(Document.objects.get(replaces=document), "finalise", cast.specialist)
    else:
        act(document, "cancel", cast.specialist, reason="neu")
    upload = bring(saved(sheet(url(document.code))), "a.jpg")
    scan = Scan.objects.get()
    assert (scan.why, scan.about_id) == (end, document.pk)
    assert outcomes(upload) == [("waiting", [1])]
    assert attached(document) == []


def test_a_sheet_with_the_codes_of_two_documents_belongs_to_neither(new_document: New, bring: Bring) -> None:
    from tests.scans.paper import place

    one, two = new_document(), new_document()
    page = sheet(url(one.code))
    place(page, url(two.code), (100, 100), 150)
    assert waiting(bring(saved(page), "a.jpg")) == ["several"]


def test_whoever_may_not_see_a_document_learns_nothing_of_it_by_bringing_its_code(
    cast: Cast, new_document: New, bring: Bring
) -> None:
    document = new_document()
    upload = bring(saved(sheet(url(document.code))), "a.jpg", by=cast.rd_engineer)
    document.refresh_from_db()
    assert (document.state, waiting(upload)) == ("to_sign", ["unknown"])
    assert Scan.objects.get().about is None


def test_who_sees_a_document_without_a_right_to_receive_it_leaves_the_scan_to_others(
    cast: Cast, new_document: New, bring: Bring
) -> None:
    document = new_document()
    act(document, "copy_to", cast.specialist, people=[cast.rd_engineer.pk])
    upload = bring(saved(sheet(url(document.code))), "a.jpg", by=cast.rd_engineer)
    document.refresh_from_db()
    assert (document.state, waiting(upload), attached(document)) == ("to_sign", ["refused"], [])


# --- and is assigned or discarded ------------------------------------------------------------------------------------
@pytest.fixture
def lost(bring: Bring) -> Scan:
    """Two pages without a code."""
    bring(bound(sheet(), sheet()))
    return Scan.objects.get()


@pytest.mark.parametrize("how", ["number", "code", "key"])
def test_a_specialist_assigns_pages_by_number_or_typed_code(
    cast: Cast, new_document: New, lost: Scan, how: str
) -> None:
    document = new_document()
    said = {"number": document.number.lower(), "code": shown(document.code).lower(), "key": document.pk}[how]
    act(lost, "assign", cast.other_specialist, **_named(said))
    document.refresh_from_db()
    assert (lost.state, lost.about_id, document.state) == ("assigned", document.pk, "signed")
    (file,) = attached(document)
    with pypdfium2.PdfDocument(file.file.read()) as pdf:
        assert len(pdf) == 2
    entry = Entry.objects.get(record=document.pk, verb="receive_signed")
    assert entry.actor == cast.other_specialist
    assert not WorkItem.objects.filter(record=lost.pk, done_at__isnull=True).exists()


def _named(said: object) -> dict[str, Any]:
    return {"document": said} if isinstance(said, int) else {"document": "", "document_text": said}


def test_pages_are_not_assigned_to_a_draft_to_another_record_or_to_what_nobody_sees(
    cast: Cast, new_document: New, lost: Scan, new_ticket: Any
) -> None:
    document = new_document()
    act(document, "cancel", cast.specialist, reason="neu")
    ticket = new_ticket()
    for said in (document.pk, ticket.pk, 10**9, "nothing"):
        with pytest.raises(InvalidData):
            act(lost, "assign", cast.specialist, **_named(said))
    lost.refresh_from_db()
    assert lost.state == "waiting"


def test_what_the_document_refuses_leaves_the_pages_waiting(
    cast: Cast, new_document: New, lost: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = new_document()

    def refuse(*args: Any) -> None:
        raise WrongState

    monkeypatch.setattr(delivering, "_attach", refuse)
    with pytest.raises(WrongState):
        act(lost, "assign", cast.specialist, document=document.pk)
    lost.refresh_from_db()
    document.refresh_from_db()
    assert (lost.state, document.state, attached(document)) == ("waiting", "to_sign", [])


def test_pages_are_discarded_with_a_reason_only_and_stay_on_record(cast: Cast, lost: Scan) -> None:
    with pytest.raises(InvalidData):
        act(lost, "discard", cast.specialist, reason=" ")
    act(lost, "discard", cast.specialist, reason="An advertisement.")
    assert lost.state == "discarded"
    assert Entry.objects.get(record=lost.pk, verb="discard").data["said"]["reason"] == "An advertisement."
    with pytest.raises(WrongState):
        act(lost, "discard", cast.specialist, reason="again")


@pytest.mark.parametrize("part", ["rd_engineer", "finance", "contact"])
def test_nobody_outside_the_department_touches_waiting_pages(cast: Cast, lost: Scan, part: str) -> None:
    user: User = vars(cast)[part]
    assert not Scan.objects.for_actor(user).exists()
    with pytest.raises(NotAllowed):
        act(lost, "discard", user, reason="x")


def test_a_page_is_turned_and_is_attached_as_it_was_turned(cast: Cast, new_document: New, lost: Scan) -> None:
    document = new_document()
    act(lost, "turn", cast.specialist, page=2, turn=90)
    act(lost, "turn", cast.specialist, page=2, turn=180)
    assert Page.objects.get(number=2).turned == 270
    with pytest.raises(InvalidData):
        act(lost, "turn", cast.specialist, page=3, turn=90)
    act(lost, "assign", cast.specialist, document=document.pk)
    (file,) = attached(document)
    with pypdfium2.PdfDocument(file.file.read()) as pdf:
        assert pdf[0].get_height() > pdf[0].get_width()
        assert pdf[1].get_height() < pdf[1].get_width()


# --- once -------------------------------------------------------------------------------------------------------------
def test_the_same_file_of_the_same_person_is_one_upload(cast: Cast, new_document: New, bring: Bring) -> None:
    document = new_document()
    content = saved(sheet(url(document.code)))
    assert bring(content, "a.jpg") == bring(content, "b.jpg")
    assert len(attached(document)) == 1


@pytest.mark.parametrize("stop", range(6))
def test_whoever_goes_on_after_a_worker_that_stopped_anywhere_repeats_nothing(
    cast: Cast, new_document: New, bring: Bring, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every write of the way may be the last one of a worker."""
    one, two = new_document(), new_document()
    content = bound(sheet(url(one.code)), sheet(), sheet(url(two.code)))
    written = 0

    class KilledError(BaseException):
        pass

    say, attach = reading._say, delivering._attach

    def counted(function: Any) -> Any:
        def run(*args: Any, **more: Any) -> Any:
            nonlocal written
            written += 1
            if written == stop + 1:
                raise KilledError
            return function(*args, **more)

        return run

    with monkeypatch.context() as patched:
        patched.setattr(reading, "_say", counted(say))
        patched.setattr(delivering, "_attach", counted(attach))
        with pytest.raises(KilledError):
            bring(content)
    Upload.objects.update(held_until=None)
    reading.run(60)
    upload = Upload.objects.get()
    assert (upload.stage, upload.done, Page.objects.count()) == ("done", 3, 3)
    assert outcomes(upload) == [("received", [1]), ("waiting", [2]), ("received", [3])]
    assert [len(attached(document)) for document in (one, two)] == [1, 1]
    assert [acts(document).count("receive_signed") for document in (one, two)] == [1, 1]
    assert Scan.objects.count() == 1


def test_what_somebody_holds_is_left_to_them(cast: Cast, bring: Bring) -> None:
    from datetime import timedelta

    from core import clock

    upload = bring(saved(sheet()), "a.jpg")
    Upload.objects.filter(pk=upload.pk).update(
        stage="running", done=0, holder="x" * 32, held_until=clock.now() + timedelta(seconds=9)
    )
    assert reading.run(5) == 0


def test_images_are_removed_after_a_month_unless_somebody_must_still_look_at_them(
    held_clock: Any, cast: Cast, new_document: New, bring: Bring, scans_folder: Path
) -> None:
    from datetime import timedelta

    from core import clock
    from scans import keeping

    done, lost = (
        bring(saved(sheet(url(new_document().code))), "a.jpg"),
        bring(saved(sheet()), "b.jpg"),
    )
    (scans_folder / "999999").mkdir()
    held_clock(clock.now() + timedelta(days=31))
    assert keeping.clear_old() == 1
    assert sorted(path.name for path in scans_folder.iterdir()) == [str(lost.pk)]
    act(Scan.objects.get(), "discard", cast.specialist, reason="nothing")
    assert keeping.clear_old() == 1
    assert list(scans_folder.iterdir()) == []
    done.refresh_from_db()
    assert done.cleared


def test_the_pdf_that_is_attached_holds_pixels_and_nothing_else(new_document: New, bring: Bring) -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    document = new_document()
    writer = PdfWriter(clone_from=BytesIO(bound(sheet(url(document.code)))))
    act_ = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(act_)
    writer.add_attachment("evil.exe", b"MZ")
    out = BytesIO()
    writer.write(out)
    bring(out.getvalue())
    (file,) = attached(document)
    content = file.file.read()
    for word in (b"JavaScript", b"/JS", b"OpenAction", b"EmbeddedFile", b"app.alert", b"/AA", b"/Annots"):
        assert word not in content
    root: Any = PdfReader(BytesIO(content)).trailer["/Root"]
    assert set(root) == {"/Type", "/Pages"}

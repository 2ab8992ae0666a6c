"""The pages of scans: brought by dropping or choosing, watched, looked at; and that nobody sees another's paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scans import reading
from scans.models import Page, Scan, Upload
from tests.scans.paper import bound, saved, sheet, url

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Cast
    from tests.scans.conftest import New


pytestmark = pytest.mark.django_db
JSON, HTMX = {"Accept": "application/json"}, {"HX-Request": "true"}


def browser_of(user: User) -> Client:
    """A browser in which somebody is logged in, reading English."""
    type(user).objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def file(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_files_are_sent_by_the_form_alone_and_it_is_told_what_became_of_each(cast: Cast, new_document: New) -> None:
    document, browser = new_document(pages=2), browser_of(cast.specialist)
    sent = [file(bound(sheet(url(document.code)), sheet())), file(b"MZ", "evil.pdf")]
    answer = browser.post("/scans/", {"files": sent}, follow=True).content.decode()
    assert "scan.pdf is being read." in answer
    assert "evil.pdf is neither a PDF nor an image" in answer
    assert 'every 2s"' in answer
    reading.run(60)
    answer = browser.get("/scans/", headers=HTMX).content.decode()
    assert "<html" not in answer
    assert "every 2s" not in answer
    assert document.number in answer
    assert "1 of 2 pages; missing: 2" in answer
    assert "No code could be read." in answer


def test_a_script_sends_one_file_at_a_time_and_is_told_in_json(cast: Cast) -> None:
    browser, content = browser_of(cast.specialist), saved(sheet())
    answer = browser.post("/scans/", {"files": file(content, "a.jpg")}, headers=JSON)
    assert answer.json() == {"files": [{"taken": True, "words": "a.jpg is being read."}]}
    answer = browser.post("/scans/", {"files": file(content, "a.jpg")}, headers=JSON)
    assert "uploaded before" in answer.json()["files"][0]["words"]
    answer = browser.post("/scans/", {"files": file(b"x", "a.jpg")}, headers=JSON)
    assert (answer.status_code, answer.json()["files"][0]["taken"]) == (422, False)
    assert browser.post("/scans/", {}, headers=JSON).status_code == 422
    assert Upload.objects.count() == 1


@pytest.fixture
def lost(cast: Cast) -> Scan:
    """Two pages without a code, of the engineer."""
    browser_of(cast.engineer).post("/scans/", {"files": file(bound(sheet(), sheet()))})
    reading.run(60)
    return Scan.objects.get()


def test_a_specialist_sees_what_waits_with_its_pages_and_turns_and_assigns_them(
    cast: Cast, new_document: New, lost: Scan
) -> None:
    document, browser = new_document(), browser_of(cast.specialist)
    page = browser.get("/scans/").content.decode()
    assert page.count(f"/scans/page/{Page.objects.all()[0].pk}/?small") == 1
    assert lost.number in page
    assert lost.number in browser.get("/").content.decode(), "it is among the work of the role"
    inside = browser.get(f"/scans/{lost.number}/pages/", headers=HTMX).content.decode()
    assert inside.count("<img") == 2
    assert browser.post(f"/scan/{lost.number}/turn/", {"page": 2, "turn": 90}).status_code == 302
    assert Page.objects.get(number=2).turned == 90
    answer = browser.post(f"/scan/{lost.number}/assign/", {"document": "", "document_text": document.number})
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.state == "signed"
    assert "Nothing waits." in browser.get("/scans/").content.decode()


def test_documents_are_offered_while_nothing_is_typed(cast: Cast, new_document: New, lost: Scan) -> None:
    document, browser = new_document(), browser_of(cast.specialist)
    form = browser.get(f"/scan/{lost.number}/assign/").content.decode()
    assert "kind=document" in form
    found = browser.get(f"/find/records/?beside={lost.number}&kind=document").content.decode()
    assert document.number in found


def test_images_are_shown_to_whoever_may_see_the_scan_and_to_whoever_brought_it(cast: Cast, lost: Scan) -> None:
    page = Page.objects.all()[0]
    for part, status in (
        ("specialist", 200),
        ("engineer", 200),
        ("rd_engineer", 404),
        ("finance", 404),
        ("contact", 403),
    ):
        answer: Any = browser_of(vars(cast)[part]).get(f"/scans/page/{page.pk}/")
        assert answer.status_code == status, part
        if status == 200:
            assert answer["Content-Type"] == "image/jpeg"
            assert "sandbox" in answer["Content-Security-Policy"]
            assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    for part, status in (("rd_engineer", 404), ("contact", 403)):
        assert browser_of(vars(cast)[part]).get(f"/scans/{lost.number}/pages/").status_code == status


def test_what_others_uploaded_and_what_one_may_not_see_is_not_listed(cast: Cast, lost: Scan) -> None:
    page = browser_of(cast.rd_engineer).get("/scans/").content.decode()
    assert lost.number not in page
    assert "scan.pdf" not in page
    assert "Nothing yet." in page
    assert browser_of(cast.contact).get("/scans/").status_code == 403

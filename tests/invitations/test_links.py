"""What a link opens, for how long and for whom; and what it never does."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from core.tokens import hashed
from invitations import views
from invitations.models import Draft, Invitation, Opening
from tests.cast import act
from tests.invitations.conftest import Guest, photograph, send_again, sent_out
from tests.support.database import everything_in_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from documents.models import Document
    from tests.cast import Cast, University

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)


def test_the_link_is_in_no_table_and_its_hash_alone_finds_it(invitation: Invitation) -> None:
    token = invitation.token
    assert token not in everything_in_tables()
    assert invitation.token_hash == hashed(token)
    assert Invitation.objects.of_token(token) == invitation


def test_looking_changes_nothing_but_the_log(guest: Guest, document: Document) -> None:
    before = document.version
    for _time in range(3):
        guest.read()
    document.refresh_from_db()
    assert document.version == before
    assert not Draft.objects.exists()
    assert [(each.what, each.address) for each in Opening.objects.all()] == [("opened", "127.0.0.1")]


def test_after_its_time_it_opens_nothing_and_what_was_typed_is_kept(
    guest: Guest, held_clock: Callable[[datetime], Any], document: Document, cast: Cast, university: University
) -> None:
    version = guest.version()
    guest.send("autosave", admin_name="王老师")
    held_clock(LATER)
    closed = guest.get(guest.url)
    assert closed.status_code == 410
    assert "已过有效期" in closed.content.decode()
    late = guest.post(guest.url, {"version": version, "do": "autosave", "admin_name": "晚了"})
    assert (late.status_code, late.json()["closed"]) == (410, True)
    assert guest.post(guest.url, {"version": version, "do": "send", "admin_name": "晚了"}).status_code == 410
    send_again(document, cast, university)
    assert 'value="王老师"' in Guest(Invitation.objects.standing().get()).read()


def test_a_revoked_link_and_one_with_a_later_one_open_nothing(
    guest: Guest, document: Document, cast: Cast, university: University
) -> None:
    send_again(document, cast, university)
    assert guest.get(guest.url).status_code == 410
    anew = Guest(Invitation.objects.standing().get())
    assert anew.get(anew.url).status_code == 200
    act(document, "revoke_links", cast.specialist, reason="发错了人")
    assert anew.get(anew.url).status_code == 410
    assert anew.post(anew.url, {"do": "send"}).status_code == 410


def test_a_cancelled_document_is_not_to_be_filled_in(guest: Guest, document: Document, cast: Cast) -> None:
    act(document, "cancel", cast.specialist, reason="不再安装")
    page = guest.get(guest.url)
    assert page.status_code == 410
    assert "不再需要" in page.content.decode()


def test_a_guessed_link_is_not_there_and_guessing_is_slowed_down(client: Client, invitation: Invitation) -> None:
    answers = [client.get(f"/f/{'x' * 40}{number:03}/") for number in range(views.MISSES + 1)]
    assert [answer.status_code for answer in answers] == [404] * views.MISSES + [429]
    assert "没有这个链接" in answers[0].content.decode()


def test_too_many_requests_of_an_address_are_turned_away(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "KNOCKS", 3)
    assert [guest.get(guest.url).status_code for _time in range(4)] == [200, 200, 200, 429]


def test_a_form_without_our_token_changes_nothing(invitation: Invitation) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/f/{invitation.token}/", {"do": "autosave", "version": "0", "admin_name": "x"})
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_a_link_is_for_its_document_alone(
    guest: Guest, cast: Cast, university: University, whole: dict[str, Any]
) -> None:
    other = sent_out(cast, university)
    guest.send(**whole, document=other.pk, number=other.number, customer=0)
    other.refresh_from_db()
    assert other.state == "draft"
    assert Invitation.objects.standing().get().document == other


def test_no_cache_no_search_engine_and_no_other_page_gets_the_address(guest: Guest, document: Document) -> None:
    for url in (guest.url, f"/f/{'x' * 43}/"):
        answer = guest.get(url)
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Cache-Control"] == "no-store"
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_no_log_holds_a_link(guest: Guest, caplog: pytest.LogCaptureFixture, invitation: Invitation) -> None:
    caplog.set_level(logging.DEBUG)
    guest.post(guest.url, {"do": "send", "version": "0"})
    Client(enforce_csrf_checks=True).post(guest.url, {"do": "send"})
    guest.get(f"{guest.url}copy/")
    guest.get(f"/f/{invitation.token}/elsewhere/")
    assert "/f/…" in caplog.text
    assert invitation.token not in caplog.text


def test_a_huge_photograph_and_a_fake_are_refused_and_the_rest_is_kept(
    guest: Guest, settings: Any, document: Document
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    huge = SimpleUploadedFile("大.jpg", photograph() + b"\x00" * (1024 * 1024), "image/jpeg")
    answer = guest.send("save", admin_name="王老师", photos=huge)
    assert answer.status_code == 422
    assert "大.jpg 超过 1 MB" in answer.content.decode()
    fake = SimpleUploadedFile("假.png", b"MZ\x90\x00", "image/png")
    assert "假.png" in guest.send("save", admin_name="王老师", photos=fake).content.decode()
    assert Draft.objects.get().values["admin_name"] == "王老师"
    assert not document.attachments.exists()


def test_staff_see_the_link_once_and_colleagues_never(cast: Cast, university: University, held_clock: Any) -> None:
    document = sent_out(cast, university, by_email=False)
    made = Invitation.objects.get(document=document)
    mine, other = Client(), Client()
    mine.force_login(cast.specialist)
    other.force_login(cast.other_specialist)
    assert made.token not in mine.get(f"/links/{made.pk}/").content.decode()
    assert other.post(f"/links/{made.pk}/").status_code == 404
    assert made.link in mine.post(f"/links/{made.pk}/").content.decode()
    assert made.token not in mine.post(f"/links/{made.pk}/").content.decode()


def test_whoever_sends_it_out_is_led_to_the_link(cast: Cast, university: University, document: Document) -> None:
    desk = Client()
    desk.force_login(cast.specialist)
    until = f"{clock.local(clock.now()) + timedelta(days=3):%Y-%m-%d}"
    said = {"contact": university.contact.pk, "until": until, "version": document.version}
    answer: Any = desk.post(f"/document/{document.number}/send_out/", said)
    made = Invitation.objects.standing().get()
    assert (answer.status_code, answer.url) == (302, f"/links/{made.pk}/")
    assert made.email == ""

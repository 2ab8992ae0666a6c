"""A contact fills in a form behind a link: leaves and comes back, sends it once, and reads what was sent."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import freezing
from documents.models import Signature, Taken
from invitations.models import Draft, Invitation, Opening
from tests.cast import act
from tests.invitations.conftest import Guest, photograph, send_again
from vault.models import Access
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from documents.models import Document
    from tests.cast import Cast, University

pytestmark = pytest.mark.django_db


def test_the_page_says_who_asks_for_what_until_when(guest: Guest, document: Document, held_clock: Any) -> None:
    page = guest.read()
    for said in ("张老师", "北京大学", "李专员", document.number, "安装准备表", "2026-04-01"):
        assert said in page
    assert "检查结果" not in page


def test_what_is_saved_is_there_when_one_comes_back(guest: Guest, document: Document, held_clock: Any) -> None:
    told = guest.send("autosave", admin_name="王老师", budget="30万").json()
    assert (told["message"], told["version"]) == ("已保存 10:00", 1)
    page = guest.read()
    assert 'value="王老师"' in page
    assert 'value="300000.00"' in page
    document.refresh_from_db()
    assert "admin_name" not in document.values
    assert document.state == "draft"


def test_what_cannot_be_read_is_told_at_its_field_and_the_rest_is_kept(guest: Guest) -> None:
    told = guest.send("autosave", admin_name="王老师", visits="viele").json()
    assert list(told["faults"]) == ["visits"]
    assert Draft.objects.get().values["admin_name"] == "王老师"


def test_an_older_page_never_overwrites_newer_answers(guest: Guest) -> None:
    old = guest.version()
    guest.send("autosave", admin_name="新的")
    late = guest.post(guest.url, {"version": old, "do": "autosave", "admin_name": "旧的"})
    assert (late.status_code, late.json()["newer"]) == (409, True)
    assert Draft.objects.get().values["admin_name"] == "新的"
    shown = guest.post(guest.url, {"version": old, "do": "save", "admin_name": "旧的"})
    assert shown.status_code == 409
    assert 'value="旧的"' in shown.content.decode()


def test_all_of_it_is_sent_signed_and_read_afterwards(
    guest: Guest, document: Document, invitation: Invitation, whole: dict[str, Any], held_clock: Any
) -> None:
    answer = guest.send(**whole)
    assert (answer.status_code, answer.url) == (302, guest.url)
    document.refresh_from_db()
    assert document.state == "submitted"
    assert document.values["servers"] == [{"use": "web", "host": "app01", "memory": 64}, {"host": "db01"}]
    signed = Signature.objects.get(document=document)
    assert (signed.name, signed.how, signed.contact, signed.address) == (
        "王老师",
        "typed",
        invitation.contact,
        "127.0.0.1",
    )
    page = guest.read()
    assert "谢谢" in page
    assert "app01" in page
    assert "<textarea" not in page
    entry = Entry.objects.get(record=document, verb="send_in")
    assert (entry.actor, entry.channel, entry.public) == (None, "link", True)
    assert not Draft.objects.exists()
    used = list(Opening.objects.values_list("what", flat=True).order_by("id"))
    assert used == ["opened", "sent"]


def test_sent_twice_is_sent_once(guest: Guest, document: Document, whole: dict[str, Any]) -> None:
    version = guest.version()
    answers = [guest.post(guest.url, {"version": version, "do": "send", **whole}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert "谢谢" in answers[1].content.decode()
    assert Entry.objects.filter(record=document, verb="send_in").count() == 1


def test_what_is_missing_is_marked_and_everything_typed_is_kept(
    guest: Guest, document: Document, whole: dict[str, Any]
) -> None:
    answer = guest.send(**{**whole, "admin_name": "", "layout": "many", "budget": "30万"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("<li>请填写此项。</li>") == 2
    assert 'value="app01"' in page
    document.refresh_from_db()
    assert document.state == "draft"
    assert Draft.objects.get().values["budget"] == "300000.00"


def test_rows_are_added_without_scripts_and_nothing_is_lost(guest: Guest) -> None:
    typed = {"servers-rows": "0", "servers-0-host": "app01", "admin_name": "王老师"}
    page = guest.send("add:servers", **typed).content.decode()
    assert 'name="servers-rows" value="0,1"' in page
    assert 'value="app01"' in page
    fewer = guest.send("drop:servers:0", **{**typed, "servers-rows": "0,1", "servers-1-host": "db01"}).content.decode()
    assert 'name="servers-rows" value="1"' in fewer
    assert "app01" not in fewer
    assert 'value="王老师"' in fewer


def test_photographs_become_attachments_at_once_and_are_listed(guest: Guest, document: Document) -> None:
    picture = SimpleUploadedFile("盖章页.png", photograph("PNG"), "image/png")
    page = guest.send("save", photos=picture).content.decode()
    kept = Attachment.objects.get(record=document)
    assert (kept.name, kept.content_type) == ("盖章页.jpg", "image/jpeg")
    assert "盖章页.jpg" in page
    assert Draft.objects.get().values["photos"] == [{"name": "盖章页.jpg", "attachment": kept.pk}]


def test_a_drawn_signature_is_kept_as_a_picture_made_anew(
    guest: Guest, document: Document, whole: dict[str, Any], drawing: str
) -> None:
    guest.send(**{**whole, "customer_signature-drawn": drawing})
    signed = Signature.objects.get(document=document)
    assert signed.how == "drawn"
    assert bytes(signed.image).startswith(b"\x89PNG")
    assert b"evil" not in bytes(signed.image)


def test_a_password_goes_into_the_vault_with_account_and_platform(
    guest: Guest, document: Document, whole: dict[str, Any]
) -> None:
    told = guest.send("autosave", os_password="first").json()
    assert told["kept"] == {"os_password": True}
    guest.send(**whole, os_account="root", os_password="second")
    access = Access.objects.get()
    assert (access.username, access.address, access.password.reveal()) == ("root", document.number, "second")
    document.refresh_from_db()
    assert document.values["os_password"] == {"kept": True, "access": access.pk}


def test_once_it_is_final_the_customers_copy_is_behind_the_same_link(
    guest: Guest, document: Document, cast: Cast, whole: dict[str, Any]
) -> None:
    guest.send(**whole)
    document.refresh_from_db()
    assert guest.get(f"{guest.url}copy/").status_code == 404
    act(document, "finalise", cast.specialist)
    freezing.freeze_pending()
    assert f"{guest.url}copy/" in guest.read()
    answer = guest.get(f"{guest.url}copy/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    printed = document.prints.get(copy=0, for_customer=True)
    assert sha256(answer.content).hexdigest() == printed.sha256
    assert [(each.printed, each.channel) for each in Taken.objects.all()] == [(printed, "link")]


def test_staff_open_it_again_and_the_customer_goes_on_with_a_new_link(
    guest: Guest, document: Document, cast: Cast, university: University, whole: dict[str, Any]
) -> None:
    guest.send(**whole)
    document.refresh_from_db()
    act(document, "reopen", cast.specialist, reason="内存有误")
    assert guest.post(guest.url, {"version": "0", "do": "send", **whole}).status_code == 200
    send_again(document, cast, university)
    anew = Guest(Invitation.objects.standing().get())
    assert 'value="app01"' in anew.read()
    assert anew.send(**{**whole, "servers-0-memory": "128"}).status_code == 302
    document.refresh_from_db()
    assert document.values["servers"][0]["memory"] == 128
    assert Signature.objects.filter(document=document, void_since__isnull=True).count() == 1

"""Staff fill in the parts of a form that are theirs, read the rest, and overwrite nobody's answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents import issuing
from people.actors import Actor
from tests.cast import act
from tests.invitations.conftest import Guest, photograph, probe_version, send_again
from vault.models import Access
from workflow.models import Attachment

if TYPE_CHECKING:
    from documents.models import Document
    from people.models import User
    from tests.cast import Cast, University

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(held_clock: Any, cast: Cast, university: University) -> Document:
    """A form of every kind of question."""
    probe_version(cast.admin)
    return issuing.issue("Serv103", customer=university.organisation, actor=Actor(cast.specialist))


class Colleague(Client):
    """Somebody at the desk."""

    def __init__(self, user: User, document: Document, *, for_customer: bool = False) -> None:
        super().__init__()
        self.force_login(user)
        self.url = f"/document/{document.number}/fill/{'?for=customer' if for_customer else ''}"

    def seen(self) -> str:
        """The answers that the page was drawn from."""
        found = re.search(r'name="seen" value="(\w+)"', self.get(self.url).content.decode())
        assert found
        return found[1]

    def save(self, seen: str = "", **typed: Any) -> Any:
        """Save what was typed."""
        return self.post(self.url, {"seen": seen or self.seen(), **typed})


def test_the_engineer_fills_in_the_engineers_part(document: Document, cast: Cast) -> None:
    engineer = Colleague(cast.engineer, document)
    page = engineer.get(engineer.url).content.decode()
    assert 'name="release"' in page
    assert 'name="admin_name"' not in page
    assert engineer.save(release="9.1", admin_name="偷改").status_code == 302
    document.refresh_from_db()
    assert (document.values["release"], document.values.get("admin_name")) == ("9.1", None)


def test_two_who_write_the_same_are_shown_each_other(document: Document, cast: Cast) -> None:
    one, two = Colleague(cast.engineer, document), Colleague(cast.other_engineer, document)
    seen = two.seen()
    one.save(release="9.1", check_result="符合")
    late = two.save(seen, release="8.0")
    page = late.content.decode()
    assert late.status_code == 409
    assert "9.1" in page
    assert 'value="8.0"' in page
    document.refresh_from_db()
    assert document.values["release"] == "9.1"
    anew = re.search(r'name="seen" value="(\w+)"', page)
    assert anew
    assert two.save(anew[1], release="8.0", check_result="符合").status_code == 302
    document.refresh_from_db()
    assert document.values["release"] == "8.0"


def test_what_the_customer_saves_meanwhile_makes_nobody_stale(
    document: Document, cast: Cast, university: University
) -> None:
    engineer = Colleague(cast.engineer, document)
    seen = engineer.seen()
    send_again(document, cast, university)
    Guest(document.invitations.get()).send("autosave", admin_name="王老师")
    assert engineer.save(seen, release="9.1").status_code == 302
    page = engineer.get(engineer.url).content.decode()
    assert "王老师" in page
    assert "尚未提交" in page


def test_the_specialist_writes_down_what_the_customer_says_by_phone(document: Document, cast: Cast) -> None:
    by_phone = Colleague(cast.specialist, document, for_customer=True)
    assert by_phone.save(admin_name="王老师", os_account="root", os_password="pa55").status_code == 302
    document.refresh_from_db()
    assert document.values["admin_name"] == "王老师"
    assert Access.objects.get().password.reveal() == "pa55"


def test_photographs_of_the_customer_open_in_place_at_the_desk(document: Document, cast: Cast) -> None:
    at_phone = Colleague(cast.specialist, document, for_customer=True)
    at_phone.save(photos=SimpleUploadedFile("盖章页.png", photograph("PNG"), "image/png"))
    page = Colleague(cast.specialist, document).get(f"/document/{document.number}/fill/").content.decode()
    kept = Attachment.objects.get()
    assert f'href="/files/{kept.pk}/" data-preview="{kept.name}"' in page


def test_what_cannot_be_read_is_said_at_its_field(document: Document, cast: Cast) -> None:
    by_phone = Colleague(cast.specialist, document, for_customer=True)
    refused = by_phone.save(budget="viel", admin_name="王老师")
    assert refused.status_code == 422
    assert 'value="viel"' in refused.content.decode()
    document.refresh_from_db()
    assert "admin_name" not in document.values


def test_who_must_still_fill_in_what_is_said(document: Document, cast: Cast) -> None:
    page = Colleague(cast.engineer, document)
    text = page.get(page.url).content.decode()
    assert "管理员姓名" in text.split("尚缺内容", 1)[1].split("</section>", 1)[0]


def test_a_final_document_and_a_stranger_are_turned_away(document: Document, cast: Cast) -> None:
    assert Colleague(cast.finance, document).get(f"/document/{document.number}/fill/").status_code == 404
    act(document, "cancel", cast.specialist, reason="不再需要")
    desk = Colleague(cast.specialist, document)
    assert desk.get(desk.url).status_code == 302

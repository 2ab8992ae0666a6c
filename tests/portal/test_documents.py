"""A customer's contact finds the organisation's final documents, without what is the company's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from documents import freezing, store
from documents.models import Taken
from tests.documents.form import SHEET

if TYPE_CHECKING:
    from pathlib import Path

    from people.models import User
    from tests.cast import Cast, University
    from tests.paper import Issue, Printer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    options = {"location": tmp_path / "files", "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def guest(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_they_get_the_customers_copy_and_that_is_written_down(
    new_document: Issue, printer: Printer, cast: Cast
) -> None:
    final = new_document(until="to_sign")
    freezing.freeze_pending()
    client = guest(cast.contact)
    assert final.number in client.get("/portal/documents/").content.decode()
    answer = client.get(f"/portal/documents/{final.number}/pdf/")
    assert answer.content == store.read(final.prints.get(copy=0, for_customer=True))
    assert list(Taken.objects.values_list("by", "channel")) == [(cast.contact.pk, "portal")]


def test_drafts_are_not_there(new_document: Issue, cast: Cast) -> None:
    draft = new_document(until="submitted")
    client = guest(cast.contact)
    assert draft.number not in client.get("/portal/documents/").content.decode()
    assert client.get(f"/portal/documents/{draft.number}/pdf/").status_code == 404


def test_another_customers_contact_finds_nothing(
    new_document: Issue, printer: Printer, cast: Cast, university: University
) -> None:
    from customers.models import Contact, Organisation
    from people.models import User

    login = User.objects.create_user("stranger", "s@x.example", "x" * 12, is_customer=True)
    other = Organisation.objects.create(name="清华大学", region=university.region)
    Contact.objects.create(organisation=other, name="王", phone="1", user=login)
    final = new_document(until="to_sign")
    freezing.freeze_pending()
    assert final.number not in guest(login).get("/portal/documents/").content.decode()
    assert guest(login).get(f"/portal/documents/{final.number}/pdf/").status_code == 404


def test_what_is_the_houses_own_is_not_there(
    new_document: Issue, printer: Printer, cast: Cast, monkeypatch: Any
) -> None:
    monkeypatch.setitem(SHEET, "internal", True)
    monkeypatch.setattr("documents.models.internal_forms", lambda: ["Serv103"])
    final = new_document(until="to_sign")
    freezing.freeze_pending()
    assert guest(cast.contact).get(f"/portal/documents/{final.number}/pdf/").status_code == 404

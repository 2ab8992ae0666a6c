"""A contact who can log in finds the organisation's forms in the portal, and fills them in there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from documents.models import Signature
from tests.portal.conftest import Browser, browser_of, contact_with_login
from workflow.models import Entry

if TYPE_CHECKING:
    from documents.models import Document
    from tests.cast import Cast, University

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(university: University, cast: Cast) -> Browser:
    """The university's contact."""
    return browser_of(cast.contact)


def test_the_list_names_what_waits_and_until_when(home: Browser, document: Document) -> None:
    page = home.read("/portal/forms/")
    for said in ("安装准备表", document.number, "2026-04-01", "李专员"):
        assert said in page


def test_it_is_filled_in_saved_and_sent(home: Browser, document: Document, cast: Cast, whole: dict[str, Any]) -> None:
    url = f"/portal/forms/{document.number}/"
    told = home.send(url, do="autosave", admin_name="王老师").json()
    assert told["version"] == 1
    assert 'value="王老师"' in home.read(url)
    assert home.send(url, do="send", layout="one").status_code == 422
    assert home.send(url, do="send", **whole).status_code == 302
    document.refresh_from_db()
    assert document.state == "submitted"
    entry = Entry.objects.get(record=document, verb="send_in")
    assert (entry.actor, entry.channel) == (cast.contact, "portal")
    assert Signature.objects.get(document=document).user == cast.contact
    assert home.get(url).status_code == 302
    assert "目前没有待填表单" in home.read("/portal/forms/")


def test_a_colleague_goes_on_where_the_contact_stopped(
    home: Browser, document: Document, university: University
) -> None:
    url = f"/portal/forms/{document.number}/"
    home.send(url, do="save", admin_name="王老师")
    colleague = browser_of(contact_with_login(university.organisation, "王老师", "wang"))
    assert 'value="王老师"' in colleague.read(url)


def test_the_forms_of_another_organisation_are_not_there(document: Document, university: University) -> None:
    from customers.models import Organisation

    elsewhere = Organisation.objects.create(name="清华大学", region=university.region)
    stranger = browser_of(contact_with_login(elsewhere, "刘老师", "liu"))
    assert document.number not in stranger.read("/portal/forms/")
    url = f"/portal/forms/{document.number}/"
    for answer in (stranger.get(url), stranger.post(url)):
        assert answer.status_code == 404

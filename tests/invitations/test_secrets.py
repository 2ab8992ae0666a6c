"""A password that a customer fills in is in the vault, and nowhere else: no table, log, page, mail or history."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from forms_templates import printing
from tests.cast import act
from tests.invitations.conftest import SECRET, Guest
from tests.support.database import everything_in_tables
from vault.models import Access
from workflow import outbox

if TYPE_CHECKING:
    from documents.models import Document
    from invitations.models import Invitation
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.rule("OFH-05")
def test_a_planted_secret_is_found_nowhere(
    document: Document,
    invitation: Invitation,
    cast: Cast,
    whole: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    settings: Any,
    tmp_path: Any,
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    guest, pages = Guest(invitation), []
    pages.append(guest.send("autosave", os_password=SECRET, visits="wrong"))
    pages.append(guest.send("save", os_password=SECRET))
    pages.append(guest.send(**{**whole, "os_password": SECRET, "layout": "many"}))
    assert pages[-1].status_code == 422
    pages.append(guest.post(guest.url, {"version": "0", "do": "save", "os_password": SECRET}))
    assert pages[-1].status_code == 409
    assert guest.send(**whole, os_password=SECRET).status_code == 302
    pages.append(guest.get(guest.url))
    desk = Client()
    desk.force_login(cast.specialist)
    pages += [desk.get(f"/document/{document.number}/{place}") for place in ("", "fill/", "fill/?for=customer")]
    document.refresh_from_db()
    act(document, "reopen", cast.specialist, reason="补充")
    outbox.drain()
    document.refresh_from_db()
    printed = printing.render(document.definition, document.letterhead, document.values, state="prefilled")
    seen = {
        "tables": everything_in_tables(),
        "pages": "\n".join(page.content.decode() for page in pages),
        "log": caplog.text,
        "mails": "\n".join(str(each.message()) for each in mail.outbox),
        "files": "\n".join(path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()),
        "print": printed.pdf.decode("latin-1"),
    }
    assert [place for place, text in seen.items() if SECRET in text] == []
    assert Access.objects.get().password.reveal() == SECRET

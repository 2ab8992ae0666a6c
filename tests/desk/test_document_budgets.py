"""What the pages of documents cost: so many queries as are written down here, however many documents there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents import freezing
from tests.cast import act

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cast import Cast, University
    from tests.paper import Issue, Printer

pytestmark = pytest.mark.django_db

MANY = 12
COUNTS = {
    "list": 5,
    "list, searched": 5,
    "draft": 13,
    "final": 15,
    "beside a ticket": 6,
    "beside a customer": 6,
    "new": 4,
    "verify": 1,
    "portal": 5,
}


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    options = {"location": tmp_path / "files", "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def test_they_ask_as_often_as_is_written_down(
    new_document: Issue,
    printer: Printer,
    cast: Cast,
    university: University,
    new_ticket: Callable[..., Any],
    held_clock: Any,
) -> None:
    ticket = new_ticket()
    drafts = [new_document(about=ticket) for _each in range(MANY)]
    finals = [new_document(until="to_sign", about=ticket) for _each in range(MANY)]
    freezing.freeze_pending()
    final: Any = type(finals[0]).objects.get(pk=finals[0].pk)
    act(final, "hand_over_original", cast.specialist, copy=1, to="张")
    pages = {
        "list": (cast.specialist, "/document/?show=all"),
        "list, searched": (cast.specialist, "/document/?show=all&q=新机房&finalised_from=2026-01-01"),
        "draft": (cast.specialist, f"/document/{drafts[0].number}/"),
        "final": (cast.specialist, f"/document/{final.number}/"),
        "beside a ticket": (cast.engineer, f"/documents/of/ticket/{ticket.number}/"),
        "beside a customer": (cast.engineer, f"/documents/of/customer/{university.organisation.pk}/"),
        "new": (cast.specialist, "/document/new/"),
        "verify": (None, f"/verify/{final.code}"),
        "portal": (cast.contact, "/portal/documents/"),
    }
    found = {}
    for name, (who, path) in pages.items():
        client = Client()
        if who is not None:
            client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        client.get(path)  # what is held in memory is read by the first
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200, name
        found[name] = len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]])
    assert found == COUNTS

"""The pages of exports: asked for on a list, watched, fetched; and that nobody comes near another's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from exports import keeping, making, places
from exports.models import Export, Trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Browse = Callable[[User], Client]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def exports_folder(tmp_path: Path, settings: Any) -> Path:
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    return tmp_path / "exports"


def wish(**changed: Any) -> dict[str, Any]:
    return {"kind": "ticket", "query": "show=all", "format": "csv", "key": "a" * 32} | changed


def ready(browser: Client, **changed: Any) -> Export:
    browser.post("/exports/", wish(**changed))
    making.run()
    return Export.objects.latest("pk")


def test_a_list_offers_itself_with_its_address_and_its_number_of_rows(
    cast: Cast, new_ticket: New, browser_of: Browse
) -> None:
    new_ticket()
    page = browser_of(cast.specialist).get("/ticket/?show=all&q=TK-&sort=number").content.decode()
    assert 'name="query" value="show=all&amp;q=TK-&amp;sort=number"' in page
    assert "1 row, with the columns of this list" in page
    assert page.count('action="/exports/"') == 1


def test_without_scripts_one_is_led_to_ones_exports(cast: Cast, new_ticket: New, browser_of: Browse) -> None:
    new_ticket()
    browser = browser_of(cast.specialist)
    assert browser.post("/exports/", wish())["Location"] == "/exports/"
    page = browser.get("/exports/").content.decode()
    assert "Your export has begun." in page
    assert 'hx-trigger="every 2s"' in page
    making.run()
    page = browser.get("/exports/", headers=HTMX).content.decode()
    assert "every 2s" not in page
    assert "<html" not in page
    assert "/file/" in page


def test_with_scripts_it_is_watched_where_it_was_asked_for_until_it_is_done(
    cast: Cast, new_ticket: New, browser_of: Browse
) -> None:
    new_ticket()
    browser = browser_of(cast.specialist)
    begun = browser.post("/exports/", wish(), headers=HTMX).content.decode()
    export = Export.objects.get()
    assert f'hx-get="/exports/{export.pk}/"' in begun
    assert 'id="export-key"' in begun
    assert "a" * 32 not in begun
    making.run()
    done = browser.get(f"/exports/{export.pk}/", headers=HTMX).content.decode()
    assert "hx-get" not in done
    assert f'href="/exports/{export.pk}/file/"' in done
    assert browser.get(f"/exports/{export.pk}/")["Location"] == "/exports/"


def test_a_form_that_is_sent_twice_gives_one_export(cast: Cast, browser_of: Browse) -> None:
    browser = browser_of(cast.specialist)
    for _n in range(2):
        browser.post("/exports/", wish())
    assert Export.objects.count() == 1
    browser.post("/exports/", wish(format="xlsx"))
    assert Export.objects.count() == 2


@pytest.mark.parametrize(("kind_of_file", "type_"), [("csv", "text/csv"), ("xlsx", "spreadsheetml.sheet")])
def test_the_file_is_handed_over_under_a_chinese_name_and_kept_nowhere(
    cast: Cast, new_ticket: New, browser_of: Browse, kind_of_file: str, type_: str
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    type(cast.specialist).objects.filter(pk=cast.specialist.pk).update(language="zh-hans")
    export = ready(browser, format=kind_of_file)
    answer: Any = browser.get(f"/exports/{export.pk}/file/")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "工单-全部-" in unquote(answer["Content-Disposition"])
    assert type_ in answer["Content-Type"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert content == places.file(export).read_bytes()
    assert kind_of_file == "xlsx" or ticket.number.encode() in content
    assert Trace.objects.filter(export=export, what="downloaded", by=cast.specialist).count() == 1


@pytest.mark.parametrize("part", ["other_specialist", "director", "admin", "contact"])
def test_nobody_sees_or_touches_somebody_elses_export(
    cast: Cast, new_ticket: New, browser_of: Browse, part: str
) -> None:
    new_ticket()
    export = ready(browser_of(cast.specialist))
    other = browser_of(vars(cast)[part])
    refused = {403} if part == "contact" else {404}
    for path in ("", "file/"):
        assert other.get(f"/exports/{export.pk}/{path}", headers=HTMX).status_code in refused
    for path in ("cancel/", "again/"):
        assert other.post(f"/exports/{export.pk}/{path}").status_code in refused
    if part != "contact":
        assert f"/exports/{export.pk}/" not in other.get("/exports/").content.decode()
        news = other.get(f"/live/?export={export.pk}").json()["exports"]
        assert news == [{"id": export.pk, "title": ""}]
    assert not Trace.objects.filter(what="downloaded").exists()
    assert Export.objects.count() == 1


def test_an_open_page_is_told_once_that_an_export_is_ready(cast: Cast, new_ticket: New, browser_of: Browse) -> None:
    browser = browser_of(cast.specialist)
    browser.post("/exports/", wish())
    export = Export.objects.get()
    assert "exports" not in browser.get("/live/").json()
    assert browser.get(f"/live/?export={export.pk}").json()["exports"] == []
    making.run()
    (news,) = browser.get(f"/live/?export={export.pk}&export=x&export={'9' * 30}").json()["exports"][-1:]
    assert news["title"] == "The export of “Tickets · All” is ready."
    assert news["url"] == f"/exports/{export.pk}/file/"


def test_what_is_expired_says_so_and_can_be_had_anew(cast: Cast, new_ticket: New, browser_of: Browse) -> None:
    new_ticket()
    browser = browser_of(cast.specialist)
    export = ready(browser)
    Export.objects.update(expires_at=export.asked_at)
    keeping.remove_old()
    page = browser.get("/exports/").content.decode()
    assert "expired" in page
    assert "/file/" not in page
    answer = browser.get(f"/exports/{export.pk}/file/", follow=True).content.decode()
    assert "This file is not there any more." in answer
    browser.post(f"/exports/{export.pk}/again/", {"key": "b" * 32})
    assert Export.objects.latest("pk").query == export.query
    assert Export.objects.count() == 2


def test_it_can_be_cancelled_and_that_a_second_time_is_no_error(cast: Cast, browser_of: Browse) -> None:
    browser = browser_of(cast.specialist)
    browser.post("/exports/", wish())
    export = Export.objects.get()
    for words in ("The export is cancelled.", "had come to its end before"):
        assert words in browser.post(f"/exports/{export.pk}/cancel/", follow=True).content.decode()
    assert Export.objects.get().stage == "cancelled"


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "nothing"},
        {"kind": ""},
        {"format": "pdf"},
        {"format": "\x00"},
        {"query": "q=" + "x" * 10_000},
        {"query": "state=nowhere"},
        {"query": "a=&" * 1300},
        {"columns": ["password"]},
    ],
)
def test_what_cannot_be_is_said_where_it_was_asked_for(cast: Cast, browser_of: Browse, changed: dict[str, Any]) -> None:
    browser = browser_of(cast.specialist)
    answer = browser.post("/exports/", wish(**changed), headers=HTMX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    page = browser.post("/exports/", wish(**changed), follow=True)
    assert page.status_code == 200
    assert "note-" in page.content.decode()
    assert not Export.objects.exists()


def test_the_administration_reads_exports_and_writes_none(cast: Cast, browser_of: Browse) -> None:
    export = ready(browser_of(cast.specialist))
    admin = browser_of(cast.admin)
    for name in ("export", "trace"):
        assert admin.get(f"/admin/exports/{name}/").status_code == 200
        assert admin.get(f"/admin/exports/{name}/add/").status_code == 403
    page = admin.get(f"/admin/exports/export/{export.pk}/change/")
    assert page.status_code == 200
    assert admin.post(f"/admin/exports/export/{export.pk}/change/", {"stage": "waiting"}).status_code == 403

"""Coming in and going out, language and look, errors, and what belongs to the visitor alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from core import clock
from desk import errors
from notifications.models import Notice, Preference
from people.models import Substitution, User
from tests.cast import PASSWORD, act, person

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Browser = Callable[[User], Client]

    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_the_login_leads_to_the_work_and_the_logout_to_the_login(cast: Cast) -> None:
    browser = Client()
    answer = browser.post("/login/", {"username": "specialist", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/logout/").status_code == 405
    assert browser.post("/logout/")["Location"] == "/login/"
    assert browser.get("/").status_code == 302


def test_a_login_leads_where_one_wanted_to_go_but_never_outside(cast: Cast) -> None:
    said = {"username": "specialist", "password": PASSWORD}
    assert Client().post("/login/", {**said, "next": "/customers/"})["Location"] == "/customers/"
    assert Client().post("/login/", {**said, "next": "https://evil.example/"})["Location"] == "/"


def test_the_administration_has_no_door_of_its_own(cast: Cast, browser_of: Browser) -> None:
    assert Client().get("/admin/login/?next=/admin/people/")["Location"] == "/login/?next=/admin/people/"
    assert browser_of(cast.admin).get("/admin/login/")["Location"] == "/admin/"
    assert browser_of(cast.engineer).get("/admin/login/").status_code == 403
    assert browser_of(cast.contact).get("/admin/people/", follow=True).status_code == 403


@pytest.mark.parametrize(("sent", "page"), [("/notices/read/", "/notices/"), ("/substitutes/1/end/", "/substitutes/")])
def test_after_a_session_that_ran_out_a_button_leads_back_to_its_page(cast: Cast, sent: str, page: str) -> None:
    browser = Client()
    door = browser.post(sent)["Location"]
    said = {"username": "specialist", "password": PASSWORD, "next": sent}
    assert door == f"/login/?next={sent}"
    assert browser.post(door, said)["Location"] == sent
    assert browser.get(sent)["Location"] == page


def test_demonstration_logins_are_listed_in_demonstration_only(cast: Cast, settings: Any) -> None:
    demo = person("demo.specialist", "李晓燕", "customer_specialist")
    settings.DEMO = False
    assert "demo.specialist" not in Client().get("/login/").content.decode()
    settings.DEMO = True
    content = Client().get("/login/").content.decode()
    assert demo.username in content
    assert demo.display_name in content
    assert 'value="specialist"' not in content


def test_too_many_wrong_passwords_lock_the_door(cast: Cast) -> None:
    browser = Client()
    for _try in range(9):
        answer = browser.post("/login/", {"username": "specialist", "password": "wrong"})
    assert answer.status_code == 429
    assert browser.post("/login/", {"username": "specialist", "password": PASSWORD}).status_code == 429


def test_the_house_speaks_chinese_until_somebody_chooses(cast: Cast) -> None:
    browser = Client()
    assert '<html lang="zh-hans"' in browser.get("/login/").content.decode()
    browser.post("/look/", {"language": "en", "theme": "dark", "next": "/login/"})
    assert '<html lang="en" data-bs-theme="dark">' in browser.get("/login/").content.decode()


def test_a_persons_choice_follows_the_person(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.specialist)
    answer = browser.post("/look/", {"language": "en", "theme": "dark", "next": "/people/"})
    assert answer["Location"] == "/people/"
    kept = User.objects.get(pk=cast.specialist.pk)
    assert (kept.language, kept.theme) == ("en", "dark")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_switch_never_leads_outside(cast: Cast, target: str) -> None:
    assert Client().post("/look/", {"language": "en", "next": target})["Location"] == "/"


def test_an_unknown_language_or_look_is_left_alone(cast: Cast, browser_of: Browser) -> None:
    browser_of(cast.specialist).post("/look/", {"language": "xx", "theme": "<b>"})
    kept = User.objects.get(pk=cast.specialist.pk)
    assert (kept.language, kept.theme) == ("en", "auto")


def test_the_health_of_the_process_needs_nobody(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get("/healthz/")
    assert (answer.content, len(asked)) == (b"ok", 0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_even_a_broken_house_speaks_without_the_database(language: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["language"] = language
    with CaptureQueriesContext(connection) as asked:
        answer = errors.server_error(request)
    assert answer.status_code == 500
    assert f'<html lang="{language}"' in answer.content.decode()
    assert len(asked) == 0


def test_a_form_from_elsewhere_is_refused_in_plain_words(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/login/", {"username": "specialist", "password": PASSWORD})
    assert answer.status_code == 403
    assert "<html" in answer.content.decode()


def test_in_a_panel_an_error_is_a_note_and_not_a_page(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.specialist).get("/ticket/TK-20260301-9999/note/", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.content.decode()


def test_preferences_are_kept(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.specialist)
    said = {"language": "zh-hans", "theme": "light", "mobile": "13800000000", "told": ["progress/email"]}
    assert browser.post("/preferences/", said).status_code == 302
    kept = User.objects.get(pk=cast.specialist.pk)
    assert (kept.language, kept.theme, kept.mobile) == ("zh-hans", "light", "13800000000")
    chosen = {(row.kind, row.way): row.on for row in Preference.objects.filter(user=kept)}
    assert chosen["progress", "email"] is True
    assert chosen["assignment", "email"] is False


def test_a_wrong_preference_is_said_at_its_field(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.specialist).post("/preferences/", {"language": "xx", "theme": "no"})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.specialist.pk).language == "en"


def test_one_names_a_substitute_and_ends_it(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.specialist)
    until = clock.local(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    since = clock.local(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    said = {"substitute": cast.other_specialist.pk, "starts_at": since, "ends_at": until}
    assert browser.post("/substitutes/", said).status_code == 302
    row = Substitution.objects.get()
    assert (row.principal, row.substitute) == (cast.specialist, cast.other_specialist)
    assert "赵专员" in browser.get("/people/").content.decode()
    assert browser_of(cast.engineer).post(f"/substitutes/{row.pk}/end/").status_code == 404
    assert browser.post(f"/substitutes/{row.pk}/end/").status_code == 302
    assert not Substitution.objects.running(clock.now()).exists()


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-03-02T10:00", "2026-03-01T10:00"), ("x", "y"), ("", ""), ("1999-01-01T00:00", "1999-01-02T00:00")],
)
def test_an_impossible_absence_is_refused_at_its_fields(
    cast: Cast, browser_of: Browser, since: str, until: str
) -> None:
    said = {"substitute": cast.other_specialist.pk, "starts_at": since, "ends_at": until}
    assert browser_of(cast.specialist).post("/substitutes/", said).status_code == 422
    assert not Substitution.objects.exists()


@pytest.mark.parametrize("who", ["contact", "specialist"])
def test_only_active_colleagues_stand_in(cast: Cast, browser_of: Browser, who: str) -> None:
    until = clock.local(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    said = {"substitute": getattr(cast, who).pk, "starts_at": "2026-03-01T10:00", "ends_at": until}
    assert browser_of(cast.specialist).post("/substitutes/", said).status_code == 422


def test_a_notice_leads_to_its_record_and_is_read_then(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    entry = act(ticket, "note", cast.other_specialist, text="x")
    notice = Notice.objects.create(
        recipient=cast.specialist, record=entry.record, entry=entry, kind="progress", created_at=clock.now()
    )
    browser = browser_of(cast.specialist)
    assert ticket.number in browser.get("/notices/?show=unread").content.decode()
    assert browser_of(cast.engineer).get(f"/notices/{notice.pk}/").status_code == 404
    assert browser.get(f"/notices/{notice.pk}/")["Location"] == f"/ticket/{ticket.number}/"
    assert browser.get("/live/").json()["unread"] == 0


def test_seeing_a_record_reads_what_one_was_told_of_it(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    entry = act(ticket, "note", cast.other_specialist, text="x")
    browser = browser_of(cast.specialist)
    start = browser.get("/live/").json()["unread"]
    Notice.objects.create(
        recipient=cast.specialist, record=entry.record, entry=entry, kind="progress", created_at=clock.now()
    )
    assert browser.get("/live/").json()["unread"] == start + 1
    browser.get(f"/ticket/{ticket.number}/")
    assert browser.get("/live/").json()["unread"] == 0


def test_all_notices_are_read_at_once(cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser) -> None:
    ticket = new_ticket()
    for n in range(3):
        entry = act(ticket, "note", cast.other_specialist, text=str(n))
        Notice.objects.create(
            recipient=cast.specialist, record=entry.record, entry=entry, kind="progress", created_at=clock.now()
        )
    browser = browser_of(cast.specialist)
    browser.post("/notices/read/")
    assert not Notice.objects.filter(recipient=cast.specialist, read_at__isnull=True).exists()

"""Acting from a page: forms, refusals that explain themselves, somebody else's change, and one act for two clicks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from people.models import Substitution
from tests.cast import act, ticket_data
from tickets.models import Severity
from workflow.models import Attachment, Entry, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User

    Browser = Callable[[User], Client]

    from django.test import Client

    from tests.cast import Cast, University
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db
KEY = "0" * 31 + "7"


def post(browser: Client, ticket: Ticket, verb: str, *, htmx: bool = False, **said: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.post(f"/ticket/{ticket.number}/{verb}/", said, headers=headers)


def test_the_page_offers_what_one_may_do_and_explains_the_rest(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    content = browser_of(cast.engineer).get(f"/ticket/{ticket.number}/").content.decode()
    assert 'data-verb="dispatch"' not in content
    assert "“Dispatch” is not yours to do here." in content
    assert "Customer specialist" in content
    assert 'data-verb="dispatch"' in browser_of(cast.specialist).get(f"/ticket/{ticket.number}/").content.decode()


def test_an_act_is_done_and_leads_back_to_the_record(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    answer = post(browser, ticket, "dispatch", handler=cast.engineer.pk, version=ticket.version)
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "dispatched"
    content = browser.get(f"/ticket/{ticket.number}/").content.decode()
    assert "Done: Dispatch." in content
    assert f'data-done="ticket/{ticket.number}/dispatch"' in content


def test_in_place_the_answer_sends_the_browser_on(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    answer = post(browser_of(cast.specialist), ticket, "note", htmx=True, text="x")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/ticket/{ticket.number}/")


def test_a_form_that_lacks_something_comes_back_with_what_was_typed(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    browser = browser_of(cast.engineer)
    before = Entry.objects.count()
    for htmx in (True, False):
        answer = post(browser, ticket, "respond", htmx=htmx, way="by <b>phone</b>")
        content = answer.content.decode()
        assert answer.status_code == 422
        assert "by &lt;b&gt;phone&lt;/b&gt;" in content
        assert 'aria-invalid="true"' in content
        assert "data-bound" in content
        assert ("<html" in content) is not htmx
    assert Entry.objects.count() == before


def test_a_refusal_names_reason_rule_and_who_can(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.finance)
    act(ticket, "copy_to", cast.specialist, people=[cast.finance.pk])
    answer = browser.get(f"/ticket/{ticket.number}/dispatch/")
    content = answer.content.decode()
    assert answer.status_code == 403
    assert "“Dispatch” is not yours to do here." in content
    assert "Who can: Customer specialist" in content
    assert 'href="/handbook/TKT-07/"' in content
    assert "<form" not in content.split('id="act-title"')[1].split("</section>")[0]


def test_an_act_of_another_state_is_refused_and_changes_nothing(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    answer = post(browser_of(cast.specialist), ticket, "confirm", satisfaction=5)
    assert answer.status_code == 409
    assert "is not possible while the record is “Recorded”" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "recorded"


@pytest.mark.parametrize("verb", ["record", "close_unanswered", "nothing", "save", "delete"])
def test_acts_that_are_not_for_people_are_not_there(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser, verb: str
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    assert browser.get(f"/ticket/{ticket.number}/{verb}/").status_code == 404
    assert post(browser, ticket, verb).status_code == 404


def test_somebody_elses_change_is_shown_field_by_field_and_nothing_typed_is_lost(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket(title="first")
    seen = ticket.version
    act(ticket, "change_severity", cast.specialist, severity="urgent", reason="worse")
    browser = browser_of(cast.specialist)
    answer = post(browser, ticket, "note", text="what I wrote", version=seen)
    content = answer.content.decode()
    assert answer.status_code == 409
    assert "李专员 changed this record at" in content
    assert "what I wrote" in content
    assert "General" in content
    assert "Urgent" in content
    version = re.search(r'name="version" value="(\d+)"', content)
    assert version is not None
    assert int(version[1]) == ticket.version
    assert post(browser, ticket, "note", text="what I wrote", version=version[1]).status_code == 302


def test_of_two_changes_to_one_field_mine_or_theirs_can_be_kept(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    seen = ticket.version
    general, critical = Severity.objects.get(code="general"), Severity.objects.get(code="critical")
    act(ticket, "change_severity", cast.specialist, severity="urgent", reason="worse")
    browser = browser_of(cast.specialist)
    mine: dict[str, Any] = {"severity": critical.pk, "reason": "much worse"}
    content = post(browser, ticket, "change_severity", version=seen, **mine).content.decode()
    assert 'name="take" value="severity"' in content
    kept = post(browser, ticket, "change_severity", version=ticket.version, **mine)
    assert kept.status_code == 302
    ticket.refresh_from_db()
    assert ticket.severity == critical
    taken: dict[str, Any] = {"severity": general.pk, "reason": "back", "take": "severity"}
    answer = post(browser, ticket, "change_severity", version=ticket.version, **taken)
    assert answer.status_code == 422  # theirs is what it is already: the form says so at its field
    ticket.refresh_from_db()
    assert ticket.severity == critical


def test_a_form_sent_twice_is_one_act(cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    for _again in range(2):
        assert post(browser, ticket, "note", text="once", key=KEY, version=ticket.version).status_code == 302
    assert Entry.objects.filter(record=ticket.pk, verb="note").count() == 1


def test_the_key_of_one_person_is_not_the_key_of_another(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    post(browser_of(cast.specialist), ticket, "note", text="a", key=KEY)
    post(browser_of(cast.other_specialist), ticket, "note", text="b", key=KEY)
    assert Entry.objects.filter(record=ticket.pk, verb="note").count() == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "99999999999999999999"])
def test_a_damaged_version_is_never_a_fault(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser, version: str
) -> None:
    ticket = new_ticket()
    assert post(browser_of(cast.specialist), ticket, "note", text="x", version=version).status_code == 409


def test_a_substitute_acts_in_the_name_of_who_is_away(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    now = clock.now()
    Substitution.objects.create(
        principal=cast.engineer,
        substitute=cast.other_engineer,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
    )
    browser = browser_of(cast.other_engineer)
    assert "You stand in for 王工" in browser.get("/").content.decode()
    assert ticket.number in browser.get("/").content.decode()
    content = browser.get(f"/ticket/{ticket.number}/hand_over/").content.decode()
    assert "You act for 王工" in content
    said: dict[str, Any] = {"handler": cast.trainer.pk, "done": "looked", "leftovers": "all"}
    assert post(browser, ticket, "hand_over", **said).status_code == 302
    assert "吴工 for 王工" in browser.get(f"/ticket/{ticket.number}/").content.decode()


def test_files_are_given_only_to_who_may_see_the_record_and_in_a_cage(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    upload = {
        "files": [
            SimpleUploadedFile("图.png", png, "image/png"),
            SimpleUploadedFile("page.txt", b"<script>alert(1)</script>", "text/html"),
        ]
    }
    form = browser.get(f"/ticket/{ticket.number}/attach/").content.decode()
    name = re.search(r'<input type="file" name="(\w+)"', form)
    assert name is not None
    said: dict[str, Any] = {name[1]: upload["files"]}
    assert post(browser, ticket, "attach", **said).status_code == 302
    picture, text = Attachment.objects.order_by("id")
    shown = browser.get(f"/files/{picture.pk}/")
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert b"".join(shown) == png
    kept = browser.get(f"/files/{text.pk}/")
    assert kept["Content-Disposition"].startswith("attachment")
    assert kept["Content-Type"] == "text/plain"
    assert kept["X-Content-Type-Options"] == "nosniff"
    assert browser_of(cast.finance).get(f"/files/{picture.pk}/").status_code == 404


def test_a_new_record_is_made_once_however_often_it_is_sent(
    cast: Cast, university: University, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    new_ticket()
    data = ticket_data(university)
    browser = browser_of(cast.specialist)
    answers = [browser.post("/ticket/new/", {**data, "key": KEY}) for _again in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Record.objects.count() == 2


def test_an_intake_that_lacks_something_records_nothing(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.specialist).post("/ticket/new/", {"title": "only a title"})
    assert answer.status_code == 422
    assert "only a title" in answer.content.decode()
    assert not Record.objects.exists()


def test_who_may_not_record_is_told_who_can(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.engineer).get("/ticket/new/")
    assert answer.status_code == 403
    assert "Customer specialist" in answer.content.decode()


def test_an_open_page_hears_of_somebody_elses_change(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    before = browser.get(f"/live/?record={ticket.number}").json()["record"]["version"]
    act(ticket, "note", cast.other_specialist, text="x")
    said = browser.get(f"/live/?record={ticket.number}").json()["record"]
    assert said["version"] == before + 1
    assert said["message"] == "赵专员 changed this record: Add a note."

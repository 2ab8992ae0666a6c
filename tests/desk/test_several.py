"""One verb on several records: each through the gate by itself, done or refused with its reason, and once only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import several
from people.actors import Actor
from tests.browser.house import dispatched, worked_on
from tests.cast import act
from workflow import registry
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    BrowserOf = Callable[[User], Client]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"
NOTE: dict[str, Any] = {"text": "周五前回复", "key": KEY}


def named(*tickets: Ticket) -> list[str]:
    return [f"{ticket.number}.{ticket.version}" for ticket in tickets]


def send(browser: Client, verb: str, chosen: list[str], status: int = 200, **said: Any) -> str:
    answer = browser.post(f"/ticket/several/{verb}/", {"chosen": chosen, **said})
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def acts(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def test_each_is_done_by_itself_and_stands_on_its_own_timeline(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    tickets = [new_ticket(), new_ticket(), new_ticket()]
    found = send(browser_of(cast.specialist), "note", named(*tickets), **NOTE)
    assert "3 records are done." in found
    entries = Entry.objects.filter(verb="note")
    assert {entry.record_id for entry in entries} == {ticket.pk for ticket in tickets}
    assert {entry.actor for entry in entries} == {cast.specialist}


def test_one_that_refuses_says_why_and_leaves_the_others_done(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    recorded, under_way = new_ticket(), dispatched(new_ticket(), cast)
    browser = browser_of(cast.specialist)
    found = send(browser, "press", named(recorded, under_way), **NOTE)
    assert "1 record is done." in found
    assert "1 record refused" in found
    assert "is not possible while the record is “Recorded”" in found
    assert f'name="chosen" value="{recorded.number}.{recorded.version}"' in found
    assert acts("press") == 1


@pytest.mark.rule("TKT-15")
def test_who_may_not_hand_one_over_is_refused_there_and_nowhere_else(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    mine, others = dispatched(new_ticket(), cast), new_ticket()
    act(others, "dispatch", cast.specialist, handler=cast.other_engineer.pk)
    said: dict[str, Any] = {"handler": cast.trainer.pk, "done": "查过日志", "leftovers": "无", "key": KEY}
    found = send(browser_of(cast.engineer), "hand_over", named(mine, others), **said)
    assert "is not yours to do here" in found
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.handler, others.handler) == (cast.trainer, cast.other_engineer)


def test_what_somebody_else_changed_in_between_is_refused_and_can_be_tried_again(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    first, second = new_ticket(), new_ticket()
    chosen = named(first, second)
    act(second, "note", cast.other_specialist, text="我改了")
    browser = browser_of(cast.specialist)
    found = send(browser, "note", chosen, **NOTE)
    assert "This record was changed by 赵专员 while you were writing." in found
    again = f"{second.number}.{second.version}"
    assert f'name="chosen" value="{again}"' in found
    assert "1 record is done." in send(browser, "note", [again], text="周五前回复", key="f" * 32)


def test_what_is_sent_twice_is_done_once(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    tickets = [new_ticket(), new_ticket()]
    browser = browser_of(cast.specialist)
    for _time in range(2):
        assert "2 records are done." in send(browser, "note", named(*tickets), **NOTE)
    assert acts("note") == 2


def test_the_key_of_one_person_is_not_anothers(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    ticket = new_ticket()
    send(browser_of(cast.specialist), "note", named(ticket), **NOTE)
    ticket.refresh_from_db()
    send(browser_of(cast.engineer), "note", named(ticket), **NOTE)
    assert acts("note") == 2


def test_what_is_missing_is_asked_for_before_anything_is_done(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    tickets = [dispatched(new_ticket(), cast), dispatched(new_ticket(), cast)]
    said: dict[str, Any] = {"handler": cast.trainer.pk, "done": "查过日志", "leftovers": "", "key": KEY}
    found = send(browser_of(cast.engineer), "hand_over", named(*tickets), 422, **said)
    assert "Say what is left to do" in found
    assert "查过日志" in found
    assert KEY in found
    assert acts("hand_over") == 0


@pytest.mark.rule("TKT-12")
def test_what_does_for_some_and_not_for_others_is_told_at_each(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    usual, theirs = dispatched(new_ticket(), cast), dispatched(new_ticket(subtype="planning"), cast)
    said: dict[str, Any] = {"handler": cast.consultant.pk, "done": "查过", "leftovers": "无", "key": KEY}
    found = send(browser_of(cast.engineer), "hand_over", named(usual, theirs), **said)
    assert "Only issues of deployment, planning, consulting and tools go to a consultant (TKT-12)." in found
    theirs.refresh_from_db()
    assert theirs.handler == cast.consultant


@pytest.mark.rule("TKT-04")
def test_every_severity_is_offered_and_the_present_one_refused_at_its_record(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    general, urgent = new_ticket(), new_ticket(severity="urgent")
    browser = browser_of(cast.specialist)
    asked = browser.get("/ticket/several/change_severity/", {"chosen": named(general, urgent)}).content.decode()
    assert asked.count('name="severity"') == 3
    said: dict[str, Any] = {"severity": urgent.severity_id, "reason": "影响大", "key": KEY}
    found = send(browser, "change_severity", named(general, urgent), **said)
    assert "This is the present severity." in found
    general.refresh_from_db()
    assert general.severity_id == urgent.severity_id


def test_nobody_acts_on_what_they_may_not_see(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    ticket = new_ticket(title="Zyzzyva")
    for stranger in (cast.rd_engineer, cast.finance):
        browser = browser_of(stranger)
        found = browser.get("/ticket/several/", {"chosen": named(ticket)}).content.decode()
        assert "Nothing is chosen." in found
        assert "Zyzzyva" not in found
        send(browser, "note", named(ticket), 302, **NOTE)
    assert acts("note") == 0


def test_who_was_copied_in_may_note_and_no_more(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    first, second = worked_on(new_ticket(), cast), worked_on(new_ticket(), cast)
    for ticket in (first, second):
        act(ticket, "copy_to", cast.specialist, people=[cast.finance.pk])
    browser = browser_of(cast.finance)
    offered = browser.get("/ticket/several/", {"chosen": named(first, second)}, headers={"HX-Request": "true"})
    assert [each in offered.content.decode() for each in ("/note/", "/press/", "/hand_over/")] == [True, False, False]


def test_the_bar_offers_what_may_be_done_and_for_how_many(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    recorded, under_way = new_ticket(), dispatched(new_ticket(), cast)
    browser = browser_of(cast.specialist)
    found = browser.get("/ticket/several/", {"chosen": named(recorded, under_way)}, headers={"HX-Request": "true"})
    text = found.content.decode()
    assert "<!doctype" not in text
    assert "1 of 2" in text
    assert "/several/press/" in text


def test_at_most_a_hundred_at_once_and_that_is_said(
    cast: Cast, browser_of: BrowserOf, new_ticket: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "MOST", 2)
    tickets = [new_ticket(), new_ticket(), new_ticket()]
    browser = browser_of(cast.specialist)
    found = browser.get("/ticket/several/note/", {"chosen": named(*tickets)}).content.decode()
    assert "At most 2 records at a time: these are the first 2." in found
    send(browser, "note", named(*tickets), **NOTE)
    assert acts("note") == 2
    whole = browser.get("/ticket/several/", {"list": "?show=open&q=TK-"}).content.decode()
    assert "At most 2 records at a time" in whole


def test_all_of_a_list_are_those_of_its_filters(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    recorded, under_way = new_ticket(), dispatched(new_ticket(), cast)
    found = browser_of(cast.specialist).get("/ticket/several/", {"list": "?show=open&state=recorded"}).content.decode()
    assert f"{recorded.number}.{recorded.version}" in found
    assert under_way.number not in found


def test_the_way_back_leads_to_the_list_as_it_was(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    browser, ticket, back = browser_of(cast.specialist), new_ticket(), 'href="/ticket/?show=all&amp;sort=due"'
    said = {"chosen": named(ticket), "from": "?show=all&sort=due"}
    assert back in browser.get("/ticket/several/", said).content.decode()
    assert back in browser.get("/ticket/several/note/", said).content.decode()
    assert back in send(browser, "note", named(ticket), **{**NOTE, "from": said["from"]})
    for wrong in ("//evil.example/", "javascript:alert(1)", "x" * 5000):
        found = browser.get("/ticket/several/", {**said, "from": wrong}).content.decode()
        assert 'href="//evil' not in found
        assert 'href="javascript' not in found


def test_nonsense_is_no_error(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    for chosen in (["x"], ["TK-20260302-0001"], [f"{ticket.number}.99999999999999"], ["\x00"], []):
        assert browser.get("/ticket/several/", {"chosen": chosen}).status_code == 200
        send(browser, "note", chosen, 302, **NOTE)
    for verb in ("record", "resolve", "attach", "hear", "nonsense", "dispatch"):
        send(browser, verb, named(ticket), 404, **NOTE)
    assert browser.get("/nothing/several/").status_code == 404


def test_an_attachment_that_is_sent_along_is_not_kept(cast: Cast) -> None:
    for process in registry.all_processes():
        for verb in several.verbs(process):
            form = several.blank_form(process, verb, Actor(cast.specialist))
            assert form is None or not form.is_multipart(), (process.kind, verb.code)


def test_what_may_be_done_is_asked_in_a_fixed_number_of_queries(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    browser = browser_of(cast.finance)

    def cost() -> int:
        chosen = [f"{record.number}.{record.version}" for record in Record.objects.all()]
        with CaptureQueriesContext(connection) as asked:
            browser.get("/ticket/several/", {"chosen": chosen})
        return len(asked)

    act(worked_on(new_ticket(), cast), "copy_to", cast.specialist, people=[cast.finance.pk])
    cost()
    before = cost()
    for _each in range(4):
        act(worked_on(new_ticket(), cast), "copy_to", cast.specialist, people=[cast.finance.pk])
    assert cost() == before

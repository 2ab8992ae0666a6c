"""What R&D writes in JIRA comes onto the ticket, each thing once, whatever the order in which it is heard of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from jira import inbound, polling
from jira.client import Client
from jira.models import Connection
from notifications.models import Notice
from tests.browser.house import worked_on
from tests.cast import act
from tests.jira.conftest import QUESTION, Worker, issue_of
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from jira.models import Issue
    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db

ANSWER = {"method": "重建索引", "advice": "升级到 9.2", "result": "已恢复", "leftovers": "监控一周"}


def heard(ticket: Ticket) -> list[dict[str, Any]]:
    """What R&D's comments say on the ticket."""
    return [entry.data["said"] for entry in Entry.objects.filter(record=ticket, verb="hear").order_by("seq")]


def read(ticket: Ticket) -> Issue:
    """Read the ticket's issue, as a webhook would have it read."""
    inbound.read_now(issue_of(ticket).pk)
    ticket.refresh_from_db()
    return issue_of(ticket)


@pytest.mark.rule("TKT-24")
def test_rds_method_advice_result_leftovers_and_next_handler_come_back_onto_the_ticket(
    escalated: Ticket, cast: Cast, jira: FakeJira
) -> None:
    jira.moves("RD-1", "Done", "done", "Fixed", **ANSWER, handler={"name": "engineer2", "displayName": "吴工"})
    issue = read(escalated)
    entry = Entry.objects.get(record=escalated, verb="return_from_rd")
    assert (escalated.state, escalated.handler) == ("in_progress", cast.other_engineer)
    assert {name: entry.data["said"][name] for name in ANSWER} == ANSWER
    assert (entry.actor, entry.channel) == (None, "jira")
    assert (issue.status, issue.resolution, issue.returned_at is not None) == ("Done", "Fixed", True)
    call_command("verify_timeline")


@pytest.mark.rule("TKT-24")
@pytest.mark.parametrize("missing", ["method", "advice", "result"])
def test_a_ticket_whose_answer_lacks_something_stays_with_rd_until_it_is_recorded(
    escalated: Ticket, jira: FakeJira, missing: str
) -> None:
    jira.moves("RD-1", "Done", "done", **(ANSWER | {missing: "  "}))
    issue = read(escalated)
    assert (escalated.state, len(issue.lacks), issue.returned_at) == ("with_rd", 1, None)
    assert "TKT-24" in issue.lacks[0]["zh"]
    assert issue.lacks[0]["zh"] != issue.lacks[0]["en"]
    jira.moves("RD-1", "Done", "done", **ANSWER)
    issue = read(escalated)
    assert (escalated.state, issue.lacks) == ("in_progress", [])


@pytest.mark.rule("TKT-24")
@pytest.mark.parametrize("named", ["nobody-here", {"name": "ghost", "displayName": "不在的人"}, {"name": "finance"}])
def test_a_next_handler_who_cannot_have_tickets_keeps_the_ticket_with_rd_and_it_is_said_why(
    escalated: Ticket, jira: FakeJira, named: Any
) -> None:
    jira.moves("RD-1", "Done", "done", **ANSWER, handler=named)
    issue = read(escalated)
    assert (escalated.state, len(issue.lacks)) == ("with_rd", 1)


@pytest.mark.parametrize("named", ["engineer2", "ENGINEER2@service.example", "吴工", ["engineer2"]])
def test_the_next_handler_is_known_by_login_mail_address_or_name(
    escalated: Ticket, cast: Cast, jira: FakeJira, named: Any
) -> None:
    jira.moves("RD-1", "Done", "done", **ANSWER, handler=named)
    read(escalated)
    assert escalated.handler == cast.other_engineer


def test_an_issue_that_is_only_worked_on_brings_nothing_back(escalated: Ticket, jira: FakeJira) -> None:
    jira.moves("RD-1", "In Progress", **ANSWER)
    issue = read(escalated)
    assert (escalated.state, issue.status, issue.done) == ("with_rd", "In Progress", False)


def test_an_administrator_says_which_statuses_bring_a_ticket_back(escalated: Ticket, jira: FakeJira) -> None:
    Connection.objects.update(done_statuses="Answered, 已答复")
    jira.moves("RD-1", "Closed", "done", **ANSWER)
    read(escalated)
    assert escalated.state == "with_rd"
    jira.moves("RD-1", "已答复", "indeterminate", **ANSWER)
    read(escalated)
    assert escalated.state == "in_progress"


@pytest.mark.rule("TKT-24")
def test_comments_come_onto_the_ticket_once_and_our_own_do_not_come_back(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    act(escalated, "note", cast.engineer, text="只在晚上出现")
    worker.work()
    jira.says("RD-1", "请提供日志")
    for _time in range(3):
        read(escalated)
    jira.says("RD-1", "收到")
    read(escalated)
    assert [said["text"] for said in heard(escalated)] == ["请提供日志", "收到"]
    assert {said["person"] for said in heard(escalated)} == {"钱研发"}
    assert len(jira.issues[0]["fields"]["comment"]["comments"]) == 3
    assert Notice.objects.filter(recipient=cast.engineer, entry__verb="hear").count() == 2


def test_our_comment_whose_answer_was_lost_is_not_taken_for_rds(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*comment", "cut")
    act(escalated, "note", cast.engineer, text="只在晚上出现")
    worker.work()
    read(escalated)
    worker.later(minutes=3)
    assert heard(escalated) == []
    assert len(jira.issues[0]["fields"]["comment"]["comments"]) == 1


def test_an_older_answer_that_comes_late_changes_nothing(
    escalated: Ticket, connection: Connection, jira: FakeJira
) -> None:
    jira.says("RD-1", "第一条")
    older = Client(connection).issue("RD-1")
    jira.says("RD-1", "第二条")
    jira.moves("RD-1", "In Progress")
    newer = Client(connection).issue("RD-1")
    for found in (newer, older, newer):
        inbound.take_in(issue_of(escalated).pk, found)
    assert [said["text"] for said in heard(escalated)] == ["第一条", "第二条"]
    assert issue_of(escalated).status == "In Progress"


def test_comments_that_come_after_the_answer_are_kept_too(escalated: Ticket, jira: FakeJira) -> None:
    jira.moves("RD-1", "Done", "done", **ANSWER)
    read(escalated)
    jira.says("RD-1", "补充一点")
    read(escalated)
    assert (escalated.state, len(heard(escalated))) == ("in_progress", 1)
    assert Entry.objects.filter(record=escalated, verb="return_from_rd").count() == 1


def test_the_earlier_issue_of_a_ticket_no_longer_brings_it_back(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    first = issue_of(escalated)
    act(escalated, "return_from_rd", cast.rd_engineer, method="m", advice="a", result="r")
    act(escalated, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    jira.moves("RD-1", "Done", "done", **ANSWER)
    inbound.read_now(first.pk)
    escalated.refresh_from_db()
    assert escalated.state == "with_rd"
    jira.moves("RD-2", "Done", "done", **ANSWER)
    read(escalated)
    assert escalated.state == "in_progress"


def test_what_jira_says_is_text_cleaned_and_cut_to_length(escalated: Ticket, jira: FakeJira) -> None:
    jira.says("RD-1", "<script>alert(1)</script>\x00\x07" + "长" * 50_000, author="x" * 500)
    jira.says("RD-1", "   ")
    jira.moves("RD-1", "s" * 500, resolution="r\x00" * 300)
    issue = read(escalated)
    (said,) = heard(escalated)
    assert said["text"].startswith("<script>alert(1)</script>长")
    assert (len(said["text"]), len(said["person"])) == (20_001, 100)
    assert (len(issue.status), len(issue.resolution)) == (100, 100)


@pytest.mark.parametrize(
    "broken",
    [{"updated": "yesterday"}, {"updated": None}, {"status": "Open"}, {"comment": {"comments": [{"id": "x"}]}}],
)
def test_an_answer_that_cannot_be_read_changes_nothing_and_is_noted(
    escalated: Ticket, jira: FakeJira, broken: dict[str, Any]
) -> None:
    jira.issues[0]["fields"].update(broken)
    before = issue_of(escalated)
    issue = read(escalated)
    assert (issue.fault, issue.status, heard(escalated)) == ("unreadable", before.status, [])


def test_an_issue_that_is_no_longer_in_jira_is_noted(escalated: Ticket, jira: FakeJira) -> None:
    jira.issues.clear()
    assert read(escalated).fault == "gone"


@pytest.mark.rule("TKT-24")
def test_polling_takes_in_what_has_changed_since_the_last_time(
    escalated: Ticket, jira: FakeJira, worker: Worker, held_clock: Any
) -> None:
    assert polling.poll() == 0
    jira.says("RD-1", "请提供日志")
    jira.make({"project": {"key": "RD"}, "labels": ["serviceops", "serviceops-of-somebody-else"]})
    jira.make({"project": {"key": "RD"}, "labels": []})
    worker.later(minutes=1)
    assert (polling.poll(), len(heard(escalated))) == (1, 1)
    assert (polling.poll(), len(heard(escalated))) == (0, 1)


def test_a_reading_that_fails_begins_next_time_where_it_did(escalated: Ticket, jira: FakeJira, worker: Worker) -> None:
    polling.poll()
    cursor = Connection.objects.get().cursor
    jira.fail("POST .*search", "drop", times=3)
    jira.says("RD-1", "请提供日志")
    for _hour in range(3):
        worker.later(hours=1)
        jira.at += timedelta(hours=1)
        polling.poll()
    assert (Connection.objects.get().cursor, Connection.objects.get().poll_fault) == (cursor, "unreachable")
    assert polling.poll() == 1
    assert (Connection.objects.get().poll_fault, len(heard(escalated))) == ("", 1)


def test_one_issue_that_cannot_be_read_stops_no_other(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker, new_ticket: Callable[..., Ticket]
) -> None:
    second = worked_on(new_ticket(), cast)
    act(second, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    for key in ("RD-1", "RD-2"):
        jira.says(key, "请提供日志")
    jira.by_key("RD-1")["fields"]["status"] = ["broken"]
    assert (polling.poll(), len(heard(second)), issue_of(escalated).fault) == (1, 1, "unreadable")
    assert Connection.objects.get().poll_fault == ""


def test_a_reading_goes_through_all_pages(
    escalated: Ticket, jira: FakeJira, monkeypatch: Any, connection: Connection
) -> None:
    for module in ("client", "polling"):
        monkeypatch.setattr(f"jira.{module}.PAGE", 2)
    for _n in range(4):
        jira.make({"project": {"key": "RD"}, "labels": ["serviceops"]})
    jira.says("RD-1", "请提供日志")
    jira.issues.reverse()
    assert polling.poll() == 1
    assert len(jira.requests("POST", "/search")) >= 3


def test_while_jira_asks_to_be_left_alone_nobody_reads(escalated: Ticket, jira: FakeJira, worker: Worker) -> None:
    jira.fail("POST .*search", 429, Retry_After="600")
    polling.poll()
    asked = len(jira.asked)
    worker.later(minutes=9)
    polling.poll()
    assert len(jira.asked) == asked
    worker.later(minutes=2)
    polling.poll()
    assert len(jira.asked) == asked + 1


def test_without_a_jira_nobody_is_asked(ticket: Ticket, jira: FakeJira) -> None:
    assert polling.poll() == 0
    assert jira.asked == []

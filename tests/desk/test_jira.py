"""Who sees what is out of step with R&D's JIRA, and what they may do about it; and JIRA on a ticket's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jira import inbound, tasks
from jira.models import Incoming, Issue, Outgoing
from notifications.models import Notice
from tests.cast import act
from tests.jira.conftest import QUESTION, Worker, escalated, issue_of, jira, ticket, worker
from tests.jira.conftest import connection as connection  # noqa: PLC0414 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db
__all__ = ("connection", "escalated", "jira", "ticket", "worker")
PAGE = "/jira/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(user: User) -> str:
    answer = browser(user).get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def refused(ticket: Ticket, cast: Cast, jira: FakeJira, worker: Worker) -> Outgoing:
    """A note that JIRA does not take."""
    jira.fail("POST .*comment", 400)
    act(ticket, "note", cast.engineer, text="x")
    worker.work()
    return Outgoing.objects.get(kind="comment")


@pytest.mark.parametrize("part", ["rd_engineer", "director", "supervisor", "admin"])
def test_rd_directors_and_administrators_see_the_page_and_find_it_in_the_side_bar(
    escalated: Ticket, cast: Cast, part: str
) -> None:
    assert f'href="{PAGE}"' in page(vars(cast)[part])


@pytest.mark.parametrize("part", ["engineer", "specialist", "trainer", "finance", "contact"])
def test_others_do_not(escalated: Ticket, cast: Cast, part: str) -> None:
    client = browser(vars(cast)[part])
    assert client.get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in client.get("/", follow=True).content.decode()


def test_while_jira_is_off_the_page_is_not_there_and_nobody_is_led_to_it(ticket: Ticket, cast: Cast) -> None:
    client = browser(cast.director)
    assert client.get(PAGE).status_code == 404
    assert f'href="{PAGE}"' not in client.get("/").content.decode()


@pytest.mark.rule("TKT-24")
def test_an_answer_that_lacks_something_is_listed_with_what_it_lacks_on_the_page_and_on_the_ticket(
    escalated: Ticket, cast: Cast, jira: FakeJira
) -> None:
    jira.moves("RD-1", "Done", "done", advice="升级", result="已恢复")
    inbound.read_now(issue_of(escalated).pk)
    assert "请填写研发的处理方法" in page(cast.rd_engineer)
    shown = browser(cast.engineer).get(f"/ticket/{escalated.number}/").content.decode()
    assert "请填写研发的处理方法" in shown
    assert f'href="{jira.origin}/browse/RD-1"' in shown


@pytest.mark.rule("TKT-24")
def test_a_ticket_that_came_back_by_hand_while_its_issue_is_open_is_listed(escalated: Ticket, cast: Cast) -> None:
    assert escalated.number not in page(cast.director)
    act(escalated, "return_from_rd", cast.rd_engineer, method="m", advice="a", result="r")
    assert escalated.number in page(cast.director)


def test_what_jira_refuses_is_listed_tried_again_and_then_gone(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    row = refused(escalated, cast, jira, worker)
    assert "400 no" in page(cast.rd_engineer)
    assert browser(cast.rd_engineer).post(f"/jira/message/{row.pk}/retry/").status_code == 302
    worker.work()
    assert len(jira.issues[0]["fields"]["comment"]["comments"]) == 1
    assert escalated.number not in page(cast.rd_engineer)


def test_an_issue_is_read_anew_when_somebody_asks(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.moves("RD-1", "Done", "done", advice="升级", result="已恢复")
    inbound.read_now(issue_of(escalated).pk)
    jira.moves("RD-1", "Done", "done", method="重建索引")
    worker.later(minutes=1)
    assert browser(cast.director).post(f"/jira/issue/{issue_of(escalated).pk}/retry/").status_code == 302
    worker.work()
    escalated.refresh_from_db()
    assert escalated.state == "in_progress"


@pytest.mark.parametrize("subject", ["message", "issue"])
def test_what_is_ignored_needs_a_reason_that_is_kept(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker, subject: str
) -> None:
    row: Outgoing | Issue = refused(escalated, cast, jira, worker)
    if subject == "issue":
        act(escalated, "cancel", cast.specialist, reason="重复")
        row = issue_of(escalated)
    client, where = browser(cast.director), f"/jira/{subject}/{row.pk}/ignore/"
    assert client.get(where).status_code == 200
    empty = client.post(where, {"reason": " "})
    assert (empty.status_code, "请说明原因" in empty.content.decode()) == (422, True)
    assert client.post(where, {"reason": "研发已知"}).status_code == 302
    row.refresh_from_db()
    assert (row.ignored_by, row.ignored_reason) == (cast.director, "研发已知")
    assert client.get(where).status_code == 404


def test_an_ignored_issue_comes_back_onto_the_list_when_its_status_changes(
    escalated: Ticket, cast: Cast, jira: FakeJira
) -> None:
    act(escalated, "cancel", cast.specialist, reason="重复")
    browser(cast.director).post(f"/jira/issue/{issue_of(escalated).pk}/ignore/", {"reason": "知道"})
    assert escalated.number not in page(cast.director)
    jira.moves("RD-1", "In Progress")
    inbound.read_now(issue_of(escalated).pk)
    assert escalated.number in page(cast.director)


def test_an_issue_that_is_not_to_be_made_takes_with_it_all_that_would_follow(
    ticket: Ticket, cast: Cast, connection: object, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*issue$", 400)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    act(ticket, "note", cast.engineer, text="x")
    worker.work()
    first = Outgoing.objects.get(kind="create")
    browser(cast.director).post(f"/jira/message/{first.pk}/ignore/", {"reason": "走内部队列"})
    worker.later(hours=1)
    assert (jira.issues, Outgoing.objects.unsettled().count()) == ([], 0)
    act(ticket, "return_from_rd", cast.rd_engineer, method="m", advice="a", result="r")


def test_nobody_acts_on_what_is_not_theirs_to_see_or_is_not_out_of_step(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    row = refused(escalated, cast, jira, worker)
    act(escalated, "return_from_rd", cast.engineer, method="m", advice="a", result="r")
    for user, status in ((cast.rd_engineer, 404), (cast.engineer, 403), (cast.contact, 403), (cast.director, 302)):
        assert browser(user).post(f"/jira/message/{row.pk}/retry/").status_code == status
    director = browser(cast.director)
    for address in ("/jira/message/0/retry/", "/jira/nothing/1/retry/", "/jira/issue/9223372036854775808/ignore/"):
        assert director.post(address).status_code == 404
    assert director.get(f"/jira/message/{row.pk}/retry/").status_code == 405


def test_the_page_costs_the_same_however_much_is_out_of_step(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker, new_ticket: Callable[..., Ticket]
) -> None:
    client = browser(cast.director)

    def cost() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(database) as asked:
            client.get(PAGE)
        return len(asked)

    refused(escalated, cast, jira, worker)
    before = cost()
    jira.fail("POST .*comment", 400, times=5)
    for n in range(5):
        act(escalated, "note", cast.engineer, text=str(n))
        worker.work()
    assert Outgoing.objects.filter(failed_at__isnull=False).count() == 6
    assert (cost(), before) == (before, 8)


def test_a_ticket_that_never_went_to_jira_costs_no_query_more_and_shows_nothing_of_it(
    ticket: Ticket, cast: Cast, connection: object, jira: FakeJira
) -> None:
    client = browser(cast.engineer)
    client.get(f"/ticket/{ticket.number}/")
    with CaptureQueriesContext(database) as asked:
        shown = client.get(f"/ticket/{ticket.number}/")
    assert not [query["sql"] for query in asked if query["sql"].startswith('SELECT "jira_')]
    assert "browse" not in shown.content.decode()


def test_a_file_that_does_not_come_is_on_the_page_and_is_fetched_once_more_or_ignored(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("GET /secure", 404, times=2)
    jira.attaches("RD-1", "修复说明.pdf", b"%PDF-1.4 mended")
    inbound.read_now(issue_of(escalated).pk)
    worker.work()
    row = Incoming.objects.get()
    assert "修复说明.pdf" in page(cast.rd_engineer)
    client = browser(cast.rd_engineer)
    assert client.post(f"{PAGE}file/{row.pk}/retry/").status_code == 302
    worker.work()
    assert Incoming.objects.get().attempts == 2
    assert client.post(f"{PAGE}file/{row.pk}/ignore/", {"reason": "不需要"}).status_code == 302
    assert "修复说明.pdf" not in page(cast.rd_engineer)
    assert browser(cast.engineer).post(f"{PAGE}file/{row.pk}/retry/").status_code == 403
    assert client.post(f"{PAGE}file/{row.pk}/retry/").status_code == 404


def test_whoever_follows_the_notice_of_an_outage_comes_to_the_page(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*search", 500, times=18)
    for _minute in range(17):
        worker.later(minutes=1)
        tasks.poll()
    notice = Notice.objects.get(recipient=cast.supervisor, tiding__isnull=False)
    client = browser(cast.supervisor)
    assert "JIRA 无法读取" in client.get("/notices/").content.decode()
    answer = client.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert browser(cast.engineer).get(f"/notices/{notice.pk}/").status_code == 404

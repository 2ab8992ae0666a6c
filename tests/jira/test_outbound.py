"""An escalated ticket becomes one issue in JIRA, with all that R&D needs; what is added later follows, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from jira import outbound
from jira.models import Connection, Issue, Outgoing
from people.actors import Actor
from tests.browser.house import PICTURE, worked_on
from tests.cast import act
from tests.jira.conftest import QUESTION, Worker, connect, issue_of, left
from workflow.models import OutboxMessage, WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def picture(name: str = "登录错误.png") -> dict[str, Any]:
    return {"files": [SimpleUploadedFile(name, PICTURE, "image/png")]}


@pytest.mark.rule("TKT-24")
def test_an_escalated_ticket_becomes_an_issue_with_number_question_and_what_was_tried(
    escalated: Ticket, jira: FakeJira
) -> None:
    (made,) = jira.issues
    fields = made["fields"]
    assert fields["summary"] == f"{escalated.number} 在线考试提交后白屏"
    for told in (escalated.number, QUESTION["question"], QUESTION["tried"], escalated.body, "北大"):
        assert told in fields["description"]
    assert (fields["project"], fields["issuetype"]) == ({"key": "RD"}, {"name": "Bug"})
    assert fields["labels"] == ["serviceops", f"serviceops-{escalated.number}-{issue_of(escalated).entry.seq}"]
    assert (issue_of(escalated).key, left()) == ("RD-1", [])


@pytest.mark.rule("TKT-24")
def test_the_files_of_the_ticket_go_along_and_each_is_sent_once(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    act(ticket, "attach", cast.engineer, files=picture())
    act(ticket, "escalate_to_rd", cast.engineer, files=picture("接口.png"), **QUESTION)
    jira.fail("POST .*attachments", "cut")
    worker.work()
    worker.later(minutes=3)
    worker.later(minutes=3)
    (made,) = jira.issues
    names = [file["filename"] for file in made["fields"]["attachment"]]
    assert [name.rpartition("-")[0] for name in names] == ["登录错误", "接口"]
    assert made["contents"] == [PICTURE, PICTURE]
    assert left() == []


@pytest.mark.rule("TKT-24")
def test_without_a_jira_the_ticket_waits_in_rds_own_queue_and_nothing_leaves_the_house(
    ticket: Ticket, cast: Cast, worker: Worker
) -> None:
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert not Issue.objects.exists()
    assert not Outgoing.objects.exists()
    assert WorkItem.objects.of(cast.rd_engineer).filter(record=ticket, verb="return_from_rd").exists()


@pytest.mark.rule("TKT-24")
@pytest.mark.parametrize("how", ["cut", "hang"])
def test_when_the_answer_to_the_first_request_is_lost_the_issue_is_found_and_not_made_again(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker, how: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr("jira.client.SECONDS", 0.3)
    jira.fail("POST .*/issue$", how)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert (issue_of(ticket).key, left()[0].fault, len(jira.issues)) == ("", "unreachable", 1)
    worker.later(minutes=3)
    assert (issue_of(ticket).key, left(), len(jira.issues)) == ("RD-1", [], 1)
    assert len(jira.requests("POST", "/issue")) == 1


@pytest.mark.rule("TKT-24")
def test_of_two_issues_that_bear_the_label_the_first_is_the_issue(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    label = f"serviceops-{ticket.number}-{ticket.timeline_length}"
    for _n in range(2):
        jira.make({"project": {"key": "RD"}, "labels": ["serviceops", label]})
    jira.issues.reverse()
    worker.work()
    assert issue_of(ticket).key == "RD-1"
    assert jira.requests("POST", "/issue") == []


def test_a_jira_that_is_down_for_hours_is_told_when_it_is_back_and_once(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST", "drop", times=1000)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    act(ticket, "note", cast.engineer, text="客户说只在晚上出现")
    worker.work()
    for _hour in range(6):
        worker.later(hours=1)
    assert jira.issues == []
    assert [row.fault for row in left()] == ["unreachable", ""]
    jira.faults.clear()
    worker.later(hours=1)
    worker.later(minutes=2)
    (made,) = jira.issues
    assert len(made["fields"]["comment"]["comments"]) == 1
    assert left() == []


def test_what_cannot_be_told_for_days_is_given_up_and_waits_for_somebody(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST", 500, times=1000)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    for _day in range(4):
        worker.later(days=1)
    row = Outgoing.objects.get()
    assert (row.fault, row.failed_at is not None) == ("broken", True)
    asked = len(jira.asked)
    worker.later(days=1)
    assert len(jira.asked) == asked


def test_jira_is_left_alone_for_as_long_as_it_asks(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST", 429, Retry_After="900")
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    asked = len(jira.asked)
    worker.later(minutes=14)
    assert (len(jira.asked), left()[0].fault) == (asked, "busy")
    worker.later(minutes=2)
    assert issue_of(ticket).key == "RD-1"


@pytest.mark.parametrize(
    ("how", "fault"), [(500, "broken"), ("garbage", "unreadable"), ("drop", "unreachable"), (302, "broken")]
)
def test_a_passing_fault_is_tried_again(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker, how: int | str, fault: str
) -> None:
    jira.fail("POST", how)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert left()[0].fault == fault
    worker.later(minutes=3)
    assert (left(), len(jira.issues)) == ([], 1)


def test_what_jira_refuses_is_given_up_at_once_with_what_it_said(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*/issue$", 400)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    row = Outgoing.objects.get()
    assert (row.fault, row.detail, row.failed_at is not None) == ("refused", "400 no", True)


def test_a_wrong_token_is_told_and_tried_on_until_there_is_a_right_one(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker, caplog: Any
) -> None:
    connection.token = "wr0ng-token"
    connection.save()
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert (left()[0].fault, jira.issues) == ("token", [])
    assert "wr0ng-token" not in caplog.text + left()[0].detail
    connection.token = jira.token
    connection.save()
    worker.later(minutes=3)
    assert len(jira.issues) == 1


def test_an_address_that_is_no_longer_listed_is_not_called(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker, settings: Any
) -> None:
    settings.WEBHOOK_INTERNAL = ()
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert (left()[0].fault, jira.asked) == ("address", [])


@pytest.mark.rule("TKT-24")
def test_what_is_added_while_rd_has_the_ticket_is_told_once_in_its_order(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*comment", "cut")
    act(escalated, "note", cast.engineer, text="只在晚上出现")
    act(escalated, "attach", cast.engineer, files=picture(), text="截图")
    worker.work()
    for _round in range(3):
        worker.later(minutes=3)
    comments = [comment["body"] for comment in jira.issues[0]["fields"]["comment"]["comments"]]
    assert len(comments) == 2
    assert "只在晚上出现" in comments[0]
    assert "王工" in comments[0]
    assert "登录错误" in comments[1]
    assert len(jira.issues[0]["contents"]) == 1
    assert left() == []


@pytest.mark.rule("TKT-24")
def test_that_a_ticket_came_back_by_hand_is_told_and_nothing_after_it(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    act(escalated, "return_from_rd", cast.rd_engineer, method="重建索引", advice="升级", result="已恢复")
    act(escalated, "note", cast.engineer, text="以后的事")
    worker.work()
    (comment,) = jira.issues[0]["fields"]["comment"]["comments"]
    assert "重建索引" in comment["body"]
    assert "以后的事" not in comment["body"]


@pytest.mark.rule("TKT-24")
def test_a_later_escalation_makes_a_new_issue_that_is_linked_and_tells_what_was_before(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    act(escalated, "return_from_rd", cast.rd_engineer, method="重建索引", advice="升级", result="已恢复")
    act(escalated, "escalate_to_rd", cast.engineer, question="又出现了", tried="再次重启")
    worker.work()
    worker.later(minutes=2)
    first, second = jira.issues
    assert "RD-1" in second["fields"]["description"]
    assert "重建索引" in second["fields"]["description"]
    assert second["fields"]["issuelinks"] == [{"outwardIssue": {"key": "RD-1"}}]
    assert (issue_of(escalated).key, str(issue_of(escalated).previous), left()) == ("RD-2", "RD-1", [])
    assert first["fields"]["labels"][1] != second["fields"]["labels"][1]


def test_what_is_said_right_after_a_later_escalation_is_not_said_to_the_earlier_issue(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    act(escalated, "return_from_rd", cast.rd_engineer, method="m", advice="a", result="r")
    worker.work()
    act(escalated, "escalate_to_rd", cast.engineer, question="又出现了", tried="再次重启")
    act(escalated, "note", cast.engineer, text="这次在白天")
    worker.work()
    worker.later(minutes=2)
    first, second = ([row["body"] for row in each["fields"]["comment"]["comments"]] for each in jira.issues)
    assert (len(first), len(second)) == (1, 1)
    assert "这次在白天" in second[0]


def test_demonstration_data_and_history_from_elsewhere_make_no_issue(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    act(ticket, "escalate_to_rd", Actor(cast.engineer, channel="demo"), **QUESTION)
    worker.work()
    assert (Issue.objects.count(), jira.asked) == (0, [])


def test_a_worker_that_comes_to_its_claim_too_late_leaves_it_alone(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST", 500)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    asked, row = len(jira.asked), left()[0]
    Outgoing.objects.update(attempts=7, busy_until=clock.now() + timedelta(minutes=1))
    outbound.carry_out(row.pk, 6)
    Outgoing.objects.update(busy_until=clock.now() - timedelta(seconds=1))
    outbound.carry_out(row.pk, 7)
    Outgoing.objects.update(busy_until=clock.now() + timedelta(seconds=5))
    outbound.carry_out(row.pk, 7)
    assert (len(jira.asked), left()[0].detail) == (asked, "no time left")


def test_a_ticket_that_is_back_before_jira_could_be_told_makes_no_issue(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST", 500)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    act(ticket, "return_from_rd", cast.rd_engineer, method="m", advice="a", result="r")
    worker.later(minutes=3)
    worker.later(minutes=3)
    assert (jira.issues, left()) == ([], [])


@pytest.mark.rule("TKT-24")
def test_what_people_type_cannot_give_jira_orders(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    act(ticket, "escalate_to_rd", cast.engineer, question="{noformat} [~admin] !http://evil.example/x.png!", tried="x")
    worker.work()
    told = jira.issues[0]["fields"]["description"]
    assert told.count("{noformat}") % 2 == 0
    before, _typed, after = told.partition("{ noformat} [~admin]")
    assert before.count("{noformat}") % 2 == 1, "it stands where marks are switched off"
    assert after


def test_very_long_texts_fit_into_what_jira_takes(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    act(ticket, "escalate_to_rd", cast.engineer, question="长" * 200_000, tried="文" * 200_000)
    worker.work()
    fields = jira.issues[0]["fields"]
    assert len(fields["description"]) <= 32_767
    assert fields["description"].count("{noformat}") % 2 == 0


def test_the_issue_speaks_the_language_of_the_connection(
    ticket: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    connect(jira.origin, language="zh-hans")
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert "请研发解答的问题" in jira.issues[0]["fields"]["description"]


def test_a_connection_that_is_switched_off_is_waited_for(
    ticket: Ticket, cast: Cast, connection: Connection, jira: FakeJira, worker: Worker
) -> None:
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    outbound.escalate(ticket.entries.get(verb="escalate_to_rd").pk)
    OutboxMessage.objects.exclude(topic=outbound.TOPIC).delete()
    Connection.objects.update(active=False)
    worker.work()
    assert jira.asked == []
    Connection.objects.update(active=True)
    worker.later(minutes=16)
    assert len(jira.issues) == 1


def test_two_tickets_do_not_wait_for_one_another(
    cast: Cast,
    connection: Connection,
    jira: FakeJira,
    worker: Worker,
    ticket: Ticket,
    new_ticket: Callable[..., Ticket],
) -> None:
    second = worked_on(new_ticket(), cast)
    jira.fail("POST .*/issue$", 400)
    for each in (ticket, second):
        act(each, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    assert [issue_of(ticket).key, issue_of(second).key] == ["", "RD-1"]

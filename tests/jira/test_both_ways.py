"""What R&D does to its words and files in JIRA afterwards comes onto the ticket too; nothing there is rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils.datastructures import MultiValueDict

from jira import inbound, polling
from jira.client import Client
from jira.models import Incoming
from tests.cast import act
from tests.jira.conftest import Worker, issue_of
from tests.jira.test_inbound import heard, read
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from pytest_django import Settings

    from jira.models import Connection
    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.rule("TKT-24")]
PDF = b"%PDF-1.4 how it was mended"


def files(ticket: Ticket) -> list[tuple[str, str, str]]:
    """Name, act and author of what hangs on a ticket."""
    rows = Attachment.objects.filter(record=ticket).select_related("entry").order_by("id")
    return [(row.name, row.entry.verb, row.entry.data["said"].get("person", "")) for row in rows]


def test_an_edited_comment_is_a_new_entry_that_names_the_earlier_one(escalated: Ticket, jira: FakeJira) -> None:
    row = jira.says("RD-1", "请提供日志")
    read(escalated)
    first = Entry.objects.get(record=escalated, verb="hear")
    for text in ("请提供网关日志", "请提供日志", "请提供网关日志"):
        jira.edits("RD-1", row, text)
        for _time in range(2):
            read(escalated)
    said = heard(escalated)
    assert [each["text"] for each in said] == ["请提供日志", "请提供网关日志", "请提供日志", "请提供网关日志"]
    assert [each.get("change", "") for each in said] == ["", "edited", "edited", "edited"]
    assert said[1]["earlier"].startswith(f"#{first.seq} · ")
    assert said[1]["earlier"].endswith(" · 请提供日志")
    assert said[2]["earlier"].startswith(f"#{first.seq + 1} · ")
    first.refresh_from_db()
    assert first.data["said"]["text"] == "请提供日志"
    call_command("verify_timeline")


def test_a_deleted_comment_is_told_once_and_does_not_come_back_with_an_older_answer(
    escalated: Ticket, connection: Connection, jira: FakeJira
) -> None:
    row = jira.says("RD-1", "误发")
    older = Client(connection).issue("RD-1")
    read(escalated)
    jira.by_key("RD-1")["fields"]["comment"]["comments"].remove(row)  # as if JIRA's clock had not gone on
    for _time in range(2):
        read(escalated)
    inbound.take_in(issue_of(escalated).pk, older)
    assert [(each.get("change", ""), each.get("text", "")) for each in heard(escalated)] == [
        ("", "误发"),
        ("deleted", ""),
    ]
    assert heard(escalated)[1]["earlier"].endswith("误发")


def test_what_jira_does_not_show_of_many_comments_is_not_taken_for_deleted(escalated: Ticket, jira: FakeJira) -> None:
    row = jira.says("RD-1", "第一条")
    read(escalated)
    comments = jira.by_key("RD-1")["fields"]["comment"]
    comments |= {"comments": [], "total": 1}
    jira.touch(jira.by_key("RD-1"))
    read(escalated)
    jira.by_key("RD-1")["fields"]["comment"] = None
    jira.touch(jira.by_key("RD-1"))
    read(escalated)
    assert [each["text"] for each in heard(escalated)] == [row["body"]]


def test_our_own_comment_edited_in_jira_names_the_act_of_which_it_tells(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    note = act(escalated, "note", cast.engineer, text="只在晚上出现")
    worker.work()
    read(escalated)
    (row,) = jira.by_key("RD-1")["fields"]["comment"]["comments"]
    jira.edits("RD-1", row, f"已查：网关夜间重启\n{row['body']}")
    read(escalated)
    (said,) = heard(escalated)
    assert said["text"].startswith("已查：网关夜间重启")
    assert said["earlier"].startswith(f"#{note.seq} · ")


def test_our_own_comment_of_greatest_length_is_known_by_its_mark(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    act(escalated, "note", cast.engineer, text="长" * 7_900)
    worker.work()
    (row,) = jira.by_key("RD-1")["fields"]["comment"]["comments"]
    mark = row["body"].rstrip().rpartition("\n")[2]
    row["body"] = f"{'长' * 25_000}\n{mark}"
    read(escalated)
    assert heard(escalated) == []


@pytest.mark.parametrize("way", ["webhook", "poll"])
def test_a_file_that_rd_attaches_comes_onto_the_ticket_once(
    escalated: Ticket, jira: FakeJira, worker: Worker, way: str
) -> None:
    jira.attaches("RD-1", "修复说明.pdf", PDF)
    for _time in range(2):
        if way == "poll":
            polling.poll()
        else:
            read(escalated)
        worker.work()
        worker.later(minutes=10)
    assert files(escalated) == [("修复说明.pdf", "hear", "钱研发")]
    kept = Attachment.objects.get(record=escalated)
    assert (kept.content_type, kept.public, kept.file.open().read()) == ("application/pdf", False, PDF)
    assert len(jira.requests("GET", ".pdf")) == 1


def test_files_that_were_given_from_here_do_not_come_back(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    log = SimpleUploadedFile("日志.txt", b"gateway down")
    act(escalated, "attach", cast.engineer, files=MultiValueDict({"files": [log]}), text="")
    worker.work()
    read(escalated)
    worker.later(minutes=10)
    assert [name for name, _verb, _who in files(escalated)] == ["日志.txt"]
    assert Incoming.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tool.exe", b"MZ\x90\x00", {}),
        ("说明.pdf", b"<html>no pdf</html>", {}),
        ("empty.txt", b"", {}),
        ("huge.log", b"x", {"size": 10**10}),
    ],
)
def test_a_file_that_is_not_taken_is_told_on_the_ticket_and_not_asked_for_again(
    escalated: Ticket, jira: FakeJira, worker: Worker, name: str, content: bytes, told: dict[str, Any]
) -> None:
    jira.attaches("RD-1", name, content, **told)
    read(escalated)
    worker.work()
    worker.later(hours=4)
    assert files(escalated) == []
    (said,) = heard(escalated)
    assert (said["change"], said["person"]) == ("refused", "钱研发")
    assert said["text"].startswith(f"{name}: ")
    assert Incoming.objects.get().refused_at is not None
    assert len(jira.requests("GET", name)) <= 1


def test_a_file_that_cannot_be_fetched_is_tried_until_it_comes(
    escalated: Ticket, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("GET /secure", 500, times=2)
    jira.fail("GET /secure", "drop")
    jira.attaches("RD-1", "修复说明.pdf", PDF)
    read(escalated)
    worker.work()
    assert (files(escalated), Incoming.objects.get().fault) == ([], "broken")
    for _time in range(4):
        worker.later(minutes=40)
    assert [name for name, _verb, _who in files(escalated)] == ["修复说明.pdf"]
    assert Incoming.objects.get().fault == ""


def test_a_file_that_is_gone_or_came_in_part_is_not_taken_for_whole(
    escalated: Ticket, jira: FakeJira, worker: Worker
) -> None:
    jira.attaches("RD-1", "a.pdf", PDF, size=len(PDF) + 5)
    jira.fail("GET /secure.*b.pdf", 404)
    jira.attaches("RD-1", "b.pdf", PDF)
    read(escalated)
    worker.work()
    assert files(escalated) == []
    assert dict(Incoming.objects.values_list("name", "fault")) == {"a.pdf": "unreadable", "b.pdf": "gone"}
    assert Incoming.objects.get(name="b.pdf").failed_at is not None


def test_a_file_is_fetched_from_jira_alone_whatever_address_is_named(
    escalated: Ticket, jira: FakeJira, worker: Worker, settings: Settings
) -> None:
    jira.attaches("RD-1", "修复说明.pdf", PDF, content="http://127.0.0.1:1/steal?token")
    read(escalated)
    worker.work()
    assert [name for name, _verb, _who in files(escalated)] == ["修复说明.pdf"]

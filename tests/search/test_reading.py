"""Attachments are read in the background, by a process that no file can break anything with but itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from search import attachments, reading
from search.asking import asked
from search.attachments import TRIES
from search.finding import find
from search.models import Document
from search.reading import UnreadableError, text_of
from tests.cast import act
from tests.search import papers
from workflow import outbox
from workflow.models import Attachment, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.cast import Cast
    from tickets.models import Ticket

Attach = Any
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
WORD, EXCEL = "word/document.xml", "xl/worksheets/sheet1.xml"


def test_what_documents_say_is_read() -> None:
    assert papers.WORDS in text_of(papers.pdf(), "pdf")
    assert text_of(papers.letter("第一段", "第二段"), "docx").split("\n") == ["第一段", "第二段", "环境\t测试环境"]
    assert text_of(papers.sheet(("姓名", "学号"), ("王芳", 2026001)), "xlsx").split("\n") == [
        "名单",
        "姓名\t学号",
        "王芳\t2026001",
    ]
    assert text_of("内存溢出".encode("gb18030"), "txt") == "内存溢出"
    assert text_of("\ufeff错误".encode(), "txt") == "错误"


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a locked PDF": (papers.locked_pdf, "pdf", "encrypted"),
    "half a PDF": (lambda: papers.pdf()[:200], "pdf", "broken"),
    "a PDF of nothing": (lambda: b"%PDF-1.4\n", "pdf", "broken"),
    "noise": (lambda: bytes(range(256)) * 40, "docx", "broken"),
    "a Word bomb": (lambda: papers.bomb(papers.letter("x"), "word/media.xml"), "docx", "too_large"),
    "an Excel bomb": (lambda: papers.bomb(papers.sheet((1,)), "xl/more.xml"), "xlsx", "too_large"),
    "a crowd of parts": (lambda: papers.crowd(papers.letter("x"), "word/p"), "docx", "too_large"),
    "laughter in Word": (lambda: papers.with_part(papers.letter("x"), WORD, papers.LAUGHTER), "docx", "broken"),
    "laughter in Excel": (lambda: papers.with_part(papers.sheet((1,)), EXCEL, papers.LAUGHTER), "xlsx", "broken"),
}


def outcome(content: bytes, kind: str) -> str:
    """The text of a file, or why there is none."""
    try:
        return text_of(content, kind)
    except UnreadableError as error:
        return error.reason


@pytest.mark.parametrize(("make", "kind", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_poisoned_file_is_refused_and_breaks_nothing(make: Callable[[], bytes], kind: str, reason: str) -> None:
    assert outcome(make(), kind) == reason


@pytest.mark.parametrize("part", [WORD, EXCEL])
def test_a_file_cannot_ask_for_a_file_of_the_machine(part: str) -> None:
    good, kind = (papers.letter("x"), "docx") if part == WORD else (papers.sheet((1,)), "xlsx")
    assert "root:" not in outcome(papers.with_part(good, part, papers.SPY), kind)


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.001)
    with pytest.raises(UnreadableError, match="slow"):
        text_of(b"x", "txt")


def test_a_long_text_is_read_so_far_and_no_further() -> None:
    assert len(text_of(b"abc " * 100_000, "txt")) <= 100_000


@pytest.fixture
def attach(cast: Cast, new_ticket: Callable[..., Ticket]) -> Attach:
    """Attach a file to a ticket and give its index row, before the worker has come to it."""
    ticket = new_ticket()

    def one(name: str, content: bytes) -> Document:
        act(ticket, "attach", cast.engineer, files={"files": [SimpleUploadedFile(name, content)]})
        return Document.objects.filter(kind="attachment").latest("pk")

    return one


@pytest.fixture
def work(django_capture_on_commit_callbacks: Any, held_clock: Callable[[datetime], Any]) -> Callable[[], None]:
    """What the workers do until the outbox is empty, each round six minutes after the one before."""
    from datetime import timedelta

    def rounds() -> None:
        for _round in range(TRIES + 2):
            with django_capture_on_commit_callbacks(execute=True):
                outbox.drain()
            held_clock(clock.now() + timedelta(minutes=6))

    return rounds


def found(cast: Cast, words: str) -> list[str]:
    return [hit.heading for group in find(cast.engineer, asked(words)).groups for hit in group.hits]


def test_a_file_is_found_by_its_name_at_once_and_by_its_text_when_it_has_been_read(
    cast: Cast, attach: Attach, work: Callable[[], None]
) -> None:
    row = attach("部署说明.docx", papers.letter("网关超时后重启"))
    assert row.reading == "waiting"
    assert found(cast, "部署说明") == ["部署说明.docx"]
    assert found(cast, "超时") == []
    work()
    row.refresh_from_db()
    assert (row.reading, row.reason) == ("done", "")
    assert found(cast, "超时") == ["部署说明.docx"]


def test_a_picture_is_found_by_its_name_and_nobody_tries_to_read_it(cast: Cast, attach: Attach) -> None:
    row = attach("截图.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
    assert row.reading == ""
    assert found(cast, "截图") == ["截图.png"]
    assert not OutboxMessage.objects.filter(topic=attachments.TOPIC).exists()


def test_what_cannot_be_read_is_noted_at_the_file_and_left_alone(
    cast: Cast, attach: Attach, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = attach("坏.pdf", papers.locked_pdf())
    work()
    row.refresh_from_db()
    assert (row.reading, row.reason) == ("unreadable", "encrypted")
    assert not OutboxMessage.objects.filter(topic=attachments.TOPIC, done_at__isnull=True).exists()
    monkeypatch.setattr(reading, "text_of", lambda *_given: pytest.fail("it is not read again"))
    work()


def test_a_worker_that_dies_while_reading_is_followed_by_another_and_then_by_nobody(
    cast: Cast, attach: Attach, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    monkeypatch.setattr(attachments, "take_in", tries.append)
    row = attach("说明.txt", "内存溢出".encode())
    work()
    row.refresh_from_db()
    assert len(tries) == TRIES
    assert (row.reading, row.reason) == ("unreadable", "gave_up")


def test_a_file_that_is_gone_is_noted(attach: Attach, work: Callable[[], None]) -> None:
    row = attach("说明.txt", "内存溢出".encode())
    kept = Attachment.objects.get(pk=row.subject).file
    kept.storage.delete(str(kept.name))
    work()
    row.refresh_from_db()
    assert (row.reading, row.reason) == ("unreadable", "gone")


def test_two_workers_with_one_message_read_once(attach: Attach, django_capture_on_commit_callbacks: Any) -> None:
    row = attach("说明.txt", "内存溢出".encode())
    message = OutboxMessage.objects.get(topic=attachments.TOPIC)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.drain()
    with django_capture_on_commit_callbacks() as again:
        attachments.read(message)
    assert again == []
    row.refresh_from_db()
    assert row.reading == "done"

"""The index is never behind: it is written with what it mirrors, and the command finds and mends what is wrong."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from search.models import Document, put
from search.writing import Told, document
from tests.cast import act
from workflow import sweep
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.cast import Cast, University
    from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def busy(cast: Cast, new_ticket: Callable[..., Ticket]) -> Ticket:
    """A ticket with a life: notes, a correction, a file."""
    ticket = new_ticket(title="平台卡顿")
    act(ticket, "note", cast.engineer, text="先看日志\n再看网关")
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    act(ticket, "attach", cast.engineer, files={"files": [SimpleUploadedFile("a.txt", b"abc")]}, text="日志")
    sweep.run(100)
    return ticket


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("search_index", *arguments, stdout=out)
    return out.getvalue()


def test_after_every_act_the_index_says_what_it_should(busy: Ticket) -> None:
    assert " 0 wrong, 0 left over" in command("--check")


def test_what_is_missing_wrong_or_left_over_is_told_and_mended(busy: Ticket) -> None:
    Document.objects.filter(kind="customer").delete()
    Document.objects.filter(kind="ticket").update(folded="anything")
    put([document("ticket", 999_999, Told("a ghost")), document("gone", 1, Told("a kind that is no more"))])
    with pytest.raises(CommandError, match="does not say what it should"):
        command("--check")
    told = command()
    assert "missing or wrong: ticket" in told
    assert "left over: ticket 999999" in told
    assert "left over: gone 1" in told
    assert " 0 wrong, 0 left over" in command("--check")


def test_an_index_that_is_there_is_left_alone_when_only_an_empty_one_is_to_be_filled(busy: Ticket) -> None:
    Document.objects.filter(kind="customer").delete()
    assert command("--if-empty") == ""
    Document.objects.all().delete()
    assert "wrong" in command("--if-empty")
    assert Document.objects.filter(kind="customer").exists()


def test_an_act_that_is_undone_leaves_nothing_in_the_index(cast: Cast, busy: Ticket) -> None:
    before = list(Document.objects.order_by("pk").values())
    with pytest.raises(Refused):
        act(busy, "note", cast.engineer, text="")
    with transaction.atomic():
        act(busy, "note", cast.engineer, text="never said")
        transaction.set_rollback(True)
    assert list(Document.objects.order_by("pk").values()) == before


def test_a_very_long_text_is_indexed_so_far_and_no_further(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket(body="甲乙丙丁" * 6000 + "结尾")
    row = Document.objects.get(kind="ticket", subject=ticket.pk)
    assert len(row.text) < 21_000
    assert "结尾" not in row.folded


def test_an_act_without_words_costs_the_index_nothing_and_one_with_words_two_queries(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    ticket = new_ticket()

    def spent(verb: str, **said: Any) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            act(ticket, verb, cast.specialist, **said)
        return [each["sql"] for each in asked if "search_document" in each["sql"]]

    assert len(spent("note", text="看过了")) == 1
    assert len(spent("copy_to", people=[cast.finance.pk])) <= 1


def test_deadlines_that_fire_cost_the_index_nothing(
    cast: Cast, new_ticket: Callable[..., Ticket], held_clock: Callable[[datetime], Any]
) -> None:
    act(new_ticket(), "dispatch", cast.specialist, handler=cast.engineer.pk)
    held_clock(clock.now() + timedelta(hours=20))
    with CaptureQueriesContext(connection) as asked:
        assert sweep.run(100).fired
    assert not [each["sql"] for each in asked if "search_document" in each["sql"]]


def test_many_rows_are_written_with_one_statement(university: University) -> None:
    rows = [
        document("customer", 10_000 + n, Told(f"学院 {n}"), organisation_id=university.organisation.pk)
        for n in range(50)
    ]
    with CaptureQueriesContext(connection) as asked:
        put(rows)
    assert len([each for each in asked if "INSERT" in each["sql"]]) == 1
    assert sum("学院" in row.pieces for row in Document.objects.all()) == 50

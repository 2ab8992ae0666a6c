"""Whose work is due at another time by an administrator's order, hears of it once, however many records it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.translation import override

from core import clock
from notifications.inbox import inbox
from notifications.models import Notice, Sending, Tiding
from tests.workflow.conftest import NOON, Crew
from tests.workflow.test_recompute import Ask, Policy, ordered, recomputed
from tests.workflow.told import HOUR, edit
from workflow import outbox, recompute
from workflow.models import Recomputation, Record

if TYPE_CHECKING:
    from people.models import User

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


def told(user: User) -> list[tuple[str, tuple[str, ...]]]:
    """The digests that somebody reads: title and lines."""
    with override("en"):
        items = inbox(user)
    return [(item.message.title, item.message.lines) for item in items if item.message.thread == "deadlines.moved"]


def given(to: User, *records: Record) -> None:
    Record.objects.filter(pk__in=[record.pk for record in records]).update(handler=to)


def test_each_handler_is_told_once_of_all_that_was_moved_and_nobody_else_is(
    crew: Crew, ask: Ask, policy: Policy
) -> None:
    edited = policy("errand.answer", 240)
    mine, other = [ask() for _n in range(3)], ask()
    given(crew.handler, *mine)
    given(crew.colleague, other)
    edit(edited, minutes=300)
    recomputed(crew.director)
    ((title, lines),) = told(crew.handler)
    assert title == "3 due times of your work have moved"
    assert lines[0] == "Reason: New hours"
    assert lines[1].startswith(f"{mine[0].number} “Answer”: due 2026-03-04 17:00 instead of 2026-03-04 16:00")
    assert told(crew.colleague)[0][0] == f"The due time of {other.number} has moved"
    assert {notice.recipient for notice in Notice.objects.filter(tiding__isnull=False)} == {
        crew.handler,
        crew.colleague,
    }


def test_batches_and_repetitions_are_one_notice(
    crew: Crew, ask: Ask, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "BATCH", 2)
    edited = policy("errand.answer", 240)
    given(crew.handler, *(ask() for _n in range(15)))
    edit(edited, minutes=300)
    recomputed(crew.director)
    recompute.run()
    ((title, lines),) = told(crew.handler)
    assert title == "15 due times of your work have moved"
    assert (len(lines), lines[-1]) == (14, "and 3 more")


def test_what_did_not_move_or_is_ones_own_order_is_told_to_nobody(crew: Crew, ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 240)
    given(crew.handler, ask())
    edit(edited, rule="TKT-17")
    recomputed(crew.director)
    edit(edited, minutes=300)
    recomputed(crew.handler)
    assert Tiding.objects.count() == 0


def test_an_order_that_was_overtaken_tells_of_what_it_had_moved_until_then(
    crew: Crew, ask: Ask, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "BATCH", 1)
    edited = policy("errand.answer", 240)
    given(crew.handler, ask(), ask())
    edit(edited, minutes=300)
    with clock.held(NOON + HOUR):
        made = ordered(crew.director)
        recompute._step(made.pk)
        edit(edited, minutes=360)
        recompute.run()
    assert Recomputation.objects.get().outcome == Recomputation.Outcome.OVERTAKEN
    assert [title.startswith("The due time of ") for title, _lines in told(crew.handler)] == [True]


def test_it_goes_by_mail_as_other_news_of_deadlines_do(
    crew: Crew, ask: Ask, policy: Policy, django_capture_on_commit_callbacks: object
) -> None:
    edited = policy("errand.answer", 240)
    errand = ask()
    given(crew.handler, errand)
    edit(edited, minutes=300)
    recomputed(crew.director)
    with clock.held(NOON + HOUR):
        outbox.drain()
    assert Sending.objects.filter(notice__tiding__isnull=False).values_list("address", flat=True)[0] == (
        "handler@example.com"
    )


def test_the_notice_of_one_record_leads_to_it_and_of_several_to_the_workbench(
    crew: Crew, ask: Ask, policy: Policy
) -> None:
    edited = policy("errand.answer", 240)
    one, two, three = ask(), ask(), ask()
    given(crew.handler, one)
    given(crew.colleague, two, three)
    edit(edited, minutes=300)
    recomputed(crew.director)
    for person, path in ((crew.handler, f"/errand/{one.number}/"), (crew.colleague, "/")):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        notice = Notice.objects.get(recipient=person, tiding__isnull=False)
        assert client.get(f"/notices/{notice.pk}/")["Location"] == path

"""What a person reads: in their language, newest first, counted cheaply, marked by themselves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from core import clock
from notifications.inbox import MANY, inbox, mark_read, mark_record_read, unread_count
from notifications.models import Notice
from people.actors import SYSTEM, Actor
from people.models import Substitution
from tests.notifications.errands import NOON, act, acts, make, missed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from people.models import User
    from tests.notifications.conftest import Cast
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_a_notice_says_who_did_what_and_what_was_said(cast: Cast, errand: Errand) -> None:
    act(errand, "press", Actor(cast.specialist), data={"said": {"text": "客户在等", "soon": True, "empty": ""}})
    with override("en"):
        message = inbox(cast.handler)[0].message
    assert message.title == "专员 presses for ER-20260302-0001"
    assert message.lines == ("北京大学 · Errand 1", "专员: Press", "text: 客户在等")
    assert message.path == "/errand/ER-20260302-0001/"
    assert message.url.endswith(message.path)
    assert not message.urgent


def test_a_deadline_names_itself_its_due_time_and_lateness(cast: Cast, errand: Errand) -> None:
    act(errand, "deadline.missed", **missed("handler", late=True))
    with override("en"):
        message = inbox(cast.handler)[0].message
    assert message.title == "ER-20260302-0001: “Fetch it” was missed at 2026-03-02 12:00"
    assert message.rule == "TKT-17"
    assert message.urgent
    assert "told late" in message.lines[1]


def test_a_substitute_is_told_why(cast: Cast, errand: Errand, person: Callable[..., User]) -> None:
    deputy = person("deputy", "代理")
    Substitution.objects.create(principal=cast.handler, substitute=deputy, starts_at=NOON, ends_at=NOON.replace(hour=9))
    act(errand, "give", Actor(cast.specialist))
    with override("en"):
        assert "stand in" in inbox(deputy)[0].message.lines[-1]


def test_hostile_titles_stay_text(cast: Cast) -> None:
    errand = make(7, cast.customer, handler=cast.handler, title="%(actor)s %s <script> ${x} \u202e")
    act(errand, "give", Actor(cast.specialist))
    assert inbox(cast.handler)[0].message.title == "ER-20260302-0007 is yours: %(actor)s %s <script> ${x} \u202e"


def test_a_rule_that_is_no_longer_declared_is_still_told(cast: Cast, errand: Errand) -> None:
    act(errand, "give", Actor(cast.specialist))
    Notice.objects.update(rule="OLD-01")
    assert inbox(cast.handler)[0].message.title == "ER-20260302-0001: Give"


def test_the_inbox_is_one_query_newest_first_and_paged(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    records = [make(n, cast.customer, handler=cast.handler) for n in range(1, 8)]
    acts([(record, "give", Actor(cast.specialist), {}) for record in records])
    with django_assert_num_queries(1):
        first = inbox(cast.handler, limit=5)
    rest = inbox(cast.handler, limit=5, before=first[-1].id)
    numbers = [item.message.thread[-1] for item in [*first, *rest]]
    assert numbers == list("7654321")
    assert [item.id for item in inbox(cast.handler, after=first[1].id)] == [first[0].id]


def test_reading_marks_ones_own_notices_alone(cast: Cast, errand: Errand) -> None:
    act(errand, "give", Actor(cast.specialist))
    theirs = Notice.objects.get(recipient=cast.boss)
    with clock.held(NOON):
        assert mark_read(cast.handler, [theirs.pk]) == 0
        assert mark_read(cast.boss, [theirs.pk]) == 1
        assert mark_read(cast.boss) == 0
    assert Notice.objects.get(pk=theirs.pk).read_at == NOON
    assert unread_count(cast.handler) == 1
    assert [item.read for item in inbox(cast.boss)] == [True]
    assert inbox(cast.boss, unread=True) == []


def test_opening_a_record_reads_what_was_told_of_it(cast: Cast, errand: Errand) -> None:
    other = make(2, cast.customer, handler=cast.handler)
    acts([(record, "give", Actor(cast.specialist), {}) for record in (errand, other)])
    assert mark_record_read(cast.handler, errand) == 1
    assert unread_count(cast.handler) == 1


def test_counting_stops_where_nobody_reads_the_number(
    cast: Cast, errand: Errand, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    act(errand, "give", Actor(cast.specialist))
    what = [(errand, "deadline.missed", SYSTEM, missed("handler")) for _ in range(MANY + 5)]
    acts(what)
    with django_assert_num_queries(1):
        assert unread_count(cast.handler) == MANY

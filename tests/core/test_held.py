"""What is held in memory is never behind the database, and is not asked for twice in one act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.models import CalendarDay, WorkCalendar
from core.held import Held, asked_once
from tickets.models import Channel, IssueSubtype, IssueType
from workflow import policies
from workflow.models import DeadlinePolicy, PolicyLevel

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


def names() -> Held[list[str]]:
    return Held(lambda: list(Channel.objects.order_by("pk").values_list("name_en", flat=True)), Channel)


def test_it_is_made_once_and_then_only_the_stamps_are_asked(cast: Cast) -> None:
    held = names()
    first = held.now()
    with CaptureQueriesContext(connection) as asked:
        assert held.now() is first
    assert len(asked) == 1


def test_inside_an_act_even_the_stamps_are_asked_once(cast: Cast) -> None:
    held, other = names(), Held(IssueType.objects.count, IssueType)
    held.now(), other.now()
    with CaptureQueriesContext(connection) as asked, asked_once():
        for _time in range(3):
            held.now(), other.now()
            with asked_once():
                held.now()
    assert len(asked) == 1


@pytest.mark.parametrize("how", ["change", "add", "remove"])
def test_every_change_of_its_tables_shows_at_once(cast: Cast, how: str) -> None:
    held = names()
    before = held.now()
    channel = Channel.objects.order_by("pk").last()
    assert channel is not None
    if how == "change":
        channel.name_en = "Changed"
        channel.save()
    elif how == "add":
        Channel.objects.create(code="pigeon", name_zh="信鸽", name_en="Pigeon", position=99)
    else:
        Channel.objects.create(code="pigeon", name_zh="信鸽", name_en="Pigeon", position=99).delete()
        channel.name_en = "Changed too"
        channel.save()
    assert held.now() != before
    assert held.now() == list(Channel.objects.order_by("pk").values_list("name_en", flat=True))


def test_a_change_that_is_rolled_back_leaves_nothing_behind(cast: Cast) -> None:
    held = names()
    before = list(held.now())
    channel = Channel.objects.order_by("pk").first()
    assert channel is not None
    for name in ("Lost", "Lost too"):
        with transaction.atomic():
            channel.name_en = name
            channel.save()
            assert name in held.now()
            transaction.set_rollback(rollback=True)
        assert held.now() == before
    channel.name_en = "Kept"
    channel.save()
    assert "Kept" in held.now()


def test_policies_follow_their_levels_and_calendars_their_days(cast: Cast) -> None:
    policy = DeadlinePolicy.objects.filter(active=True, levels__isnull=False).order_by("pk").first()
    assert policy is not None
    before = policies.policies.now()
    assert policies.policies.now() is before
    level = PolicyLevel.objects.filter(policy=policy).order_by("position").first()
    assert level is not None
    level.share += 1
    level.save()
    after = policies.policies.now()
    assert after is not before
    assert next(row.share for row in after._by_id[policy.pk].levels.all()) == level.share

    held: Held[dict[int, Any]] = Held(lambda: {c.pk: c.stamp for c in WorkCalendar.objects.all()}, WorkCalendar)
    stamps = held.now()
    calendar = WorkCalendar.objects.order_by("pk").first()
    assert calendar is not None
    CalendarDay.objects.create(
        calendar=calendar, date="2031-05-06", kind=CalendarDay.Kind.HOLIDAY, source=CalendarDay.Source.COMPANY
    )
    assert held.now()[calendar.pk] != stamps[calendar.pk]


def test_rows_that_are_joined_are_watched_too(cast: Cast) -> None:
    from tickets.forms.fields import SubtypeChoice

    field = SubtypeChoice(IssueSubtype.objects.filter(active=True).select_related("issue_type"))
    first = field.words()[0]
    issue_type = IssueType.objects.get(pk=first.issue_type_id)
    issue_type.name_en = "Renamed"
    issue_type.save()
    assert next(word for word in field.words() if word.pk == first.pk).issue_type.name_en == "Renamed"

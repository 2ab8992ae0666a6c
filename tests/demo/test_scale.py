"""Copies in bulk are what the gate would have made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from demo.people import Cast
from demo.scale import run
from demo.scale.dialects import dialect
from demo.scale.moulds import Mould
from demo.scale.patterns import MODELS, Life, lives, own_fields
from demo.scale.runs import copy
from people.actors import Actor
from search.index import verify
from search.models import Document
from tests.demo.base import WithAYear
from tickets.models import Ticket
from vault.models import Look
from workflow import registry
from workflow.engine import perform
from workflow.models import Attachment, Entry, Link, NumberSeries, Opinion, Record, Round, Version
from workflow.timeline import faults

if TYPE_CHECKING:
    from django.db import models


pytestmark = pytest.mark.kernel
_OWN = {"id", "number", "hash", "prev_hash", "timeline_head", "key", "record_ptr_id"}
_BY_NUMBER: dict[type[models.Model], set[str]] = {Document: {"subject", "heading", "folded", "public", "pieces"}}
"""What follows from a copy's key and number."""
_WEEK = timedelta(weeks=1)


def _copies(shift: timedelta = timedelta(0), *, vary: bool = False) -> tuple[list[Life], list[Life]]:
    """All lives, and a copy of each."""
    patterns = list(lives(1000))
    before = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    copy([(Mould(life, dialect()), shift) for life in patterns], 7, vary=vary)
    made = list(Ticket.objects.filter(pk__gt=before).order_by("pk").values_list("pk", flat=True))
    return patterns, list(lives(1000, only=made))


def _comparable(model: type[models.Model], row: tuple[Any, ...]) -> dict[str, Any]:
    """A row without keys and numbers."""
    found = dict(zip((field.attname for field in own_fields(model)), row, strict=True))
    inner = {f.attname for f in own_fields(model) if f.related_model in MODELS}
    own = _OWN | inner | _BY_NUMBER.get(model, set())
    return {name: _without_keys(value) for name, value in found.items() if name not in own}


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_keys(part) for key, part in value.items() if key != "deadline"}
    return value


def _times(model: type[models.Model], rows: list[Any], others: list[Any]) -> list[tuple[str, Any, Any]]:
    return [
        (field.attname, old, new)
        for row, other in zip(rows, others, strict=True)
        for field, old, new in zip(own_fields(model), row, other, strict=True)
        if field.get_internal_type() == "DateTimeField" and old is not None
    ]


_NEXT: dict[str, tuple[str, dict[str, Any]]] = {
    "recorded": ("dispatch", {}),
    "dispatched": ("press", {"text": "请尽快"}),
    "in_progress": ("press", {"text": "请尽快"}),
    "with_rd": ("press", {"text": "请尽快"}),
    "waiting_customer": ("press", {"text": "请尽快"}),
    "resolved": ("reopen", {"reason": "仍然不行"}),
}


class TestCopies(WithAYear):
    def test_a_copy_that_is_not_moved_equals_the_gates_rows_but_for_keys_and_numbers(self) -> None:
        patterns, made = _copies()
        assert len(made) == len(patterns)
        for pattern, twin in zip(patterns, made, strict=True):
            for model, rows, others in zip(MODELS, pattern.rows, twin.rows, strict=True):
                assert [_comparable(model, row) for row in rows] == [_comparable(model, row) for row in others]

    def test_the_keys_of_a_copy_hang_together_as_those_of_its_pattern_do(self) -> None:
        _patterns, made = _copies()
        for life in made:
            record = Record.objects.get(pk=life.value(Record, "id"))
            own = set(record.deadlines.values_list("pk", flat=True))
            for entry in record.entries.filter(verb__startswith="deadline."):
                assert entry.data["deadline"] in own
            assert set(record.notices.values_list("entry__record", flat=True)) <= {record.pk}

    def test_copies_keep_the_databases_own_promises(self) -> None:
        _copies(-5 * _WEEK, vary=True)
        connection.check_constraints()

    def test_every_timeline_of_a_copy_is_whole(self) -> None:
        _patterns, made = _copies(-3 * _WEEK, vary=True)
        for life in made:
            record = Record.objects.get(pk=life.value(Record, "id"))
            assert not list(faults(record, list(record.entries.order_by("seq"))))

    def test_a_copy_is_found_by_what_it_says_itself(self) -> None:
        _copies(-3 * _WEEK, vary=True)
        report = verify(mend=False)
        assert report.sound, [*report.wrong, *report.left_over][:5]

    def test_a_moved_copy_lies_whole_weeks_away_in_all_its_times(self) -> None:
        patterns, made = _copies(-3 * _WEEK)
        for pattern, twin in zip(patterns, made, strict=True):
            for model, rows, others in zip(MODELS, pattern.rows, twin.rows, strict=True):
                for field, old, new in _times(model, rows, others):
                    assert old - new == 3 * _WEEK, f"{model.__name__}.{field}"

    def test_the_numbers_of_copies_belong_to_their_days_and_the_series_goes_on_after_them(self) -> None:
        _copies(-3 * _WEEK)
        for series in NumberSeries.objects.all():
            yearly = series.prefix not in {process.prefix for process in registry.all_processes()}
            begins = f"{series.prefix}-{series.day:{'%Y' if yearly else '%Y%m%d'}}-"
            numbers = Record.objects.filter(number__startswith=begins).order_by("number")
            assert [int(number[-4:]) for number in numbers.values_list("number", flat=True)] == list(
                range(1, series.last + 1)
            )

    def test_varied_copies_speak_of_other_things_and_stay_with_their_customers_people(self) -> None:
        _patterns, made = _copies(-_WEEK, vary=True)
        tickets = Ticket.objects.filter(pk__in=[life.value(Record, "id") for life in made])
        assert len(set(tickets.values_list("title", flat=True))) > len(made) / 2
        rows: list[Any] = list(tickets.select_related("contact", "site", "customer"))
        for ticket in rows:
            assert ticket.contact.organisation_id == ticket.customer_id
            assert ticket.site is None or ticket.site.organisation_id == ticket.customer_id
            recorded = ticket.entries.get(seq=1).data["said"]
            assert (recorded["title"], recorded["customer"]) == (ticket.title, str(ticket.customer))

    def test_the_work_goes_on_with_copied_open_tickets(self) -> None:
        _patterns, made = _copies()
        going_on = [life.value(Record, "id") for life in made if life.is_open]
        desk = Cast.gathered().holding("customer_specialist")[0]
        for ticket in Ticket.objects.filter(pk__in=going_on):
            verb, data = _NEXT[ticket.state]
            perform(ticket, verb, actor=Actor(desk), data=data)
            record = Record.objects.get(pk=ticket.pk)
            assert not list(faults(record, list(Entry.objects.filter(record=record).order_by("seq"))))
        assert going_on

    def test_nothing_hangs_on_a_ticket_that_copies_do_not_know_of(self) -> None:
        known = {*MODELS, Attachment}
        hanging = {relation.related_model for model in MODELS for relation in model._meta.related_objects}
        # Records of other processes are lives of their own. Tickets with access details are not copied, so no look at
        # one hangs on a copy; and neither are those that are linked. Tickets are reviewed by nobody.
        elsewhere = {Look, Link, Version, Round, Opinion}
        own = {model for model in hanging - known - elsewhere if not issubclass(model, Record)}
        left_out = {model for model in own if model._default_manager.exists()}
        assert not left_out

    def test_scaling_goes_up_to_the_number_asked_for_and_open_copies_are_of_today(self) -> None:
        begun = set(Ticket.objects.filter(is_open=True).values_list("created_at", flat=True))
        assert run(300, 7) == 260
        assert Ticket.objects.count() == 300
        assert set(Ticket.objects.filter(is_open=True).values_list("created_at", flat=True)) == begun
        assert Ticket.objects.filter(is_open=True).count() < 60
        assert run(300, 7) == 0

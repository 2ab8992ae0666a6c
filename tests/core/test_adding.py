"""The few rows that an act writes are written by statements that are kept, with the outcome of Django's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from core.adding import FEW, add
from core.saving import Quick
from customers.models import Organisation
from people.models import Region
from search.models import Document, put
from workflow.models import OutboxMessage, Record

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]
NOON = datetime(2026, 3, 4, 4, 0, 0, 123456, tzinfo=UTC)
HOSTILE = "'; DROP TABLE people_user; --  %s %d %% $1 \\ \" 中文\n"


def _message(key: str, **more: Any) -> OutboxMessage:
    given = {"payload": {"n": 1, "text": HOSTILE, "none": None}, "created_at": NOON, "available_at": NOON}
    return OutboxMessage(topic="t", key=key, **{**given, **more})


def _columns(row: models.Model, *without: str) -> dict[str, Any]:
    fresh = type(row)._default_manager.get(pk=row.pk)
    return {
        f.attname: f.value_from_object(fresh) for f in fresh._meta.concrete_fields if f.name not in {"id", *without}
    }


@pytest.mark.parametrize("count", [1, 2, FEW, FEW + 1, 40])
def test_rows_are_written_as_django_writes_them_by_one_statement(count: int) -> None:
    ours = [_message(f"a{n}", last_error=HOSTILE) for n in range(count)]
    with CaptureQueriesContext(connection) as asked:
        add(ours)
    assert len(asked) == 1
    theirs = [_message(f"b{n}", last_error=HOSTILE) for n in range(count)]
    for row in theirs:
        row.save()
    assert [_columns(row, "key") for row in ours] == [_columns(row, "key") for row in theirs]
    assert [_columns(row)["key"] for row in ours] == [f"a{n}" for n in range(count)]
    assert not any(row._state.adding for row in ours)
    ours[0].attempts = 3
    ours[0].save()
    assert OutboxMessage.objects.count() == 2 * count


def test_no_row_is_no_statement() -> None:
    with CaptureQueriesContext(connection) as asked:
        add([])
        add(_message(f"{n}") for n in range(0))
    assert not asked


def test_what_is_there_already_stays_as_it_is() -> None:
    add([_message("same", last_error="first")])
    again = [_message("same", last_error="second"), _message("other", last_error="second")]
    add(again, once=True)
    assert dict(OutboxMessage.objects.values_list("key", "last_error")) == {"same": "first", "other": "second"}


def test_what_clashes_is_refused_and_nothing_is_written() -> None:
    add([_message("same")])
    with pytest.raises(IntegrityError), transaction.atomic():
        add([_message("new"), _message("same")])
    assert list(OutboxMessage.objects.values_list("key", flat=True)) == ["same"]


def test_a_row_takes_the_place_of_the_one_before_where_that_is_asked() -> None:
    for heading in ("first", "second"):
        put([Document(kind="x", subject=7, heading=heading, folded=HOSTILE, pieces={"登录", "b", "$1"})])
    (row,) = Document.objects.all()
    assert (row.heading, row.folded, row.pieces) == ("second", HOSTILE, {"登录", "b", "$1"})


def test_a_row_that_points_to_one_saved_meanwhile_finds_it() -> None:
    region = Region(code="r", name_zh="华东", name_en="East")
    customer = Organisation(name="甲大学", region=region)
    region.save()
    add([customer])
    assert Organisation.objects.get().region == region


def _record(number: str) -> Record:
    return Record(kind="errand", number=number, title=HOSTILE, created_at=NOON, updated_at=NOON, due_at=NOON)


def _save_as_django_does(row: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.delattr(Quick, "_do_insert")
        without.delattr(Quick, "_do_update")
        row.save()


def test_a_saved_row_is_what_django_would_have_saved(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = _record("A-1"), _record("A-2")
    with django_assert_num_queries(1):
        ours.save()
    _save_as_django_does(theirs, monkeypatch)
    assert _columns(ours, "number") == _columns(theirs, "number")

    for row in (ours, theirs):
        row.title, row.due_at, row.version, row.is_open = "短" * 200, None, 9, False
    with django_assert_num_queries(1):
        ours.save()
    _save_as_django_does(theirs, monkeypatch)
    assert _columns(ours, "number") == _columns(theirs, "number")


def test_saving_a_row_that_is_gone_writes_it_again_or_says_so() -> None:
    kept, forced = _record("A-1"), _record("A-2")
    for row in (kept, forced):
        row.save()
    Record.objects.all().delete()
    kept.save()
    assert Record.objects.get().number == "A-1"
    with pytest.raises(Exception, match="did not affect any rows"), transaction.atomic():
        forced.save(update_fields=["title"])


def test_a_value_that_the_database_works_out_is_left_to_django() -> None:
    row = _record("A-1")
    row.save()
    row.version = models.F("version") + 5
    row.save()
    assert Record.objects.get().version == 5

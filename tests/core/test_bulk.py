"""Many rows are written by one statement, with the values that Django would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.bulk import update_many
from customers.models import Organisation
from people.models import Region
from workflow.models import Deadline, DeadlinePolicy, OutboxMessage, Record

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]
NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


def messages(count: int) -> list[OutboxMessage]:
    """Rows to write."""
    rows = [
        OutboxMessage(topic="t", key=f"k{n}", created_at=NOON, available_at=NOON, payload={"n": n})
        for n in range(count)
    ]
    return OutboxMessage.objects.bulk_create(rows)


@pytest.mark.parametrize("count", [1, 499, 500, 501])
def test_all_rows_are_written_with_one_statement_for_every_500(count: int) -> None:
    rows = messages(count)
    for n, row in enumerate(rows):
        row.attempts = n % 7
        row.available_at = NOON + timedelta(seconds=n, microseconds=n)
        row.done_at = NOON if n % 2 else None
        row.last_error = "'; DROP TABLE x; -- %s 中文 \\"
    with CaptureQueriesContext(connection) as caught:
        update_many(rows, ["attempts", "available_at", "done_at", "last_error"])
    assert len(caught) == (1 if count <= 500 else 2)
    stored = {row.pk: row for row in OutboxMessage.objects.all()}
    for row in rows:
        again = stored[row.pk]
        assert (again.attempts, again.available_at, again.done_at, again.last_error) == (
            row.attempts,
            row.available_at,
            row.done_at,
            row.last_error,
        )


def test_other_rows_and_other_fields_stay() -> None:
    one, other = messages(2)
    one.attempts, one.last_error = 5, "not written"
    update_many([one], ["attempts"])
    assert list(OutboxMessage.objects.order_by("pk").values_list("attempts", "last_error")) == [(5, ""), (0, "")]
    assert other.attempts == 0


def test_nothing_to_write_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as caught:
        update_many([], ["attempts"])
    assert len(caught) == 0


def test_json_is_written_as_json() -> None:
    (row,) = messages(1)
    row.payload = {"中": [1, None, "x"]}
    update_many([row], ["payload"])
    assert OutboxMessage.objects.get().payload == {"中": [1, None, "x"]}
    assert OutboxMessage.objects.filter(payload__has_key="中").exists()


def test_durations_keys_and_booleans_are_written_as_django_reads_them() -> None:
    region = Region.objects.create(code="r", name_zh="r", name_en="r")
    organisation = Organisation.objects.create(name="x", region=region)
    record = Record.objects.create(
        number="X-1", kind="x", title="x", customer=organisation, created_at=NOON, updated_at=NOON
    )
    policies = [
        DeadlinePolicy.objects.create(timer="t", minutes=1, name_zh="x", name_en="x", match={"n": str(n)})
        for n in (1, 2)
    ]
    deadline = Deadline.objects.create(
        record=record,
        timer="t",
        policy=policies[0],
        clock="elapsed",
        allowed=timedelta(1),
        started_at=NOON,
        due_at=NOON,
    )
    deadline.policy = policies[1]
    deadline.allowed = timedelta(days=3, hours=1, microseconds=7)
    update_many([deadline], ["policy", "allowed"])
    again = Deadline.objects.get()
    assert (again.policy, again.allowed) == (policies[1], timedelta(days=3, hours=1, microseconds=7))
    record.is_open = False
    update_many([record], ["is_open"])
    assert Record.objects.filter(is_open=False).count() == 1


def test_the_databases_own_constraints_hold() -> None:
    one, other = messages(2)
    other.key = one.key
    with pytest.raises(IntegrityError), transaction.atomic():
        update_many([other], ["key"])

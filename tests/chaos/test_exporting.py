"""A worker is killed while it makes an export: the next one goes on, and every row is in the file once."""

from __future__ import annotations

import csv
import uuid
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.db import connection

from core import clock
from exports import keeping, places
from exports.keeping import Wish
from exports.models import Export, Trace
from tests.support.processes import wait_until
from tickets.models import Ticket
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.support.processes import Stage

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY = 12_000


def _many(one: Ticket) -> list[str]:
    """So many tickets like one."""
    like, now = Record.objects.get(pk=one.pk), clock.now()
    values = {f.attname: getattr(like, f.attname) for f in Record._meta.concrete_fields if f.name != "id"}
    parents = [
        Record(**values | {"number": f"TK-20250101-{n + 1:05d}", "created_at": now - timedelta(minutes=n)})
        for n in range(MANY)
    ]
    made = Record.objects.bulk_create(parents, batch_size=2000)
    own = [f'"{f.column}"' for f in Ticket._meta.local_concrete_fields if f.column != "record_ptr_id"]
    into, taken = ", ".join(own), ", ".join(f"t.{name}" for name in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tickets_ticket (record_ptr_id, {into}) SELECT r.id, {taken} "
            "FROM workflow_record r, tickets_ticket t WHERE t.record_ptr_id = %s AND r.id > %s",
            [one.pk, one.pk],
        )
        cursor.execute("ANALYZE workflow_record, tickets_ticket")
    return [record.number for record in reversed(made)]


def _further(export: Export, before: int) -> bool:
    return Export.objects.get(pk=export.pk).done > before


@pytest.mark.parametrize("kind_of_file", ["csv", "xlsx"])
def test_a_killed_worker_is_followed_by_another_and_every_row_is_there_once(
    stage: Stage, cast: Cast, new_ticket: Callable[..., Ticket], settings: Any, kind_of_file: str
) -> None:
    one = new_ticket()
    numbers = [*_many(one), one.number]
    settings.EXPORTS_FOLDER = stage.folder / "exports"
    stage.start_broker()
    stage.beat()
    worker = stage.worker()
    export = keeping.ask(cast.specialist, Wish("ticket", "show=all", kind_of_file, uuid.uuid4().hex))

    def now() -> Export:
        return Export.objects.get(pk=export.pk)

    for name in ("second", "third"):
        before = now().done
        wait_until(partial(_further, export, before), 120, "nobody goes on")
        worker.kill()
        left = now()
        assert left.stage == "running"
        assert 0 < left.done < len(numbers)
        worker = stage.worker(name)
    wait_until(lambda: now().stage == "done", 200, "nobody came to the end")
    path = places.file(now())
    if kind_of_file == "csv":
        found = [row[0] for row in csv.reader(path.read_text("utf-8-sig").splitlines())]
    else:
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        found = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    assert found[1:] == numbers
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    said = Trace.objects.filter(export=export).order_by("pk").values_list("what", "rows")
    assert list(said) == [("asked", None), ("ready", len(numbers))]

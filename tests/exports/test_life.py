"""From a wish to a file and to its end: who may, what happens once, and what is written down."""

from __future__ import annotations

import errno
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from core import clock
from core.jobs import HELD
from exports import keeping, making, places
from exports.keeping import CannotExportError, Wish
from exports.models import Export, Trace
from people.models import User
from tests.exports.test_files import rows_of_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cast import Cast
    from tickets.models import Ticket

    Ask = Callable[..., Export]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db


def traced(export: Export) -> list[str]:
    return list(Trace.objects.filter(export=export).order_by("pk").values_list("what", flat=True))


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PAGE", 2)


# --- who sees what ----------------------------------------------------------------------------------------------------
def test_nobody_exports_what_they_may_not_see(cast: Cast, new_ticket: New, made: Ask) -> None:
    new_ticket(title="Zyzzyva")
    assert rows_of_csv(made(cast.rd_engineer))[1:] == []
    assert rows_of_csv(made(cast.rd_engineer, "show=all&q=Zyzzyva"))[1:] == []


def test_rights_that_are_lost_meanwhile_show_nothing_more(
    cast: Cast, new_ticket: New, ask: Ask, small_pages: None
) -> None:
    for _n in range(5):
        new_ticket()
    export = ask(cast.engineer)
    making._step(export.pk)  # the keys
    making._step(export.pk)  # two rows
    User.objects.filter(pk=cast.engineer.pk).update(department=None)
    cast.engineer.roles.clear()
    making.run()
    export.refresh_from_db()
    assert (export.stage, export.total, export.done, export.written) == ("done", 5, 5, 2)
    assert len(rows_of_csv(export)) == 1 + 2


@pytest.mark.parametrize("steps", [0, 1, 2, 4])
def test_an_export_of_somebody_whose_account_is_closed_stops(
    cast: Cast, new_ticket: New, ask: Ask, small_pages: None, steps: int, exports_folder: Path
) -> None:
    for _n in range(5):
        new_ticket()
    export = ask(cast.engineer)
    for _n in range(steps):
        making._step(export.pk)
    User.objects.filter(pk=cast.engineer.pk).update(is_active=False)
    making.run()
    export.refresh_from_db()
    assert (export.stage, export.fault) == ("failed", "account")
    assert list(exports_folder.glob("*")) == []


@pytest.mark.parametrize("codes", [["password"], ["access"], ["number", "internal"], ["__class__"], ["pk"]])
def test_nobody_has_a_column_that_no_list_has(cast: Cast, ask: Ask, codes: list[str]) -> None:
    with pytest.raises(CannotExportError):
        ask(cast.director, columns=codes)
    assert not Export.objects.exists()


# --- once -------------------------------------------------------------------------------------------------------------
def test_what_is_being_made_is_not_made_twice(cast: Cast, ask: Ask) -> None:
    first = ask(cast.specialist, "show=all&q=x")
    assert ask(cast.specialist, "page=3&q=x&show=all&state=&filters=open") == first
    others = [ask(cast.specialist, "show=all&q=x", "xlsx"), ask(cast.other_specialist, "show=all&q=x")]
    assert first not in others
    making.run()
    assert ask(cast.specialist, "show=all&q=x") != first


def test_a_form_that_is_sent_twice_is_one_wish_even_when_it_is_done(cast: Cast, made: Ask, ask: Ask) -> None:
    first = made(cast.specialist, key="a" * 32)
    assert ask(cast.specialist, key="a" * 32) == first
    assert ask(cast.other_specialist, key="a" * 32) != first


def test_the_database_refuses_the_same_export_twice(cast: Cast, ask: Ask) -> None:
    first = ask(cast.specialist)
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.create(
            asked_by=cast.specialist,
            key="other",
            fingerprint=first.fingerprint,
            kind="ticket",
            format="csv",
            language="en",
            asked_at=clock.now(),
        )


def test_a_person_has_three_at_a_time_at_most_and_may_cancel_one(cast: Cast, ask: Ask) -> None:
    made = [ask(cast.specialist, f"show=all&q={n}") for n in range(keeping.MOST_AT_ONCE)]
    with pytest.raises(CannotExportError, match="3"):
        ask(cast.specialist, "show=all&q=one more")
    assert ask(cast.specialist, "show=all&q=1") == made[1]
    ask(cast.engineer, "show=all&q=somebody else")
    assert keeping.cancel(made[0])
    assert not keeping.cancel(made[0])
    ask(cast.specialist, "show=all&q=one more")


def test_what_is_cancelled_in_the_middle_leaves_nothing(
    cast: Cast, new_ticket: New, ask: Ask, small_pages: None, exports_folder: Path
) -> None:
    for _n in range(5):
        new_ticket()
    export = ask(cast.specialist)
    making._step(export.pk)
    making._step(export.pk)
    assert keeping.cancel(export)
    making.run()
    assert not making._step(export.pk)
    export.refresh_from_db()
    assert (export.stage, traced(export)) == ("cancelled", ["asked", "cancelled"])
    assert list(exports_folder.glob("*")) == []


# --- whoever goes on repeats nothing ----------------------------------------------------------------------------------
def test_what_a_dead_worker_wrote_beyond_its_last_page_is_overwritten(
    cast: Cast, new_ticket: New, ask: Ask, small_pages: None
) -> None:
    numbers = [new_ticket().number for _n in range(5)]
    export = ask(cast.specialist)
    making._step(export.pk)
    making._step(export.pk)
    with (places.SHELF.root() / str(export.pk) / "rows").open("ab") as rows:
        rows.write(b'["half a row')
    making.run()
    export.refresh_from_db()
    assert [row[0] for row in rows_of_csv(export)[1:]] == numbers[::-1]


@pytest.mark.parametrize("lost", ["rows", "keys", "all"])
def test_files_that_are_lost_meanwhile_are_made_anew(
    cast: Cast, new_ticket: New, ask: Ask, small_pages: None, lost: str
) -> None:
    numbers = [new_ticket().number for _n in range(5)]
    export = ask(cast.specialist)
    making._step(export.pk)
    making._step(export.pk)
    places.clear(export) if lost == "all" else (places.SHELF.root() / str(export.pk) / lost).unlink()
    making.run()
    export.refresh_from_db()
    assert (export.stage, export.written) == ("done", 5)
    assert [row[0] for row in rows_of_csv(export)[1:]] == numbers[::-1]


def test_a_file_that_somebody_writes_is_left_to_them_until_they_are_silent(
    cast: Cast, new_ticket: New, ask: Ask, held_clock: Any
) -> None:
    new_ticket()
    export = ask(cast.specialist)
    for _n in range(2):
        making._step(export.pk)
    Export.objects.filter(pk=export.pk).update(holder="x" * 32, held_until=clock.now() + HELD)
    making.run()
    export.refresh_from_db()
    assert export.stage == "running"
    held_clock(clock.now() + HELD + timedelta(seconds=1))
    making.run()
    export.refresh_from_db()
    assert export.stage == "done"


def test_a_worker_that_was_held_up_throws_its_file_away(
    cast: Cast, new_ticket: New, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_ticket()
    export = ask(cast.specialist)
    for _n in range(2):
        making._step(export.pk)
    monkeypatch.setattr(making, "_write", _written_too_late)
    making._step(export.pk)
    export.refresh_from_db()
    assert export.stage == "running"
    assert not places.file(export).exists()
    assert list(places.folder(export).glob("*.part")) == []


def _written_too_late(part: Path, export: Export) -> None:
    part.write_text("late")
    Export.objects.filter(pk=export.pk).update(holder="y" * 32)


def test_what_kills_its_workers_again_and_again_is_given_up(cast: Cast, new_ticket: New, ask: Ask) -> None:
    export = ask(cast.specialist)
    making._step(export.pk)
    Export.objects.filter(pk=export.pk).update(begun=making.MOST_TIMES)
    making.run()
    export.refresh_from_db()
    assert (export.stage, export.fault) == ("failed", "worn")


# --- what goes wrong --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["append", "write_keys"])
def test_a_full_disk_is_said_in_words(
    cast: Cast, new_ticket: New, ask: Ask, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(*_given: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    new_ticket()
    monkeypatch.setattr(places, place, full)
    export = ask(cast.specialist)
    making.run()
    export.refresh_from_db()
    assert (export.stage, export.fault, traced(export)) == ("failed", "disk", ["asked", "failed"])


def test_a_fault_of_one_export_stops_no_other(
    cast: Cast, new_ticket: New, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(cast.specialist, "show=open")
    bad = Export.objects.get()
    Export.objects.filter(pk=bad.pk).update(kind="gone")
    good = ask(cast.engineer)
    making.run()
    assert {each.pk: each.stage for each in Export.objects.all()} == {bad.pk: "failed", good.pk: "done"}
    assert Export.objects.get(pk=bad.pk).fault == "list"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "nothing"}, "no such list"),
        ({"format": "pdf"}, "XLSX"),
        ({"format": ""}, "XLSX"),
        ({"query": "q=" + "x" * 10_000}, "too long"),
        ({"query": "a=&" * 1300}, "no such list"),
        ({"query": "state=nowhere"}, "filters"),
        ({"query": "accepted_from=yesterday"}, "filters"),
        ({"query": "handler=99999999999999999999"}, "filters"),
        ({"query": "q=%00"}, "filters"),
        ({"columns": ["number"] * 100}, "column"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, changed: dict[str, Any], words: str) -> None:
    wish = {"kind": "ticket", "query": "show=all", "format": "csv", "key": uuid.uuid4().hex} | changed
    with translation.override("en"), pytest.raises(CannotExportError, match=words):
        keeping.ask(cast.specialist, Wish(**wish))
    assert not Export.objects.exists()


# --- its end ----------------------------------------------------------------------------------------------------------
def test_a_file_is_kept_for_a_week_and_its_row_for_ever(
    cast: Cast, new_ticket: New, made: Ask, held_clock: Any
) -> None:
    new_ticket()
    export = made(cast.specialist)
    held_clock(clock.now() + making.KEPT - timedelta(seconds=1))
    assert keeping.remove_old() == 0
    assert keeping.hand_out(export, cast.specialist) == places.file(export)
    held_clock(clock.now() + timedelta(seconds=1))
    assert keeping.remove_old() == 1
    assert keeping.remove_old() == 0
    export.refresh_from_db()
    assert export.stage == "expired"
    assert keeping.hand_out(export, cast.specialist) is None
    assert not places.file(export).exists()
    assert traced(export) == ["asked", "ready", "downloaded", "removed"]


def test_the_file_of_somebody_who_has_left_is_removed(cast: Cast, made: Ask) -> None:
    export = made(cast.engineer)
    User.objects.filter(pk=cast.engineer.pk).update(is_active=False)
    assert keeping.remove_old() == 1
    assert not places.file(export).exists()


def test_folders_that_belong_to_nothing_are_removed(cast: Cast, made: Ask, exports_folder: Path) -> None:
    kept = made(cast.engineer)
    for name in ("99999", str(kept.pk + 1)):
        (exports_folder / name).mkdir()
    keeping.remove_old()
    assert [path.name for path in exports_folder.iterdir()] == [str(kept.pk)]


@pytest.mark.kernel
def test_the_log_says_who_took_how_many_rows_and_nobody_can_change_it(cast: Cast, new_ticket: New, made: Ask) -> None:
    new_ticket()
    export = made(cast.specialist)
    keeping.hand_out(export, cast.specialist)
    last = Trace.objects.get(what="downloaded")
    assert (last.by, last.rows, last.at is not None) == (cast.specialist, 1, True)
    for change in (lambda: Trace.objects.update(rows=0), lambda: Trace.objects.all().delete(), last.delete, last.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

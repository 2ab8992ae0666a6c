"""Making what was asked for: first the rows' keys, then page after page of rows, and at last the file.

The keys are read in one statement, in the list's order, and stored beside the half-made file. So no order needs an
OFFSET, no row comes twice or is left out because it has moved meanwhile, and no transaction lasts longer than that
statement. A page is one short transaction: its rows are read with the rights that the person has then, and what is done
is committed together with how far the half-made file is valid. Whoever goes on after a killed worker repeats nothing.
The file itself is written outside of a transaction, by one worker that holds the export and says again and again that
it lives; one that was held up for too long finds the export taken, and what it has written is thrown away.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import translation

from core import clock
from core.held import asked_once
from core.jobs import LostError, in_turns
from exports import places, telling, writing
from exports.models import Export, Trace
from exports.sheets import NoSuchListError, Sheet, sheet_of
from exports.values import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from exports.values import Value

logger = logging.getLogger(__name__)
PAGE = 500
KEPT = timedelta(days=7)
MOST_TIMES = 5
"""So often an export is begun anew before it is given up."""
_SAYS_SO_EVERY = 5.0


def run(seconds: float = 20.0) -> int:
    """Go on with what was asked for, for so long at most; returns how many steps were done.

    A page of each in turn: whoever wants a hundred rows does not wait for somebody's million.
    """
    return in_turns(Export.objects.unfinished().values_list("pk", flat=True), _step, seconds)


def finish(export: Export, stage: str, what: str, rows: int | None = None, **changed: object) -> bool:
    """Bring an unfinished export to its end and write that down; False if it was at its end before."""
    with transaction.atomic():
        unfinished = Export.objects.unfinished().filter(pk=export.pk, holder=changed.pop("holder", F("holder")))
        if not unfinished.update(stage=stage, finished_at=clock.now(), **changed):
            return False
        by = export.asked_by if what == Trace.What.CANCELLED else None
        Trace.objects.create(export=export, what=what, at=clock.now(), by=by, rows=rows)
        telling.ended(export, stage, rows, str(changed.get("fault", "")))
    if stage != Export.Stage.DONE:
        places.clear(export)
    return True


def _step(pk: int) -> bool:
    """The next step of an export; whether there is another one for this worker."""
    export = Export.objects.select_related("asked_by").get(pk=pk)
    try:
        with translation.override(export.language), asked_once():
            return _page(pk) if export.total is None or export.done < export.total else _file(pk)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the export
    except NoSuchListError:
        return _fail(export, Export.Fault.LIST)
    except OSError:
        logger.exception("export %s cannot be written", pk)
        return _fail(export, Export.Fault.DISK)
    except places.SpoiledError:
        return _again(export)
    except Exception:
        logger.exception("export %s failed", pk)
        return _fail(export, Export.Fault.FAULT)


def _fail(export: Export, fault: str) -> bool:
    finish(export, Export.Stage.FAILED, Trace.What.FAILED, fault=fault)
    return False


def _again(export: Export) -> bool:
    """From the beginning: the half-made files are not those that the database knows of."""
    if export.begun >= MOST_TIMES:
        return _fail(export, Export.Fault.WORN)
    anew = {"total": None, "done": 0, "written": 0, "spooled": 0, "begun": F("begun") + 1}
    return bool(Export.objects.unfinished().filter(pk=export.pk, done=export.done).update(**anew))


# --- gathering --------------------------------------------------------------------------------------------------------
def _page(pk: int) -> bool:
    with transaction.atomic():
        rows = Export.objects.unheld(clock.now()).filter(pk=pk).select_related("asked_by")
        export = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if export is None:
            return False
        if not export.asked_by.is_active or export.asked_by.is_customer:
            return _fail(export, Export.Fault.ACCOUNT)
        sheet = _sheet(export)
        if export.total is None:
            export.total = places.write_keys(export, sheet.keys())
            export.stage = Export.Stage.RUNNING
        else:
            _gather(export, sheet)
        export.save(update_fields=["total", "stage", "done", "written", "spooled"])
        return True


def _gather(export: Export, sheet: Sheet) -> None:
    keys = places.read_keys(export, export.done, min(PAGE, (export.total or 0) - export.done))
    lines = [packed(line) for line in sheet.lines(keys)]
    export.spooled = places.append(export, b"".join(lines))
    export.done += len(keys)
    export.written += len(lines)


def _sheet(export: Export) -> Sheet:
    return sheet_of(export.asked_by, export.kind, export.query, export.columns)


# --- the file ---------------------------------------------------------------------------------------------------------
def _file(pk: int) -> bool:
    """Write the file, if nobody else does; there is nothing left to do after that."""
    holder = uuid.uuid4().hex
    if not Export.objects.filter(pk=pk, done=F("total")).hold(holder):
        return False
    export = Export.objects.select_related("asked_by").get(pk=pk)
    if export.begun > MOST_TIMES:
        return _fail(export, Export.Fault.WORN)
    if not export.asked_by.is_active or export.asked_by.is_customer:
        return _fail(export, Export.Fault.ACCOUNT)
    part = places.folder(export) / f"{holder}.part"
    try:
        _write(part, export)
        _hand_over(part, export)
    except LostError:
        part.unlink(missing_ok=True)
    except BaseException:
        Export.objects.unfinished().filter(pk=pk, holder=holder).update(held_until=None)
        raise
    return False


def _write(part: Path, export: Export) -> None:
    sheet = _sheet(export)
    if export.format == Export.Format.CSV:
        writing.write_csv(part, sheet.heads(), _lines(export))
    else:
        writing.write_xlsx(part, str(sheet.rows.process.plural), sheet.heads(), _lines(export))
    with part.open("rb") as whole:
        os.fsync(whole.fileno())


def _lines(export: Export) -> Iterator[Sequence[Value]]:
    """What was gathered; now and then it is said that somebody still writes it down."""
    said = time.monotonic()
    for line in places.spool(export) if export.spooled else ():
        if time.monotonic() - said > _SAYS_SO_EVERY:
            Export.objects.keep(export)
            said = time.monotonic()
        yield unpacked(line)


def _hand_over(part: Path, export: Export) -> None:
    """Put the file in its place in the transaction that says that it is there."""
    size, now = part.stat().st_size, clock.now()
    with transaction.atomic():
        held = {"holder": export.holder, "size": size, "held_until": None, "expires_at": now + KEPT}
        if not finish(export, Export.Stage.DONE, Trace.What.READY, export.written, **held):
            raise LostError
        part.replace(places.file(export))
    places.SHELF.keep_only(export.pk, places.file(export).name)

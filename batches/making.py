"""Making a batch: document after document, each in a transaction of its own, and at last the file.

An item is taken by locking its row, so that two workers share a batch and never an item; what is done to its document
and what is written down of it are committed together. Whoever goes on after a killed worker finds it done or not begun.
Every document is made with the rights that the person has at that moment.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from batches import binding, places
from batches.models import Batch, Item, Trace
from core import clock
from core.held import asked_once
from core.jobs import LostError, in_turns
from documents import freezing, issuing, store
from documents.models import Document
from people.actors import Actor
from workflow.engine import perform
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger(__name__)
KEPT = timedelta(days=7)
MOST_TIMES = 5
"""So often the file is begun before the batch is given up."""
_LONGEST = 300


def run(seconds: float = 8.0) -> int:
    """Go on with what was asked for, for so long at most; returns how many steps were done."""
    return in_turns(Batch.objects.unfinished().values_list("pk", flat=True), _step, seconds)


def finish(batch: Batch, stage: str, what: str, count: int | None = None, **changed: object) -> bool:
    """Bring an unfinished batch to its end and write that down; False if it was at its end before."""
    with transaction.atomic():
        unfinished = Batch.objects.unfinished().filter(pk=batch.pk, holder=changed.pop("holder", F("holder")))
        if not unfinished.update(stage=stage, finished_at=clock.now(), **changed):
            return False
        by = batch.asked_by if what == Trace.What.CANCELLED else None
        Trace.objects.create(batch=batch, what=what, at=clock.now(), by=by, count=count)
    if stage != Batch.Stage.DONE:
        places.SHELF.clear(batch.pk)
    return True


def _step(pk: int) -> bool:
    """The next item of a batch, or its file; whether there is another step for this worker."""
    batch = Batch.objects.select_related("asked_by").get(pk=pk)
    if not batch.is_unfinished:
        return False
    if not batch.asked_by.is_active or batch.asked_by.is_customer:
        return _fail(batch, Batch.Fault.ACCOUNT)
    try:
        with translation.override(batch.language), asked_once():
            if _item(batch):
                return True
            return False if _has_more(batch) else _file(batch)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the batch
    except OSError:
        logger.exception("batch %s cannot be written", pk)
        return _fail(batch, Batch.Fault.DISK)
    except Exception:
        logger.exception("batch %s failed", pk)
        return _fail(batch, Batch.Fault.FAULT)


def _fail(batch: Batch, fault: str) -> bool:
    finish(batch, Batch.Stage.FAILED, Trace.What.FAILED, fault=fault)
    return False


def _has_more(batch: Batch) -> bool:
    """Whether an item is left: with another worker, or with whoever prints its document."""
    return Item.objects.filter(batch=batch, stage__in=Item.OPEN).exists()


# --- items ------------------------------------------------------------------------------------------------------------
def _item(batch: Batch) -> bool:
    """Do what is next for one item that nobody else has; whether there was one."""
    with transaction.atomic():
        item = _next(batch)
        if item is None:
            return False
        if item.stage == Item.Stage.WAITING or batch.goal == Batch.Goal.PRINT:
            _do(batch, item)
            return True
    # A final document is held by its own printer, which waits for nobody's transaction.
    return _printed(batch, item)


def _next(batch: Batch) -> Item | None:
    """The first item that somebody can go on with, locked; what is begun comes before what is not."""
    free = Q(document__held_until__isnull=True) | Q(document__held_until__lt=clock.now())
    printable = free | Q(document__frozen_at__isnull=False) | ~Q(document__fault="")
    rows = Item.objects.filter(Q(stage=Item.Stage.WAITING) | printable, batch=batch, stage__in=Item.OPEN)
    locked = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return locked.order_by("stage", "position").first()


def _do(batch: Batch, item: Item) -> None:
    """One item in one transaction; what is refused leaves nothing but the reason."""
    try:
        with transaction.atomic():
            item.stage = _way(batch, item)(batch, item)
    except (OperationalError, InterfaceError, OSError):
        raise
    except Refused as refusal:
        _leave_out(item, str(refusal))
    except Exception:
        logger.exception("item %s of batch %s failed", item.position, batch.pk)
        _leave_out(item, str(Batch.Fault.FAULT.label))
    item.save(update_fields=["stage", "why", "document"])
    counted = {Item.Stage.DONE: "done", Item.Stage.REFUSED: "refused"}.get(Item.Stage(item.stage))
    changed: dict[str, Any] = {counted: F(counted) + 1} if counted else {}
    Batch.objects.unfinished().filter(pk=batch.pk).update(stage=Batch.Stage.RUNNING, **changed)


def _way(batch: Batch, item: Item) -> Callable[[Batch, Item], str]:
    if batch.what == Batch.What.ARCHIVE:
        return _fetch
    return _make if item.stage == Item.Stage.WAITING else _by_hand


def _leave_out(item: Item, why: str) -> None:
    if item.stage == Item.Stage.WAITING and item.batch.what == Batch.What.CAMPAIGN:
        item.document = None  # it was never made
    item.stage, item.why = Item.Stage.REFUSED, why[:_LONGEST]


def _make(batch: Batch, item: Item) -> str:
    actor = Actor(batch.asked_by, channel="web")
    if item.contact is None and batch.goal == Batch.Goal.SEND:
        item.why = _("There is no contact who can be written to.")
        return Item.Stage.REFUSED
    who = {"customer": item.customer, "contact": item.contact}
    document = issuing.issue(batch.form, actor=actor, values=batch.values, **who)  # type: ignore[arg-type] # a row each
    item.document = document
    if batch.goal == Batch.Goal.SEND:
        said = {"contact": item.contact_id, "by_email": True, "until": str(batch.until or "")}
        perform(document, "send_out", actor=actor, data=said)
        return Item.Stage.DONE
    if batch.goal == Batch.Goal.FINAL:
        perform(document, "finalise", actor=actor)
    return Item.Stage.BEGUN


def _by_hand(batch: Batch, item: Item) -> str:
    """Print what is not final: apart from its beginning, since a form's numbers wait for one another until a commit."""
    document: Any = Document.objects.select_related("letterhead").get(pk=item.document_id)
    places.SHELF.write(batch.pk, places.sheet(item).name, binding.by_hand(document))
    return Item.Stage.DONE


def _fetch(batch: Batch, item: Item) -> str:
    """A document as its own frozen print, if the person may still see it."""
    document: Any = Document.objects.for_actor(batch.asked_by).filter(pk=item.document_id).first()
    printed = document.printed if document is not None else None
    if document is None:
        item.why = _("You may not see it any more.")
    elif printed is None:
        item.why = _("It is not final and has no frozen print.")
    else:
        try:
            store.read(printed)
        except store.DamagedError:
            item.why = _("What lies in the archive is not what was frozen. Please tell the administrator.")
        else:
            return Item.Stage.DONE
    return Item.Stage.REFUSED


def _printed(batch: Batch, item: Item) -> bool:
    """See to it that a finalised document is printed; whether something was done about it."""
    document: Any = Document.objects.get(pk=item.document_id or 0)
    done = document.frozen_at is not None or freezing.freeze(document.pk)
    if not done:
        document.refresh_from_db()
        if not document.fault:
            return False
    end = Item.Stage.DONE if done else Item.Stage.REFUSED
    with transaction.atomic():
        if Item.objects.filter(pk=item.pk, stage=Item.Stage.BEGUN).update(stage=end, why=document.fault[:_LONGEST]):
            counted = "done" if done else "refused"
            Batch.objects.unfinished().filter(pk=batch.pk).update(**{counted: F(counted) + 1})
    return True


# --- the file ---------------------------------------------------------------------------------------------------------
def _file(batch: Batch) -> bool:
    """Write the file, if nobody writes any now: one worker at most is busy with that, and the others with the rest."""
    batch.holder = uuid.uuid4().hex
    writing = Batch.objects.unfinished().filter(held_until__gt=clock.now()).exclude(pk=OuterRef("pk"))
    if not Batch.objects.filter(~Exists(writing), pk=batch.pk).hold(batch.holder):
        return False
    if batch.begun >= MOST_TIMES:
        return _fail(batch, Batch.Fault.WORN)
    part = places.SHELF.folder(batch.pk) / f"{batch.holder}.part"
    try:
        pages = binding.write(part, batch)
        _hand_over(part, batch, pages)
    except LostError:
        part.unlink(missing_ok=True)
    except BaseException:
        Batch.objects.of_holder(batch).update(held_until=None)
        raise
    return False


def _hand_over(part: Path, batch: Batch, pages: int) -> None:
    """Put the file in its place in the transaction that says that it is there."""
    now = clock.now()
    ready: dict[str, Any] = {"holder": batch.holder, "size": part.stat().st_size, "pages": pages, "held_until": None}
    with transaction.atomic():
        count = Item.objects.filter(batch=batch, stage=Item.Stage.DONE).count()
        if not finish(batch, Batch.Stage.DONE, Trace.What.READY, count, expires_at=now + KEPT, **ready):
            raise LostError
        part.replace(places.file(batch))
    places.SHELF.keep_only(batch.pk, places.file(batch).name)

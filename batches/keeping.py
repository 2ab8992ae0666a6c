"""What is handed out, given up and thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from batches import making, places
from batches.models import Batch, Item, Trace
from core import clock
from core.jobs import UNFINISHED
from documents.models import Printed, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from people.models import User


def cancel(batch: Batch) -> bool:
    """Give up what is not wanted any more; False if it was at its end before. What was issued, stays issued."""
    return making.finish(batch, Batch.Stage.CANCELLED, Trace.What.CANCELLED, batch.done)


def hand_out(batch: Batch, user: User) -> Path | None:
    """The file, with lines in the logs that it and what is in it was taken; None if it is not there any more."""
    path = places.file(batch)
    if batch.stage != Batch.Stage.DONE or not path.is_file():
        return None
    with transaction.atomic():
        Trace.objects.create(batch=batch, what=Trace.What.DOWNLOADED, at=clock.now(), by=user, count=batch.done)
        done = Item.objects.filter(batch=batch, stage=Item.Stage.DONE).values("document")
        masters = Printed.objects.filter(document__in=done, copy=0, for_customer=False)
        if batch.format != Batch.Format.XLSX:
            taken = [Taken(printed=printed, by=user, channel="batch", at=clock.now()) for printed in masters]
            Taken.objects.bulk_create(taken, batch_size=500)
    return path


def remove_old() -> int:
    """Throw away files whose time is over or whose owner has left, and folders that belong to nothing."""
    over = Q(expires_at__lte=clock.now()) | Q(asked_by__is_active=False)
    removed = 0
    for batch in Batch.objects.filter(over, stage=Batch.Stage.DONE):
        places.SHELF.clear(batch.pk)
        with transaction.atomic():
            if Batch.objects.filter(pk=batch.pk, stage=Batch.Stage.DONE).update(stage=Batch.Stage.EXPIRED):
                Trace.objects.create(batch=batch, what=Trace.What.REMOVED, at=clock.now())
                removed += 1
    places.SHELF.sweep(_kept)
    return removed


def _kept(there: list[int]) -> Iterable[int]:
    stages = [*UNFINISHED, Batch.Stage.DONE]
    return Batch.objects.filter(pk__in=there, stage__in=stages).values_list("pk", flat=True)

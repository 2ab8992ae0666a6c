"""How long the images of pages are kept beside the documents that they were attached to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from core import clock
from core.jobs import UNFINISHED
from scans.door import SHELF
from scans.flow import State
from scans.models import Part, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT = timedelta(days=30)


def clear_old() -> int:
    """Remove the images of uploads that were brought to their documents a month ago, and folders of nothing.

    What waits for somebody to look at is kept until somebody has.
    """
    waiting = Part.objects.filter(upload=OuterRef("pk"), scan__state=State.WAITING)
    old = Upload.objects.filter(cleared=False, finished_at__lt=clock.now() - KEPT).exclude(Exists(waiting))
    cleared = 0
    for upload in old:
        SHELF.clear(upload.pk)
        cleared += Upload.objects.filter(pk=upload.pk).update(cleared=True)
    SHELF.sweep(_kept)
    return cleared


def _kept(there: list[int]) -> Iterable[int]:
    kept = Upload.objects.filter(pk__in=there, cleared=False, stage__in=[*UNFINISHED, Upload.Stage.DONE])
    return kept.values_list("pk", flat=True)

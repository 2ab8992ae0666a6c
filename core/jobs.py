"""Work that is done beside pages: begun by a wish in the database, done in turns, held by one worker at a time.

A job is a row. Whoever works on it holds it for a while and says again and again that it lives; one that was held up
for too long finds the job taken. What is asked for comes from the database alone, so a lost message loses nothing.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

J = TypeVar("J", bound=models.Model)
UNFINISHED = ("waiting", "running")
HELD = timedelta(seconds=30)
"""For so long nobody else takes a job whose worker says nothing any more."""


class LostError(Exception):
    """Somebody else works on it now, or nobody wants it any more."""


class JobQuerySet(models.QuerySet[J]):
    """Which jobs are to be done, and which of them are free."""

    def unfinished(self) -> Self:
        """Those with something left to do, the oldest first."""
        return self.filter(stage__in=UNFINISHED).order_by("pk")

    def unheld(self, at: datetime) -> Self:
        """Those that nobody holds now."""
        return self.unfinished().filter(Q(held_until__isnull=True) | Q(held_until__lt=at))

    def hold(self, holder: str) -> bool:
        """Take them for a while; False if somebody else has them, or nothing is left to do."""
        now = clock.now()
        return bool(self.unheld(now).update(holder=holder, held_until=now + HELD, begun=F("begun") + 1))

    def of_holder(self, job: Any) -> Self:
        """The job, as long as it is still its holder's."""
        return self.unfinished().filter(pk=job.pk, holder=job.holder)

    def keep(self, job: Any) -> None:
        """Say that its holder lives. Raises LostError if it is not the holder's any more."""
        if not self.of_holder(job).update(held_until=clock.now() + HELD):
            raise LostError


class Job(models.Model):
    """What every job knows beside its own: who holds it until when, and how often it was begun."""

    begun = models.PositiveSmallIntegerField(_("times begun"), default=0)
    holder = models.CharField(max_length=32, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_unfinished(self) -> bool:
        """Whether there is something left to do."""
        return getattr(self, "stage", "") in UNFINISHED


def in_turns(keys: Iterable[int], step: Callable[[int], bool], seconds: float) -> int:
    """A step of each job in turn, for so long at most; returns how many steps were done.

    `step` says whether there is another one for this worker. Whoever wants little does not wait for whoever wants much.
    """
    until, steps = time.monotonic() + seconds, 0
    going = list(keys)
    while going and time.monotonic() < until:
        going = [key for key in going if time.monotonic() < until and step(key)]
        steps += len(going)
    return steps

"""Where stories happen: one time-ordered queue, the held clock, and the sweep whenever something has fallen due."""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING, Any

from core import clock
from core.collector import undisturbed
from core.held import asked_once
from workflow import engine, sweep
from workflow.kick import nobody_is_woken
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from people.actors import Actor


class Stage:
    """Plays stories. A story is a generator: it yields the moment at which it wants to go on, and acts when it does."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.now = end
        self.acts = 0
        self.firings = 0
        self._queue: list[tuple[datetime, int, Iterator[datetime]]] = []
        self._turn = count()
        self._wakes: dict[int, datetime] = {}
        self._waking: list[tuple[datetime, int]] = []

    def enter(self, at: datetime, story: Iterator[datetime]) -> None:
        """Have a story begin at a moment."""
        heapq.heappush(self._queue, (at, next(self._turn), story))

    def play(self, progress: Callable[[datetime], None] | None = None) -> None:
        """Play everything up to the end; what would go on after it stays as it is then."""
        with undisturbed(), asked_once(), nobody_is_woken():
            while self._queue:
                at, _turn, story = heapq.heappop(self._queue)
                if at > self.end:
                    continue
                self._sweep_until(at)
                self._go_on(at, story)
                if progress is not None:
                    progress(at)
            self._sweep_until(self.end)

    def perform(self, record: Record, verb: str, actor: Actor, data: Mapping[str, Any]) -> Record:
        """One act through the gate, at the present moment; returns the record as it is then."""
        creates = record.pk is None
        entry = engine.perform(record, verb, actor=actor, data=data)
        self.acts += 1
        after = record if creates else entry.record
        self._note_wake(after.pk, after.wake_at)
        return after

    def notice(self, record: Record) -> None:
        """Have the sweep come in time to a record that the system made by itself."""
        self._note_wake(record.pk, record.wake_at)

    def notice_beside(self, record: Record) -> None:
        """Have the sweep come in time to what an act on a record has made beside it."""
        for key, wake in Record.objects.filter(parent=record.pk).values_list("pk", "wake_at"):
            self._note_wake(key, wake)

    def _note_wake(self, key: int, wake: datetime | None) -> None:
        if wake is None:
            self._wakes.pop(key, None)
        elif self._wakes.get(key) != wake:
            self._wakes[key] = wake
            heapq.heappush(self._waking, (wake, key))

    def _go_on(self, at: datetime, story: Iterator[datetime]) -> None:
        self.now = at
        with clock.held(at):
            following = next(story, None)
        if following is not None:
            self.enter(max(following, at), story)

    def _sweep_until(self, at: datetime) -> None:
        """Let everything fire that falls due until then, each at its own moment, as the beat would."""
        while self._waking and self._waking[0][0] <= at:
            moment = self._waking[0][0]
            woken = self._woken(moment)
            if not woken:
                continue
            with clock.held(moment):
                self.firings += sweep.run().fired
            for key, wake in Record.objects.filter(pk__in=woken).values_list("pk", "wake_at"):
                self._note_wake(key, wake)

    def _woken(self, moment: datetime) -> list[int]:
        """The records that want to be woken by then; what has been put off or has ended meanwhile is left out."""
        woken: list[int] = []
        while self._waking and self._waking[0][0] <= moment:
            wake, key = heapq.heappop(self._waking)
            if self._wakes.get(key) == wake:
                del self._wakes[key]
                woken.append(key)
        return woken

"""Waking a worker after a commit. A broker that is away loses nothing: the beat drains the outbox anyway."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from celery import current_app
from django.core.signals import request_finished, request_started
from django.db import transaction
from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

logger = logging.getLogger(__name__)
_QUIET_SECONDS = 30.0
_asleep: ContextVar[bool] = ContextVar("nobody_is_woken", default=False)
_away_until = 0.0
_answering = threading.local()
"""While this thread answers a request: what is to be woken afterwards."""


@contextmanager
def nobody_is_woken() -> Iterator[None]:
    """Write without waking workers: for imports and demonstration data, whose outbox is drained by the beat."""
    token = _asleep.set(True)
    try:
        yield
    finally:
        _asleep.reset(token)


def kick_after_commit() -> None:
    """Have a worker drain the outbox as soon as the present transaction has committed; once is enough."""
    waiting = transaction.get_connection().run_on_commit
    if not _asleep.get() and not any(function is _kick for _savepoints, function, _robust in waiting):
        transaction.on_commit(_kick)


def _kick() -> None:
    wake("workflow.drain_outbox")


def wake(task: str, *args: object) -> None:
    """Have a worker do now what the beat would have it do soon; without a broker it waits for the beat.

    Whoever waits for a page does not wait for the broker: while a request is answered, this is done after the answer.
    """
    if (wanted := _answering.__dict__.get("wanted")) is not None:
        wanted[task, args] = None
    else:
        _send(task, args)


def _asked(**_signal: object) -> None:
    _answering.wanted = {}


def _answered(**_signal: object) -> None:
    for task, args in _answering.__dict__.pop("wanted", ()):
        _send(task, args)


request_started.connect(_asked, dispatch_uid="workflow.kick")
request_finished.connect(_answered, dispatch_uid="workflow.kick")


def _send(task: str, args: tuple[object, ...]) -> None:
    global _away_until  # noqa: PLW0603 - the broker is away for the whole process
    if time.monotonic() < _away_until:
        return
    try:
        current_app.send_task(task, args=args, expires=60)
    except OperationalError:
        # Nobody waits at a page for a broker that is down; the next try is in a while.
        _away_until = time.monotonic() + _QUIET_SECONDS
        logger.warning("the broker cannot be reached; what is to be done waits for the beat")

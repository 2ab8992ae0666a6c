"""Doing things at once: threads with connections of their own that start together, and waiting until one waits.

The clock that a test holds stands still in them too.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from django.db import connection

from tests.support.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30
"""Seconds after which a thread that does not answer is taken for dead."""


def at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """Call the function with 0, 1, 2 … in as many threads at the same time; gives what they answered or raised."""
    together = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            connection.ensure_connection()
            together.wait(PATIENCE)
            return do(number)
        except Exception as error:  # noqa: BLE001 - what was raised is the answer
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        started = [pool.submit(copy_context().run, one, number) for number in range(count)]
        return [answer.result(PATIENCE) for answer in started]


def meanwhile(do: Callable[[], Any]) -> Future[Any]:
    """Start the function in another thread, and come back when it waits for a lock that the present transaction holds.

    Its answer is there some time after the transaction has ended.
    """

    def one() -> Any:
        try:
            return do()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    waiting = pool.submit(copy_context().run, one)
    pool.shutdown(wait=False)
    wait_until(lambda: waiting.done() or somebody_waits(), what="nobody came to wait for a lock")
    return waiting


def somebody_waits() -> bool:
    """Whether any transaction waits for a lock that another holds."""
    with connection.cursor() as cursor:
        # Unlike pg_stat_activity it is read anew every time, also within one transaction.
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def sorted_out(answers: list[Any], *refusals: type[Exception]) -> tuple[list[Any], list[Exception]]:
    """What was done, and what was refused politely. Raises whatever else went wrong."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, refusals):
            raise answer
    return (
        [answer for answer in answers if not isinstance(answer, Exception)],
        [answer for answer in answers if isinstance(answer, Exception)],
    )

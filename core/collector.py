"""Python's collector of garbage, kept from looking again and again through what stays for as long as the process lives.

What Django builds while it loads, hundreds of thousands of objects, is no garbage; a request leaves few cycles behind.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEW_OBJECTS = 5_000
"""After so many new objects the youngest are looked through; Python's own 700 is for small programs."""
_ROUNDS = 20
"""After so many rounds of one age the next older is looked through."""


def calm() -> None:
    """Leave out of every round what is loaded by now, and look through the rest less often.

    A process that forks calls it once all is loaded: what is never touched stays shared. A command calls it at once.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, _ROUNDS, _ROUNDS)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put the collector off while the code inside makes very many objects at once, nearly all of them in use."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()

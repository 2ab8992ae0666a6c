"""The lanes of a plan: who owns their items at first, and by which process they are done, once there is one.

Until an app has said how a lane's items are done, people do them by hand, with evidence. Whoever knows both sides (a
file of `reactions`) says it, and neither contracts nor their execution change for it:

    lanes.let_do(Lane.LICENCE, Way("licence", begin=begun_for, done=("granted",), void=("rejected",)))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.models import Promise
from execution.flow.states import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.actors import Actor
    from workflow.models import Record

    Begin = Callable[[Any, Actor], Record]

Lane = Promise.Lane
OF_THE_SPECIALIST = (Lane.LICENCE, Lane.DELIVERY, Lane.INSTALLATION)
"""Applied for, sent and started by the customer specialist; all else is the account manager's (EXE-02 to EXE-07)."""
FIRST_PAYMENT = "first_payment"
"""What delivery waits for beside lanes (DLV-01)."""
NEEDS: dict[str, tuple[str, ...]] = {
    Lane.DELIVERY: (FIRST_PAYMENT,),
    Lane.INSTALLATION: (Lane.LICENCE, Lane.DELIVERY),
    Lane.TRAINING: (Lane.TALKS,),
    Lane.ACCEPTANCE: (Lane.INSTALLATION, Lane.TRAINING),
}
"""What the items of a lane wait for, unless the contract says otherwise."""
RULES: dict[str, str] = {
    Lane.LICENCE: "EXE-02",
    Lane.DELIVERY: "EXE-03",
    Lane.INSTALLATION: "EXE-04",
    Lane.TALKS: "EXE-05",
    Lane.TRAINING: "EXE-06",
    Lane.ACCEPTANCE: "EXE-07",
    Lane.OTHER: "EXE-08",
    Lane.MONEY: "EXE-08",
}


@dataclass(frozen=True)
class Way:
    """By which process the items of a lane are done.

    `begin` makes a record of that `kind` for an item. While the record is in one of the states `done`, the item is
    done; in one of `void`, it is open again and looks for another record; in any other state it is in progress.
    """

    kind: str
    begin: Begin
    done: tuple[str, ...]
    void: tuple[str, ...] = ()

    def progress(self, state: str) -> Progress:
        """How far an item has come whose record is in a state."""
        if state in self.done:
            return Progress.DONE
        return Progress.OPEN if state in self.void else Progress.IN_PROGRESS


_ways: dict[str, Way] = {}


def let_do(lane: str, way: Way) -> None:
    """Say by which process the items of a lane are done. Raises ValueError if another has been named."""
    if _ways.setdefault(lane, way) != way:
        msg = f"the lane {lane} has its process already"
        raise ValueError(msg)


def way_of(lane: str) -> Way | None:
    """How the items of a lane are done; None as long as people do them by hand."""
    return _ways.get(lane)


def kinds() -> frozenset[str]:
    """The kinds of records that items follow."""
    return frozenset(way.kind for way in _ways.values())


def forget(lane: str) -> None:
    """Let people do a lane's items by hand again; for tests."""
    _ways.pop(lane, None)

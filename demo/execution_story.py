"""How contracts are carried out: item by item, until the director has signed Serv101 and it is filed."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from core import clock
from demo.contract_words import said
from documents import codes, freezing
from documents.models import Document
from execution.models import Execution
from execution.services import next_items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from demo.stage import Stage
    from demo.world import World
    from people.models import User

_STUCK, _WAIVED = 0.05, 0.03


def life(stage: Stage, world: World, contract_id: int, of: Random) -> Iterator[datetime]:
    """The execution of a contract whose copy has just been handed over."""
    return _Life(stage, world, contract_id, Random(f"{of.random()} execution")).tell()


class _Life:
    """One execution."""

    def __init__(self, stage: Stage, world: World, contract_id: int, rng: Random) -> None:
        self.stage, self.world, self.contract_id, self.rng = stage, world, contract_id, rng
        self.execution: Any = None

    def tell(self) -> Iterator[datetime]:
        """As far as the time reaches; some stand still for long."""
        yield self._later(2, 30)
        self.execution = Execution.objects.filter(carries_out=self.contract_id).first()
        if self.execution is None:
            return
        specialist = self.world.cast.someone("customer_specialist", self.rng, region=self.execution.customer.region_id)
        self._do("take_up", self.execution.specialist or specialist)
        while ready := next_items(self.execution):
            yield self._later(300, 2200) if self.rng.random() < _STUCK else self._later(10, 260)
            self._settle(*self.rng.choice(ready))
        yield self._later(10, 90)
        yield from self._confirm()

    def _settle(self, item: Any, owner: User) -> None:
        if item.lane == "other" and self.rng.random() < _WAIVED:
            director = self.world.cast.someone("service_director", self.rng)
            self._do("waive_item", director, item=item.pk, reason=said("waivers", self.rng))
            return
        today = clock.local(self.stage.now).date()
        words = said("evidence", self.rng, item=item.name, day=f"{today:%Y-%m-%d}")
        self._do("finish_item", owner, item=item.pk, done_on=today, evidence=words)

    def _confirm(self) -> Iterator[datetime]:
        handler, director = self.execution.handler, self.world.cast.someone("service_director", self.rng)
        left = said("nothing_left", self.rng)
        self._do("confirm", handler, signed_by=handler.display_name, open_items=left)
        yield self._later(5, 70)
        self.execution.refresh_from_db()  # its Serv101 was made beside the act
        if self.execution.unready():
            return
        self._do("sign", director, signed_by=director.display_name, opinion=said("opinions", self.rng))
        paper: Any = Document.objects.get(pk=self.execution.confirmation_id)
        freezing.freeze(paper.pk)
        self.stage.notice_beside(self.execution)
        yield self._later(5, 90)
        paper = Document.objects.get(pk=paper.pk)
        number = f"FW-{paper.number[-9:]}"
        actor = self.world.cast.actor(self.world.cast.someone("customer_specialist", self.rng), self.stage.now)
        self.stage.perform(paper, "archive", actor, {"archive_no": number})

    # --- the tools of telling -------------------------------------------------------------------------------------
    def _later(self, low: float, high: float) -> datetime:
        return self.world.office(self.stage.now + timedelta(hours=self.rng.uniform(low, high)), self.rng)

    def _do(self, verb: str, who: User, **data: Any) -> None:
        actor = self.world.cast.actor(who, self.stage.now)
        with codes.drawn_from(self.rng):
            self.execution = self.stage.perform(self.execution, verb, actor, data).concrete
        if verb in {"confirm", "sign"}:
            self.stage.notice_beside(self.execution)

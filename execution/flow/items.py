"""The acts on the items of a plan: begun, done with evidence, waived with a reason, or done by a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from execution.flow.parties import ITEM_OWNERS
from execution.flow.states import AT_WORK, BEFORE_SIGNING, DIRECTOR, LEADERS, Progress, State
from workflow.beside import BESIDE
from workflow.common import Common
from workflow.flow import verb
from workflow.parties import ACCOUNT_OWNER, HANDLER, SPECIALIST, SUPERVISOR, SYSTEM

if TYPE_CHECKING:
    from datetime import date

    from workflow.flow import Act

RESPONSIBLE = HANDLER | SPECIALIST | ACCOUNT_OWNER
WORKERS = ITEM_OWNERS | RESPONSIBLE | LEADERS
"""Who may act on items at all; of whom the item is, its form knows."""
OF_LANES = ("EXE-02", "EXE-03", "EXE-04", "EXE-05", "EXE-06", "EXE-07")


class ItemActs(Common):
    """Acts on items."""

    def _item(self, act: Act, item: Any, **values: Any) -> None:
        """Change an item and account for it; the model's own affair, like the rest of these."""
        raise NotImplementedError

    def _begin_process(self, act: Act, item: Any) -> None:
        raise NotImplementedError

    def _follow(self, act: Act, item: Any, progress: str, done_on: date | None) -> None:
        raise NotImplementedError

    def _amend(self, act: Act, contract: Any) -> None:
        raise NotImplementedError

    def _reopened(self) -> str:
        """Where an execution stands of which something is to be done again, or still."""
        raise NotImplementedError

    @verb(AT_WORK, None, by=WORKERS, label=_("Begin an item"), rules=OF_LANES, tone="quiet", icon="arrow-right")
    def begin_item(self, act: Act, item: Any, text: str = "") -> None:
        """Somebody has begun what is done by hand."""
        self._item(act, item, progress=Progress.IN_PROGRESS, begun_at=act.at)

    @verb(AT_WORK, None, by=WORKERS, label=_("Finish an item"), rules=OF_LANES, tone="primary", icon="check")
    def finish_item(self, act: Act, item: Any, done_on: date, evidence: str) -> None:
        """It is done by hand: when, and what proves it."""
        person = act.actor.on_behalf_of or act.actor.user
        self._item(act, item, progress=Progress.DONE, done_on=done_on, done_by=person, evidence=evidence)

    @verb(
        AT_WORK,
        None,
        by=WORKERS,
        label=_("Begin its process"),
        rules=OF_LANES,
        tone="primary",
        icon="plus",
        when=lambda execution: execution.plan.to_begin(),
    )
    def begin_process(self, act: Act, item: Any) -> None:
        """Make the record by which an item is done; from now on the item follows it."""
        self._begin_process(act, item)

    @verb(
        AT_WORK,
        None,
        by=WORKERS,
        label=_("Done by another record"),
        rules=OF_LANES,
        tone="quiet",
        icon="link",
        when=lambda execution: execution.plan.to_begin(),
    )
    def link_process(self, act: Act, item: Any, other: Any) -> None:
        """The record by which an item is done is there already; from now on the item follows it."""
        self._follow(act, item.made_by(other), item.progress_of(other), None)

    @verb(
        BEFORE_SIGNING,
        BEFORE_SIGNING,
        by=RESPONSIBLE | DIRECTOR,
        label=_("Open an item again"),
        rules=("EXE-08",),
        tone="quiet",
        icon="arrow-back-up",
        when=lambda execution: execution.plan.settled(),
    )
    def reopen_item(self, act: Act, item: Any, reason: str) -> str:
        """It was not done after all; what has been confirmed meanwhile is to be confirmed anew."""
        self._item(
            act, item, progress=Progress.OPEN, done_on=None, done_by=None, evidence="", waiver="", waived_by=None
        )
        return self._reopened()

    @verb(
        AT_WORK,
        None,
        by=RESPONSIBLE | LEADERS | SUPERVISOR,
        label=_("Give an item to somebody"),
        tone="quiet",
        icon="user",
    )
    def assign_item(self, act: Act, item: Any, person: Any) -> None:
        """Somebody else sees to it."""
        if person.pk not in {self.handler_id, self.specialist_id}:  # type: ignore[attr-defined] # its record's
            act.copy_to([person.pk])
        self._item(act, item, owner=person)

    @verb(
        AT_WORK, None, by=RESPONSIBLE | LEADERS, label=_("Set when an item is due"), tone="quiet", icon="calendar-time"
    )
    def set_due(self, act: Act, item: Any, due_on: date | None = None, reason: str = "") -> None:
        """Say by which day it is to be done."""
        self._item(act, item, due_on=due_on)

    @verb(AT_WORK, None, by=DIRECTOR, label=_("Waive an item"), rules=("EXE-08",), tone="quiet", icon="ban")
    def waive_item(self, act: Act, item: Any, reason: str) -> None:
        """It need not be done: the service director says so, and why."""
        person = act.actor.on_behalf_of or act.actor.user
        self._item(act, item, progress=Progress.WAIVED, waiver=reason, waived_by=person)

    @verb(
        AT_WORK,
        None,
        by=HANDLER | ACCOUNT_OWNER | LEADERS,
        label=_("Go ahead all the same"),
        rules=("DLV-01",),
        tone="quiet",
        icon="lock-open",
        when=lambda execution: execution.plan.blocked(),
    )
    def free_item(self, act: Act, item: Any, reason: str) -> None:
        """The contract lets it be done before what it usually waits for; the reason stays on record."""
        self._item(act, item, freed=reason)

    @verb(BEFORE_SIGNING, BEFORE_SIGNING, by=SYSTEM, label=_("An item follows its record"), rules=OF_LANES, icon="link")
    def follow_item(self, act: Act, item: Any, progress: str, number: str = "", done_on: date | None = None) -> str:
        """The record by which an item is done has gone on."""
        self._follow(act, item, progress, done_on)
        return self._reopened()

    @verb(
        (*BEFORE_SIGNING, State.SIGNED),
        (*BEFORE_SIGNING, State.SIGNED),
        by=BESIDE | SYSTEM,
        label=_("Changed by an amendment"),
        rules=("CON-25",),
        icon="versions",
    )
    def amend(self, act: Act, contract: Any) -> str:
        """An amendment has taken effect: what it adds is to be done too, what it drops no more."""
        self._amend(act, contract)
        return self._reopened()

"""The life of an execution (handbook: contract execution; rules EXE-01 to EXE-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from execution.events import ConfirmationSigned, ExecutionArchived, ExecutionConfirmed
from execution.flow.items import ItemActs
from execution.flow.lanes import Lane
from execution.flow.parties import CONFIRMER, ITEM_OWNERS
from execution.flow.states import AT_WORK, BEFORE_SIGNING, DIRECTOR, LEADERS, State
from workflow.beside import BESIDE, acting_beside
from workflow.flow import Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import ACCOUNT_OWNER, HANDLER, SPECIALIST, SUPERVISOR, SYSTEM, role, unclaimed

if TYPE_CHECKING:
    from workflow.flow import Act

ALL_SETTLED = Need(
    lambda execution: not execution.plan.unsettled(),
    lambda execution: execution.plan.open_words(),
    rule="EXE-08",
    who=ITEM_OWNERS,
)
READY_TO_SIGN = Need(
    lambda execution: not execution.unready(),
    lambda execution: execution.unready(),
    rule="EXE-09",
    who=HANDLER,
)


class ExecutionFlow(ItemActs):
    """started → in progress → being confirmed (Serv101) → signed → archived; terminated with its contract."""

    State = State
    final = (State.ARCHIVED, State.TERMINATED)
    path = (State.STARTED, State.IN_PROGRESS, State.CONFIRMING, State.SIGNED, State.ARCHIVED)
    waits = {
        State.STARTED: Wait("take_up", SPECIALIST | unclaimed("customer_specialist")),
        State.IN_PROGRESS: (Wait("finish_item", ITEM_OWNERS), Wait("confirm", CONFIRMER)),
        State.CONFIRMING: Wait("sign", DIRECTOR),
    }
    timers = tuple(
        Timer(f"execution.{lane}", lane.label, opens=(), within=AT_WORK, fixed=f"{lane}_due", each=True)
        for lane in Lane
    )
    carried = ("carries_out", "confirmation")

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        handler = specialist = cast("Any", None)

    def _begin(self, act: Act, contract: Any) -> None:
        """Draw the plan of what the contract promises; the model's own affair, like the rest of these."""
        raise NotImplementedError

    def _give(self, act: Act, handler: Any, specialist: Any) -> None:
        raise NotImplementedError

    def _account(self, act: Act) -> None:
        raise NotImplementedError

    @verb(NEW, State.STARTED, by=BESIDE | SYSTEM, label=_("Start execution"), rules=("CON-24", "EXE-01"), icon="plus")
    def start(self, act: Act, contract: Any) -> None:
        """The service department has its copy of the contract: an item for each thing that it promises."""
        self._begin(act, contract)

    @verb(
        State.STARTED,
        State.IN_PROGRESS,
        by=SPECIALIST | role("customer_specialist"),
        label=_("Take up"),
        rules=("EXE-01",),
        tone="primary",
        icon="user-check",
    )
    def take_up(self, act: Act) -> None:
        """A customer specialist has the copy in hand and begins."""
        self._give(act, None, act.actor.on_behalf_of or act.actor.user)

    @verb(
        BEFORE_SIGNING,
        None,
        by=LEADERS | HANDLER | SUPERVISOR,
        label=_("Change who is responsible"),
        icon="users",
    )
    def hand_over(self, act: Act, handler: Any = None, specialist: Any = None, reason: str = "") -> None:
        """Another account manager or specialist; what was the former one's to do becomes theirs."""
        self._give(act, handler, specialist)

    @verb(
        State.IN_PROGRESS,
        State.CONFIRMING,
        by=HANDLER | ACCOUNT_OWNER,
        label=_("Confirm that all is done (Serv101)"),
        rules=("EXE-08",),
        needs=(ALL_SETTLED,),
        tone="primary",
        icon="clipboard-check",
    )
    def confirm(self, act: Act, signed_by: str, open_items: str = "") -> None:
        """All that the contract says is done: Serv101 is filled from the records and goes to the service director."""
        self._account(act)
        act.announce(ExecutionConfirmed, signed_by=signed_by, open_items=open_items)

    @verb(
        State.CONFIRMING,
        State.SIGNED,
        by=DIRECTOR,
        label=_("Sign Serv101"),
        rules=("EXE-09",),
        needs=(READY_TO_SIGN,),
        tone="primary",
        icon="signature",
    )
    def sign(self, act: Act, signed_by: str, opinion: str = "") -> None:
        """The service director signs Serv101 on the screen."""
        self._account(act)
        act.announce(ConfirmationSigned, signed_by=signed_by, opinion=opinion)

    @verb(
        State.CONFIRMING,
        State.SIGNED,
        by=BESIDE | SYSTEM,
        when=acting_beside,
        label=_("Serv101 came back signed"),
        rules=("EXE-09",),
        icon="signature",
    )
    def receive_signed(self, act: Act, document: str) -> None:
        """The service director has signed Serv101 on paper, or where it stands."""
        self._account(act)

    @verb(
        State.SIGNED,
        State.ARCHIVED,
        by=BESIDE | SYSTEM,
        when=acting_beside,
        label=_("Archived with Serv101"),
        rules=("EXE-10",),
        icon="archive",
    )
    def archive(self, act: Act, document: str) -> None:
        """The signed Serv101 has been filed under its number."""
        self._account(act)
        act.announce(ExecutionArchived)

    @verb(
        (*BEFORE_SIGNING, State.SIGNED),
        State.TERMINATED,
        by=BESIDE | SYSTEM,
        when=acting_beside,
        label=_("Ended with its contract"),
        icon="ban",
    )
    def terminate(self, act: Act, contract: str, reason: str = "") -> None:
        """The contract has been terminated: nothing more of it is to be done."""
        self._account(act)


__all__ = ("ExecutionFlow",)

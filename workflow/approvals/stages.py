"""What a process declares of its review, and the acts that come with it: `class ContractFlow(Reviewing, Common)`.

A process names its stages, each with the state in which its steps are decided on, and what state a round ends in. The
acts are verbs of the kernel's gate like any other; they are made for each process, since their states are its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import gettext_lazy as _

from workflow.approvals import discussion, rounds, seats
from workflow.approvals.parties import AUTHOR, CONSULTED, DECIDERS
from workflow.flow import Flow, Timer, Wait, verb
from workflow.models import Opinion, Round
from workflow.parties import INVOLVED, SYSTEM, role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow.flow import Act, Label
    from workflow.parties import Party

_ASKED = "approval"
"""The kind of notice by which people are reminded that a decision is awaited (CON-09)."""
LEADERS = role("sales_ops", "service_director", "vice_president", "system_admin")
"""Who gives a seat to another from outside."""
TALKING = AUTHOR | DECIDERS | CONSULTED | INVOLVED
"""Who talks about it: its author, who reviews it, and who was copied in."""


@dataclass(frozen=True)
class Stage:
    """A stretch of the way: the state in which its steps are decided on. What is `own` its author passes."""

    code: str
    state: str
    label: Label
    own: bool = False


@dataclass(frozen=True)
class _Made:
    """An act as it is declared once for all processes: from which of a process's states, and to which."""

    method: Callable[..., Any]
    sources: Callable[[type[Reviewing]], tuple[str, ...]]
    targets: Callable[[type[Reviewing]], tuple[str, ...] | str | None]
    by: Party
    label: Label
    said: Mapping[str, Any]


def _open(flow: type[Reviewing]) -> tuple[str, ...]:
    """The states in which somebody decides."""
    return tuple(stage.state for stage in flow.stages if not stage.own)


def _every(flow: type[Reviewing]) -> tuple[str, ...]:
    """The states of the whole way."""
    return tuple(stage.state for stage in flow.stages)


def _asked(flow: type[Reviewing]) -> dict[str, tuple[Wait, ...]]:
    """For whom a record waits while somebody decides."""
    asked = (Wait("agree", DECIDERS, due=flow.decision), Wait("advise", CONSULTED, due=flow.decision))
    return dict.fromkeys(_open(flow), asked)


def _discussed(flow: type[Reviewing]) -> tuple[str, ...]:
    """The states in which people talk about it: on its way, and while its author writes it anew."""
    written = (flow.outcomes[Round.Outcome.RETURNED], flow.outcomes[Round.Outcome.WITHDRAWN])
    return tuple(dict.fromkeys((*_every(flow), *written)))


def _onward(flow: type[Reviewing]) -> tuple[str, ...]:
    return (*_every(flow), flow.outcomes[Round.Outcome.PASSED])


def _back(flow: type[Reviewing]) -> tuple[str, ...]:
    return (*_every(flow), flow.outcomes[Round.Outcome.RETURNED])


def _against(flow: type[Reviewing]) -> tuple[str, ...]:
    return (*_every(flow), flow.outcomes[Round.Outcome.REJECTED])


def _withdrawn(flow: type[Reviewing]) -> str:
    return flow.outcomes[Round.Outcome.WITHDRAWN]


def _same(flow: type[Reviewing]) -> None:  # noqa: ARG001 - of whatever process
    return None


def _made(sources: Any, targets: Any, *, by: Party, label: Label, **said: Any) -> Callable[[Any], Any]:
    def declare(method: Callable[..., Any]) -> Any:
        method.made = _Made(method, sources, targets, by, label, said)  # type: ignore[attr-defined] # carried to the class
        return method

    return declare


class Reviewing(Flow):
    """The base of flows whose records are decided on (CON-04…09, 12, 20; processes: Contract).

    The record's model says with `content()` what is decided on, and may listen to `round_ended`.
    """

    stages: ClassVar[tuple[Stage, ...]] = ()
    outcomes: ClassVar[Mapping[Round.Outcome, str]] = {}
    """The state in which each outcome of a round leaves the record: passed, returned, rejected, withdrawn."""
    decision: ClassVar[str] = "decision"
    """The deadline of a step: one for every step, so that each counts from its own beginning."""
    keeps: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """The rules of the handbook that the acts of a review keep in this process, by act."""

    goes_on_from: Any = None
    """The earlier record on which one builds, if any: whoever decides sees what differs from what was decided there."""

    if TYPE_CHECKING:
        pk = cast("int", None)
        state = cast("str", None)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the acts, the deadline and the waits for the process's own states."""
        if "stages" in vars(cls):
            cls.timers = (Timer(cls.decision, _("Decision"), opens=(), within=_every(cls), tells=_ASKED), *cls.timers)
            cls.waits = {**_asked(cls), **cls.waits}
            for name, value in list(vars(Reviewing).items()):
                made = getattr(value, "made", None)
                if isinstance(made, _Made) and name not in vars(cls):
                    said = {"by": made.by, "label": made.label, "rules": cls.keeps.get(name, ()), **made.said}
                    act = verb(made.sources(cls), made.targets(cls), **said)
                    setattr(cls, name, act(made.method))
        super().__init_subclass__(**kwargs)

    @classmethod
    def stage(cls, code: str) -> Stage:
        """The stage of a code. Raises KeyError for one that the process lacks."""
        for stage in cls.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def content(self) -> dict[str, Any]:
        """What is decided on, as JSON can hold it; the model's own affair."""
        raise NotImplementedError

    def round_ended(self, act: Act, outcome: Round.Outcome) -> None:
        """Listen to how a round ended, before the record is saved."""

    @_made(_open, _onward, by=DECIDERS, label=_("Agree"), tone="primary", icon="check", parallel=True)
    def agree(self, act: Act, opinion: str = "", answers: Any = None, **_shown: Any) -> str:
        """Agree with this version, its checklist gone through."""
        return rounds.decide(self, act, Opinion.Decision.AGREED, rounds.Said(opinion, answers or {}))

    @_made(_open, _back, by=DECIDERS, label=_("Send back"), tone="danger", icon="arrow-back-up", parallel=True)
    def send_back(self, act: Act, opinion: str, ground: Any, back_to: Any = None, **shown: Any) -> str:
        """退回: to the author, who writes a new version, or to an earlier step of this round."""
        said = rounds.Said(opinion, shown.get("answers", {}), ground)
        return rounds.decide(self, act, Opinion.Decision.RETURNED, said, back_to)

    @_made(_open, _against, by=DECIDERS, label=_("Reject"), tone="danger", icon="ban", parallel=True)
    def reject(self, act: Act, opinion: str, ground: Any, answers: Any = None, **_shown: Any) -> str:
        """拒绝: it is not to be."""
        return rounds.decide(self, act, Opinion.Decision.REJECTED, rounds.Said(opinion, answers or {}, ground))

    @_made(_open, _same, by=CONSULTED, label=_("Give an opinion"), tone="primary", icon="message", parallel=True)
    def advise(self, act: Act, opinion: str) -> None:
        """Answer who asked; that person decides."""
        rounds.advise(self, act, opinion)

    @_made(_open, _same, by=DECIDERS, label=_("Ask for an opinion"), icon="message-question", parallel=True)
    def consult(self, act: Act, person: Any, question: str) -> None:
        """委派: somebody gives an opinion, and the seat comes back."""
        seats.consult(self, act, person, question)  # type: ignore[arg-type] # its model is a record

    @_made(_open, _same, by=DECIDERS, label=_("Hand the seat over"), icon="arrow-right", parallel=True)
    def transfer(self, act: Act, person: Any, reason: str) -> None:
        """转办: another decides instead."""
        seats.transfer(self, act, person, reason)  # type: ignore[arg-type] # its model is a record

    @_made(_open, _same, by=DECIDERS, label=_("Add signers"), icon="user-plus", parallel=True)
    def add_signer(self, act: Act, people: Any, where: str, reason: str) -> None:
        """加签: others decide as well, before, after or beside."""
        seats.add(self, act, people, where, reason)  # type: ignore[arg-type] # its model is a record

    @_made(_open, _onward, by=DECIDERS, label=_("Take a signer off"), tone="quiet", icon="user-minus", parallel=True)
    def remove_signer(self, act: Act, seat: Any, reason: str) -> str:
        """减签: who was added and has not decided is not asked any more."""
        seats.remove(self, act, seat)  # type: ignore[arg-type] # its model is a record
        return rounds.settle(self, act)

    @_made(_every, _withdrawn, by=AUTHOR, label=_("Withdraw"), icon="arrow-back")
    def withdraw(self, act: Act, reason: str = "") -> None:
        """撤回: its author takes back what nobody has decided on yet."""
        rounds.withdraw(self, act)

    @_made(_open, _same, by=LEADERS, label=_("Give the seat to another"), tone="quiet", icon="users", parallel=True)
    def reassign(self, act: Act, seat: Any, person: Any, reason: str) -> None:
        """改派: from outside, since the one who is asked cannot."""
        seats.reassign(self, act, seat, person, reason)  # type: ignore[arg-type] # its model is a record

    @_made(_open, _same, by=AUTHOR | LEADERS, label=_("Press for a decision"), icon="bell", parallel=True)
    def press_decision(self, act: Act, text: str = "") -> None:
        """催办: those whose decision waits are reminded, a few times and on the record."""
        seats.press(self, act)  # type: ignore[arg-type] # its model is a record

    @_made(
        _discussed,
        _same,
        by=TALKING,
        label=_("Remark beside the text"),
        tone="quiet",
        icon="message-plus",
        parallel=True,
    )
    def remark(self, act: Act, text: str, place: str = "", about: int | None = None) -> None:
        """Say something about a place of the content, or answer, beside the text and on the record."""
        discussion.say(self, act, place, about)  # type: ignore[arg-type] # its model is a record

    @_made(_discussed, _same, by=TALKING, label=_("Settle a remark"), tone="quiet", icon="circle-check", parallel=True)
    def settle_remark(self, act: Act, about: int, text: str = "") -> None:
        """Say that a remark is settled."""
        discussion.settle(self, act, about)  # type: ignore[arg-type] # its model is a record

    @_made(_open, _same, by=SYSTEM, label=_("Seat of somebody who left"), tone="quiet", icon="user-off", parallel=True)
    def fill_vacancy(self, act: Act, seat: Any) -> None:
        """A seat whose person has left goes to the superior, or to the keeper."""
        seats.fill_vacancy(self, act, seat)  # type: ignore[arg-type] # its model is a record


__all__ = ("Reviewing", "Stage")

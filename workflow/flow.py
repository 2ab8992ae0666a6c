"""How a process says what its life is: states, verbs, timers and whom work waits for, on one screen, without queries.

A flow is mixed into its record's model. Its verbs are django-fsm transitions that refuse to run unless the engine
(`workflow.engine.perform`) called them, so that nothing but the one gate changes a state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from workflow.refusals import OutsideTheGateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from django.db import models
    from django.utils.functional import Promise

    from people.actors import Actor
    from workflow.facts import Fact
    from workflow.models import Entry, Record
    from workflow.parties import Party

    Label = str | Promise
    Method = Callable[..., Any]


ANY_STATE = "*"
"""As a verb's source: every state of a record that exists."""


@dataclass(frozen=True)
class Need:
    """Something that must hold before a verb may run; looked up on the record alone.

    The message may be made of the record: it names what is missing there.
    """

    holds: Callable[[Any], bool]
    message: Label | Callable[[Any], Label]
    rule: str = ""
    who: Party | None = None

    def said_of(self, record: Any) -> str:
        """The message about a record."""
        return str(self.message(record) if callable(self.message) else self.message)


@dataclass(frozen=True)
class Verb:
    """What may be done: from which states to which, by whom, under which rules.

    `target` None keeps the state, unless `targets` names several: then its method says which of them.
    `tone` says how prominent its button is: primary, normal, danger, quiet.
    `public` entries are shown to the customer. `when` says of which records it is an act at all, looked up on the
    record alone: of others it is neither offered nor possible. What is `parallel` is not stale because somebody else
    did something meanwhile: several may do it at the same time.
    """

    code: str
    sources: tuple[str, ...]
    target: str | None
    by: Party
    label: Label
    rules: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    tone: str = "normal"
    public: bool = False
    recomputes: tuple[str, ...] = ()
    icon: str = ""
    when: Callable[[Any], bool] | None = None
    targets: tuple[str, ...] = ()
    parallel: bool = False

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Every state that it can lead to; none, if it keeps the state."""
        return self.targets or ((self.target,) if self.target is not None else ())

    @property
    def creates(self) -> bool:
        """Whether it makes a new record."""
        return self.sources == ("",)

    def possible_in(self, state: str) -> bool:
        """Whether it may be done in a state, as far as the state is concerned."""
        return state in self.sources or (ANY_STATE in self.sources and state != "")

    def fits(self, record: Record) -> bool:
        """Whether it is an act on such a record, in its present state."""
        return self.possible_in(record.state) and (self.when is None or self.when(record))


@dataclass(frozen=True)
class Wait:
    """For whom a record waits, and with which verb that wait ends; `due` names the timer that limits it.

    `when` says of which records it waits at all, looked up on the record alone.
    """

    verb: str
    for_: Party
    due: str = ""
    when: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Timer:
    """A deadline that verbs open and close; how long it may take is a policy's affair (DeadlinePolicy.timer).

    `opens` and `closes` name verbs. `restarts` are verbs that keep it and start the next round (a cadence).
    `within` are the states in which it makes sense: outside them it is cancelled. `pauses` are states in which its
    clock stands still. `starts` names the record's attribute that holds the start; without it, it starts with the verb.
    `fixed` names an attribute that holds the due time itself (a date somebody promised); with `each`, the due times of
    several promises by their subject, of which each has a deadline of its own for as long as it is named there.
    `then` is a verb that the system performs when it is due. `tells` is the kind of notice by which people are warned
    and told of a miss, where it is another than that of deadlines.
    """

    code: str
    label: Label
    opens: tuple[str, ...]
    closes: tuple[str, ...] = ()
    restarts: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    starts: str = ""
    fixed: str = ""
    each: bool = False
    then: str = ""
    tells: str = ""
    work: Wait | None = None


@dataclass(frozen=True)
class Known:
    """A fact as administrators see it: what it is called, and the values that it can have with their names."""

    label: Label
    values: tuple[tuple[str, Label], ...]

    def said(self, values: Iterable[str]) -> str:
        """That it is one of some values, in words."""
        wanted = set(values)
        return f"{self.label}: {' / '.join(str(label) for code, label in self.values if code in wanted)}"


YES_OR_NO: tuple[tuple[str, Label], ...] = (("yes", _("yes")), ("no", _("no")))


@dataclass
class Act:
    """One performance of a verb: what the verb's method is given by the engine, and what it leaves behind."""

    record: Record
    verb: Verb
    actor: Actor
    at: datetime
    said: dict[str, Any] = field(default_factory=dict)
    facts: list[tuple[type[Fact], dict[str, Any]]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    involved: list[tuple[str, int]] = field(default_factory=list)
    rounds: set[str] = field(default_factory=set)
    anew: set[str] = field(default_factory=set)
    afterwards: list[Callable[[Entry], None]] = field(default_factory=list)
    excused: list[tuple[int, str]] = field(default_factory=list)
    counted_from: dict[str, datetime] = field(default_factory=dict)

    def announce(self, fact: type[Fact], **values: Any) -> None:
        """Tell a fact once the act is on record."""
        self.facts.append((fact, values))

    def copy_to(self, user_ids: list[int]) -> None:
        """Copy people in (抄送): they may see the record and are told."""
        self.involve("copied", user_ids)

    def involve(self, part: str, user_ids: Iterable[int]) -> None:
        """Say that people have come to have to do with the record, and as what (`Involvement.Part`)."""
        self.involved.extend((part, user_id) for user_id in user_ids)

    def tell(self, name: str, value: Any) -> None:
        """Write something on the timeline beside what was said and what changed."""
        self.told[name] = value

    def next_round(self, timer: str, subject: str = "") -> None:
        """Let a deadline end in time and, if it still makes sense, begin anew: what it waited for has been done."""
        self.rounds.add(f"{timer}:{subject}" if subject else timer)

    def begin_anew(self, timer: str, subject: str = "") -> None:
        """Let a deadline end unmet and, if it still makes sense, begin anew: something else is promised now."""
        self.anew.add(f"{timer}:{subject}" if subject else timer)

    def once_written(self, then: Callable[[Entry], None]) -> None:
        """Store something that names the act's entry, in the same transaction."""
        self.afterwards.append(then)

    def count_from(self, timer: str, start: datetime) -> None:
        """Let a running deadline count from an earlier moment: somebody has waited longer than it has run."""
        self.counted_from[timer] = start

    def excuse(self, deadline_id: int, reason: str) -> None:
        """Excuse a missed deadline; that it was missed stays on record."""
        self.excused.append((deadline_id, reason))


def verb(
    source: str | tuple[str, ...],
    target: str | tuple[str, ...] | None,
    *,
    by: Party,
    label: Label,
    rules: tuple[str, ...] = (),
    needs: tuple[Need, ...] = (),
    tone: str = "normal",
    public: bool = False,
    recomputes: tuple[str, ...] = (),
    icon: str = "",
    when: Callable[[Any], bool] | None = None,
    parallel: bool = False,
) -> Callable[[Method], Method]:
    """Declare a verb. Closed by default: `by` must be said. With several targets the method returns one of them."""
    sources = (source,) if isinstance(source, str) else tuple(source)
    targets = target if isinstance(target, tuple) else ()
    one = None if isinstance(target, tuple) else target

    def declare(method: Method) -> Method:
        code, kept, needed = method.__name__, tuple(rules), tuple(needs)
        spec = Verb(
            code, sources, one, by, label, kept, needed, tone, public, recomputes, icon, when, targets, parallel
        )

        @wraps(method)
        def guarded(self: Any, act: Act) -> Any:
            if not isinstance(act, Act) or act.record is not self or act.verb is not spec:
                raise OutsideTheGateError(spec.code)
            return method(self, act, **act.said)

        leads = RETURN_VALUE(*targets) if targets else one
        moved: Any = transition(field="state", source=list(sources), target=leads)(guarded)
        moved.verb = spec
        return moved  # type: ignore[no-any-return]

    return declare


class Flow:
    """The base of every flow: collects what is declared, and answers questions about it."""

    State: ClassVar[type[models.TextChoices]]
    final: ClassVar[tuple[str, ...]] = ()
    path: ClassVar[tuple[str, ...]] = ()
    timers: ClassVar[tuple[Timer, ...]] = ()
    waits: ClassVar[Mapping[str, Wait | tuple[Wait, ...]]] = {}
    carried: ClassVar[tuple[str, ...]] = ()
    """Related rows that the flow looks at, read together with the record."""
    verbs: ClassVar[dict[str, Verb]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the verbs in the order in which they are declared, inherited ones last."""
        super().__init_subclass__(**kwargs)
        found: dict[str, Verb] = {}
        for klass in cls.__mro__:
            for value in vars(klass).values():
                spec = getattr(value, "verb", None)
                if isinstance(spec, Verb):
                    found.setdefault(spec.code, spec)
        cls.verbs = found

    def facts(self) -> dict[str, str]:
        """What policies and routing match on, as names and texts."""
        return {}

    @classmethod
    def known_facts(cls) -> Mapping[str, Known]:
        """Those of its facts that administrators can make review policies depend on."""
        return {}

    def applies(self, rule: str) -> bool:
        """Whether a rule that a verb names is about this record. What does not apply is not written on its timeline."""
        return True

    @classmethod
    def waits_in(cls, state: str) -> tuple[Wait, ...]:
        """What a record in a state waits for, and for whom."""
        found = cls.waits.get(state, ())
        return found if isinstance(found, tuple) else (found,)

    @classmethod
    def timer(cls, code: str) -> Timer:
        """The timer of a code. Raises KeyError."""
        for timer in cls.timers:
            if timer.code == code:
                return timer
        raise KeyError(code)

    @classmethod
    def system_verbs(cls) -> list[Verb]:
        """The verbs that the software may perform by itself."""
        return [spec for spec in cls.verbs.values() if spec.by.system]


__all__ = ("ANY_STATE", "YES_OR_NO", "Act", "Flow", "Known", "Need", "Timer", "Verb", "Wait", "verb")

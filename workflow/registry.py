"""Where process apps make themselves known. The kernel and the faces are drawn from here and name no app."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.functional import Promise

    from workflow.forms import VerbForm
    from workflow.models import Record


class UnknownProcessError(KeyError):
    """No process of that kind has been registered."""


@dataclass(frozen=True)
class Process:
    """The manifest of a process app.

    `kind` names it in URLs and rows, `prefix` begins its numbers, `department` is whose staff see all its records,
    `forms` gives the form of each verb that asks for data. `internal` says that its records are the house's own affair
    and no customer's. `matching` finds what is worth knowing about a text that is being written, whatever it becomes.
    `notices`, `panels`, `table`, `filterset`, `intake`, `intakes` (by the verbs that make records otherwise than the
    first one does), `list_pages` and `pages` beside its list, `portal` and `reports` are read by the layers above,
    which know their types; `search` says how its records are found. `several` names the verbs that can be performed on
    several records with one form. `shown_to` gives other departments whose staff see its records, each with the states
    in which they do; `staff_only` says that customers never see them, their own neither. `beside_customer` is what the
    process shows on a customer's page. `front` names the page that stands for its list among the places of the house.
    `called` are words for fields that mean something of their own here, as who is its handler; "" for one without use.
    """

    kind: str
    prefix: str
    model: type[Record]
    label: str | Promise
    plural: str | Promise
    department: str
    icon: str = "file"
    forms: Mapping[str, type[VerbForm]] = field(default_factory=dict)
    notices: Sequence[Any] = ()
    panels: Sequence[Any] = ()
    table: Any = None
    filterset: Any = None
    intake: Any = None
    intakes: Mapping[str, Any] = field(default_factory=dict)
    list_pages: Sequence[Any] = ()
    portal: Any = None
    reports: Any = None
    lists: Sequence[Any] = ()
    similar: Callable[..., Any] | None = None
    internal: bool = False
    matching: Callable[..., Any] | None = None
    pages: Sequence[Any] = ()
    portal_pages: Sequence[Any] = ()
    search: Any = None
    several: Sequence[str] = ()
    shown_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    staff_only: bool = False
    beside_customer: Any = None
    front: str = ""
    called: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True)
class Keeper:
    """Something that keeps a rule and is no verb, deadline or notice of a process: a page, by its name in URLs."""

    label: str | Promise
    page: str


_processes: dict[str, Process] = {}
_keepers: dict[str, list[Keeper]] = defaultdict(list)
_added: dict[str, list[Any]] = defaultdict(list)


def register(process: Process) -> Process:
    """Make a process known. Raises ValueError if its kind, prefix or model is taken by another."""
    for other in _processes.values():
        if other is not process and (
            other.kind == process.kind or other.prefix == process.prefix or other.model is process.model
        ):
            msg = f"process {process.kind} clashes with {other.kind}"
            raise ValueError(msg)
    _processes[process.kind] = process
    return process


def get(kind: str) -> Process:
    """The process of a kind. Raises UnknownProcessError."""
    try:
        return _processes[kind]
    except KeyError as error:
        raise UnknownProcessError(kind) from error


def of(record: Record) -> Process:
    """The process that a record belongs to; also before it has been saved."""
    for process in _processes.values():
        if isinstance(record, process.model):
            return process
    return get(record.kind)


def all_processes() -> list[Process]:
    """Every registered process, in the order of registration."""
    return list(_processes.values())


def add_panel(kind: str, panel: Any) -> None:
    """Show a panel on the pages of a process that need not know of it; asked twice, it is shown once."""
    if panel not in _added[kind]:
        _added[kind].append(panel)


def panels(process: Process) -> list[Any]:
    """A process's own panels, and those that were added to its pages."""
    return [*process.panels, *_added.get(process.kind, ())]


def keep(rule: str, label: str | Promise, page: str) -> None:
    """Say that a rule is kept by a page and what stands behind it; asked twice, it is said once."""
    if (keeper := Keeper(label, page)) not in _keepers[rule]:
        _keepers[rule].append(keeper)


def keepers(rule: str) -> list[Keeper]:
    """What keeps a rule beside the verbs, deadlines and notices of processes."""
    return _keepers.get(rule, [])


def kept_elsewhere() -> list[str]:
    """The rules that have such keepers."""
    return list(_keepers)


def kinds() -> list[str]:
    """The kinds of all processes."""
    return list(_processes)


def kinds_of(model: type[Any]) -> list[str]:
    """The kinds whose records are all that a model has; none for the parent of all records."""
    return [process.kind for process in _processes.values() if process.model is model]


def kinds_of_department(code: str) -> list[str]:
    """The kinds whose records the staff of a department see."""
    return [process.kind for process in _processes.values() if process.department == code]


def shown_to(code: str) -> dict[str, frozenset[str]]:
    """The kinds of other departments' records that the staff of a department see, with the states in which they do."""
    return {process.kind: process.shown_to[code] for process in _processes.values() if code in process.shown_to}


def closed_kinds() -> list[str]:
    """The kinds that customers never see."""
    return [process.kind for process in _processes.values() if process.staff_only]


def forget(kind: str) -> None:
    """Take a process out again; for tests that register their own."""
    _processes.pop(kind, None)

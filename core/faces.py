"""What a process declares for its own pages; the faces of the house draw it and know no process by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import markup
from core.markup import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import Promise

    Label = str | Promise


@dataclass(frozen=True)
class Panel:
    """A box of facts on a record's page: `rows` gives label and value for a record; empty values are left out.

    A value is text (escaped, its lines kept) or a SafeString (core.markup). `related` are followed in the record's
    one query, so that no row asks again. `place` is `main` or `side`. A panel without rows is not shown.
    """

    title: Label
    rows: Callable[[Any], Iterable[tuple[Label, Any]]]
    place: str = "main"
    related: tuple[str, ...] = ()

    def body(self, record: Any, whole: str = "") -> SafeString:
        """The facts as a list; empty if there are none. `whole` is where very long texts stand whole."""
        pairs = [(label, value) for label, value in self.rows(record) if value not in (None, "")]
        if not pairs:
            return SafeString()
        lines = "".join(f"<dt>{escaped(label)}</dt><dd>{_shown(value, whole)}</dd>" for label, value in pairs)
        return mark_safe(f'<dl class="facts">{lines}</dl>')  # noqa: S308 - every text has been escaped


def _shown(value: Any, whole: str) -> str:
    return value if isinstance(value, SafeString) else f'<span class="prose">{markup.prose(value, whole)}</span>'


@dataclass(frozen=True)
class Sheet(Panel):
    """A box that is filled by one piece of markup, and not by facts."""

    rows: Callable[[Any], Iterable[tuple[Label, Any]]] = field(default=lambda record: ())  # noqa: ARG005 - no facts
    content: Callable[[Any], SafeString] = field(default=lambda record: SafeString())  # noqa: ARG005 - each names its own

    def body(self, record: Any, whole: str = "") -> SafeString:  # noqa: ARG002 - it stands whole anyway
        """The markup."""
        return self.content(record)


@dataclass(frozen=True)
class Beside:
    """A box of a process on a customer's page; `content` is given the reader and the customer's key."""

    title: Label
    content: Callable[[Any, int], SafeString]


@dataclass(frozen=True)
class Fetched(Panel):
    """A box that asks for its content once the page stands (`address` says where), so that the page need not wait.

    Where nothing fetches it, a link leads there. `lists` is the kind of the records below this one that it shows, so
    that the page need not show them a second time.
    """

    rows: Callable[[Any], Iterable[tuple[Label, Any]]] = field(default=lambda record: ())  # noqa: ARG005 - none of its own
    address: Callable[[Any], str] = field(default=lambda record: "")  # noqa: ARG005 - every such panel names its own
    lists: str = ""

    def body(self, record: Any, whole: str = "") -> SafeString:
        """The place for the content; on paper there is nothing to fetch."""
        if whole == "":
            return SafeString()
        url = self.address(record)
        return format_html(
            '<div hx-get="{}" hx-trigger="load" hx-swap="innerHTML"><a href="{}">{}</a></div>', url, url, self.title
        )


@dataclass(frozen=True)
class Match:
    """Something worth knowing about what is being written: where it is read, and what tells it from others."""

    label: str
    url: str
    more: str = ""


@dataclass(frozen=True)
class Page:
    """A page of a process beside its lists and records, by `route` below the face that draws it.

    `show` is given the request and the route's parameters, and answers `Shown` or a response. A page with `label` is
    listed among the places of the house, under its `icon`.
    """

    route: str
    name: str
    show: Callable[..., Any]
    label: Label = ""
    icon: str = "file-text"


@dataclass(frozen=True)
class Shown:
    """What a page shows: a template, what it finds there, and how HTTP says it."""

    template: str
    found: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True)
class Ending:
    """One way to end an intake: a button. The first of an intake is the default (Ctrl+Enter).

    `follows` says whether another act follows on the recording, so that it is both or neither.
    `verb` names another verb that makes the record instead of the intake's own.
    """

    code: str
    label: Label
    icon: str = "check"
    tone: str = "normal"
    follows: bool = True
    verb: str = ""


@dataclass(frozen=True)
class Intake:
    """A page of its own for making new records of a process.

    `template` extends `desk/new.html` (blocks: intake, beside) and finds `form`, `process`, `endings` and what
    `context` gives. `finish` is called inside the same transaction after the record has been made, with the record,
    the ending's code, the actor, and the posted data and files; what it refuses undoes the record too, and comes back
    at its fields.
    """

    template: str
    endings: Sequence[Ending] = ()
    context: Callable[[Any, Any], Mapping[str, Any]] = field(default=lambda form, actor: {})  # noqa: ARG005 - nothing more
    finish: Callable[[Any, str, Any, Any, Any], None] | None = None


@dataclass(frozen=True)
class ListPage:
    """A page of a process's own beside its list: `template` finds what `context` gives for the reader.

    It is reached from the list, and is open to all whose department's process it is.
    """

    code: str
    label: Label
    icon: str
    template: str
    context: Callable[[Any], Mapping[str, Any]]

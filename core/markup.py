"""Small pieces of a page that every list and record shows: icons, badges, moments and times left.

They are made in Python, because a page shows hundreds of them; whatever is text is escaped here.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import clock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime


SPRITE = "lib/icons.svg"
NOTHING = mark_safe('<span class="nothing">–</span>')
LONGEST = 2000
"""Characters of one text that a page shows before it only says where the rest is."""
SOON = timedelta(hours=2)
"""A time left shorter than this is shown as pressing."""
_paper: ContextVar[bool] = ContextVar("on_paper", default=False)


def escaped(value: Any) -> str:
    """A value inside markup: as it is if it is markup, otherwise as text with its signs escaped.

    The same as Django's `conditional_escape`, at a third of the cost: that one may be put off, and asks each time.
    """
    said = str(value) if isinstance(value, Promise) else value
    return said.__html__() if hasattr(said, "__html__") else escape(str(said))


@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite, for the eye only: the words beside it say the same. `name` is one of assets/icons.txt."""
    classes = f"icon {css}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static(SPRITE), name)


def badge(label: str | Promise, tone: str, shape: str = "") -> SafeString:
    """A status as word, colour (`tone`) and shape (an icon's name)."""
    mark = icon(shape) if shape else ""
    return mark_safe(f'<span class="tag tone-{escaped(tone)}">{mark}{escaped(label)}</span>')  # noqa: S308


@contextmanager
def on_paper() -> Iterator[None]:
    """What is made inside is read on another day too: no date is left out, and no time counts down."""
    token = _paper.set(True)
    try:
        yield
    finally:
        _paper.reset(token)


def words_of(at: datetime) -> str:
    """A point in time inside a sentence: with its day, and with its year unless that is this year's."""
    here = clock.local(at)
    known = here.year == clock.local(clock.now()).year and not _paper.get()
    return f"{here:%m-%d %H:%M}" if known else f"{here:%Y-%m-%d %H:%M}"


def moment(at: datetime | None, *, seconds: bool = False) -> SafeString:
    """A point in time on the department's clock; the day is left out for today, the year for this year."""
    if at is None:
        return NOTHING
    here, today = clock.local(at), clock.local(clock.now())
    pattern = "%H:%M:%S" if seconds else "%H:%M"
    if _paper.get():
        pattern = f"%Y-%m-%d {pattern}"
    elif here.date() != today.date():
        pattern = ("%m-%d " if here.year == today.year else "%Y-%m-%d ") + pattern
    stamp, whole = here.isoformat(timespec="seconds"), f"{here:%Y-%m-%d %H:%M:%S}"
    return mark_safe(f'<time datetime="{stamp}" title="{whole}">{here:{pattern}}</time>')  # noqa: S308 - digits only


def prose(text: Any, whole: str = "") -> SafeString:
    """Text as it was written, escaped. A very long one ends early, with a link to `whole`, where all of it stands.

    Without that address it is shown to its end: a pasted log of a megabyte makes one page heavy, and not all of them.
    """
    said = str(text)
    if not whole or len(said) <= LONGEST:
        return SafeString(escape(said))
    more = _("Show all %(count)s characters") % {"count": f"{len(said):,}"}
    return format_html('{}… <a href="{}">{}</a>', said[:LONGEST], whole, more)


def length(span: timedelta) -> str:
    """A length of time in its two largest units, as it is read aloud; its sign is dropped."""
    minutes = int(abs(span.total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days and not hours:
        return _("%(days)s d %(minutes)s min") % {"days": days, "minutes": minutes}
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours and not minutes:
        return _("%(hours)s h") % {"hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes}


def left(due: datetime | None, *, running: bool = True) -> SafeString:
    """The time left until a due time, or by how much it has passed; counts on in the browser while it is `running`."""
    if due is None:
        return NOTHING
    if _paper.get():
        return format_html("{} {}", _("Due"), moment(due))
    if not running:
        return moment(due)
    rest = due - clock.now()
    if rest < timedelta(0):
        tone, text, shape = "over", _("%(time)s over") % {"time": length(rest)}, "alert-triangle"
    elif rest < SOON:
        tone, text, shape = "soon", _("%(time)s left") % {"time": length(rest)}, "clock-exclamation"
    else:
        tone, text, shape = "calm", _("%(time)s left") % {"time": length(rest)}, "clock"
    here = clock.local(due)
    return mark_safe(  # noqa: S308 - digits and our own words
        f'<time class="left left-{tone}" datetime="{here.isoformat(timespec="seconds")}"'
        f' title="{here:%Y-%m-%d %H:%M}" data-left="{int(due.timestamp())}">'
        f"{icon(shape)}<span>{escaped(text)}</span></time>"
    )


def table(
    name: str,
    head: Iterable[Any],
    rows: Iterable[Sequence[Any]],
    foot: Sequence[Any] = (),
    *,
    numbers: Collection[int] = (),
) -> SafeString:
    """A small table inside a box; `numbers` are its columns of figures. It can be pushed aside, by keyboard too."""

    def cells(row: Sequence[Any]) -> str:
        css = (
            "num" if place in numbers else "day" if isinstance(value, date) else "" for place, value in enumerate(row)
        )
        return "".join(
            f'<td class="{c}">{"–" if value in (None, "") else escaped(value)}</td>'
            for c, value in zip(css, row, strict=True)
        )

    top = "".join(
        f'<th scope="col" class="{"num" if place in numbers else ""}">{escaped(word)}</th>'
        for place, word in enumerate(head)
    )
    body = "".join(f"<tr>{cells(row)}</tr>" for row in rows)
    last = f"<tfoot><tr>{cells(foot)}</tr></tfoot>" if foot else ""
    return mark_safe(  # noqa: S308 - every text has been escaped
        f'<div class="doc-table" tabindex="0" role="region" aria-label="{escaped(name)}">'
        f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody>{last}</table></div>"
    )

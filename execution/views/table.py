"""The portfolio as a table: a line for each execution, a column for each lane."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from core import clock, markup
from core.markup import escaped
from core.tables import Column, Table
from execution.flow import Lane
from execution.panels import LANE_ICONS
from execution.views.lines import SHOWN_ITEMS, TONES

if TYPE_CHECKING:
    from execution.views.lines import Line


def _contract(line: Line) -> SafeString:
    address = reverse("desk:record", args=("execution", line.number))
    return mark_safe(  # noqa: S308 - every text is escaped
        f'<a href="{escaped(address)}"><bdi>{escaped(line.title)}</bdi></a>'
        f"<small><bdi>{escaped(line.customer or line.company or '')}</bdi></small>"
        f'<small class="number">{escaped(line.contract)}</small>'
    )


def _stands(line: Line) -> SafeString:
    if words := line.standing_for:
        told = f'<span title="{clock.local(line.stuck_since):%Y-%m-%d %H:%M}">{escaped(words)}</span>'
    else:
        told = f"<small>{escaped(_('not standing still'))}</small>"
    return mark_safe(told)  # noqa: S308 - our own words


def _now(line: Line) -> SafeString:
    """What can be done now, whose it is, and by when."""
    ready, whole = line.ready, line.whole
    told = [f"<div>{escaped(whole)}</div>"] if whole else []
    for item in ready[:SHOWN_ITEMS]:
        owner = item.owner or item.login
        who = f" <small>{escaped(owner)}</small>" if owner else ""
        left = f" {markup.left(item.due_at)}" if item.due_on else ""
        told.append(f"<div>{escaped(item.words)}{who}{left}</div>")
    if (more := len(ready) - SHOWN_ITEMS) > 0:
        words = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        told.append(f"<small>{escaped(words)}</small>")
    return mark_safe("".join(told))  # noqa: S308 - every text is escaped


def _unpaid(line: Line) -> Any:
    late = line.overdue_amount
    if not late:
        return line.unpaid
    said = escaped(_("%(sum)s overdue") % {"sum": late})
    return mark_safe(f'{line.unpaid}<div class="left-over">{said}</div>')  # noqa: S308 - figures and our own words


def _lane(lane: Lane) -> Column:
    code = lane.value

    def cell(line: Line) -> SafeString | None:
        found = line.lanes.get(code)
        return _mark(*found, get_language()) if found is not None else None

    return Column(code, lane.label, cell, css="lane-cell", icon=LANE_ICONS[lane])


@lru_cache(maxsize=512)
def _mark(tone: str, done: int, number: int, _language: str) -> SafeString:
    """How far a lane is, in the reader's language; that all of it is done is said by the numbers."""
    words = "" if tone == "done" else f'<span class="unseen"> {escaped(TONES[tone])}</span>'
    return mark_safe(f'<span class="tag tone-{tone}">{done}/{number}{words}</span>')  # noqa: S308 - our own words


class PortfolioTable(Table):
    """What a director must see of every contract in execution to know which one needs a push."""

    columns = (
        Column("contract", _("Contract"), _contract, css="grow"),
        Column("stands", _("Stands still for"), _stands, css="keep"),
        Column("now", _("What can be done now"), _now, css="portfolio-now"),
        *(_lane(lane) for lane in Lane),
        Column("unpaid", _("Not paid yet (CNY)"), _unpaid, css="num keep"),
    )
    order = "contract"

"""The portfolio: every contract in execution, what stands still longest first, and what is open of each lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.views.decorators.http import require_GET

from core import clock
from core.faces import Page, Shown
from execution.flow import Lane
from execution.models import Execution
from execution.views.lines import TONES, lines, open_items, sums
from execution.views.table import PortfolioTable

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 15
"""Executions on a page: what can be done of each takes several lines."""
_LONGEST_PAGE = 6


@require_GET
def portfolio(request: HttpRequest) -> Shown:
    """All that is under way and that the visitor may see; narrowed to a lane in which something is open."""
    user: Any = request.user
    lane = request.GET.get("lane", "")
    lane = lane if lane in Lane.values else ""
    rows = Execution.objects.for_actor(user).stuck_longest()
    if lane:
        rows = rows.filter(pk__in=open_items().filter(lane=lane).values("execution_id"))
    number = request.GET.get("page", "1")
    number = number if number.isascii() and number.isdigit() and len(number) < _LONGEST_PAGE else "1"
    page: Any = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(number)
    keys = list(page.object_list)
    table = PortfolioTable()
    return Shown(
        "execution/portfolio.html",
        {
            "head": table.head(lambda _order: ""),
            "body": table.body(lines(keys, clock.now())) if keys else "",
            "tones": TONES,
            "page": page,
            "sums": sums(user),
            "lane": lane,
            "lane_label": Lane(lane).label if lane else "",
        },
    )


PAGES = (Page("portfolio/", "execution-portfolio", portfolio),)

__all__ = ("PAGES", "portfolio")

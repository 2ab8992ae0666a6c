"""What a person puts in order: the columns of a list, and the views beside its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.tables import ALWAYS
from desk import addresses, columns
from desk.views.lists import process_or_404
from desk.visitors import visitor
from lists import addresses as said
from lists.models import Habit, SavedView
from lists.rows import table_class
from lists.shelf import ON_BAR, shelf_of, stand
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse, QueryDict


@dataclass(frozen=True)
class Item:
    """One thing that is shown or not, at its place among the others."""

    code: str
    label: Any
    on: bool
    fixed: bool = False
    view: SavedView | None = None
    owner: Any = None


def ordered(data: QueryDict, codes: Sequence[str]) -> list[str]:
    """The codes in the order in which a form names them, with the one moved whose button was pressed."""
    known = [code for code in dict.fromkeys(data.getlist("order")) if code in codes]
    known += [code for code in codes if code not in known]
    for name, step in (("up", -1), ("down", 1)):
        if (code := data.get(name)) in known:
            place = known.index(code)
            known.insert(max(0, place + step), known.pop(place))
    return known


def _is_moving(data: QueryDict) -> bool:
    return "up" in data or "down" in data


@require_http_methods(["GET", "POST"])
def choose_columns(request: HttpRequest, kind: str) -> HttpResponse:
    """Which columns the list shows, in which order: of a view as it stands, or for this person from now on."""
    process, user = process_or_404(kind), visitor(request)
    back = request.POST.get("stands", "") if request.method == "POST" else request.GET.urlencode()
    stood = stand(process, user, said.parsed(back))
    table = table_class(process)(columns.STANDARD, chosen=stood.columns)
    shown = [column.code for column in table.shown]
    codes, on = [*shown, *(code for code in table.offered if code not in shown)], set(shown)
    if request.method == "POST":
        codes, on = ordered(request.POST, codes), {ALWAYS, *request.POST.getlist("on")}
        if not _is_moving(request.POST):
            given = "" if "usual" in request.POST else ",".join(code for code in codes if code in on)
            chosen = said.columns(process, given)
            query = stood.query.copy()
            for name in ("columns", "page", "filters"):
                query.pop(name, None)
            if stood.view is None:
                Habit.change(user, kind, columns=chosen)
                messages.success(request, _("The list shows these columns to you from now on."))
            elif chosen:
                query["columns"] = chosen
            return redirect(f"{addresses.of_kind(kind)}?{query.urlencode()}")
    items = [Item(code, table.offered[code].label, code in on, fixed=code == ALWAYS) for code in codes]
    moved = request.POST.get("up") or request.POST.get("down")
    found = {"process": process, "items": items, "stands": back, "view": stood.view, "moved": moved}
    return render(request, "desk/columns.html", found)


@require_http_methods(["GET", "POST"])
def views(request: HttpRequest, kind: str) -> HttpResponse:
    """The views that one can use: which stand beside the tabs, in which order, and with which the list opens."""
    process, user = process_or_404(kind), visitor(request)
    shelf = shelf_of(process, user)
    codes, on = [str(view.pk) for view in shelf.views], {str(v.pk) for v in shelf.views if v.pk not in shelf.aside}
    opens = str(shelf.opens_with or "")
    if request.method == "POST":
        codes, on = ordered(request.POST, codes), set(request.POST.getlist("on"))
        opens = request.POST.get("opens", "")
        if not _is_moving(request.POST):
            chosen = shelf.get(opens)
            aside = [int(code) for code in codes if code not in on]
            Habit.change(user, kind, bar=[int(code) for code in codes], aside=aside, opens_with=chosen)
            messages.success(request, _("Your views are in this order now."))
            return redirect("desk:views", kind)
    owners = User.objects.in_bulk([view.owner_id for view in shelf.views])
    known = {str(view.pk): view for view in shelf.views}
    items = [
        Item(code, known[code].name, code in on, view=known[code], owner=owners[known[code].owner_id]) for code in codes
    ]
    found = {
        "process": process,
        "items": items,
        "opens": opens,
        "most": ON_BAR,
        "moved": request.POST.get("up") or request.POST.get("down"),
    }
    return render(request, "desk/views.html", found)

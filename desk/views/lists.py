"""The list of any process: presets, filters that live in the address, an order, and pages without counting all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.prepared import count, fetch
from desk import acts, addresses, columns
from desk.standing import learn, shape
from desk.visitors import visitor
from lists.presets import preset_of, presets
from lists.rows import Rows, filters_of, has_filters, is_lasting, table_class
from lists.shelf import Stand, shelf_of, stand
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

    from core.faces import ListPage
    from lists.presets import Preset
    from people.models import User
    from workflow.registry import Process

PAGE = 25
COUNTED = 5_000
_LAST_PAGE = 4_000
_LONGEST_KEY = 15
PICK_HEAD = '<td class="pick"><input type="checkbox" data-pick-all hidden></td>'
"""Over the boxes of the rows: one for all of them, which a script shows, names and serves."""


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the list without it."""

    label: str
    value: str
    url: str


@dataclass
class Page:
    """One page of rows; `total` is counted up to 5,000 and no further."""

    number: int
    rows: list[Any]
    total: int
    more: bool
    params: dict[str, list[str]] = field(default_factory=dict)

    @property
    def total_words(self) -> str:
        """How many there are in all, as far as they are counted."""
        return f"{COUNTED:,}+" if self.total > COUNTED else f"{self.total:,}"

    @property
    def first(self) -> int:
        """The position of the first row."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def previous_url(self) -> str:
        """The address of the page before."""
        return address(self.params, page=str(self.number - 1)) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the page after."""
        return address(self.params, page=str(self.number + 1)) if self.more else ""


def process_or_404(kind: str) -> Process:
    """The process of a kind in an address. Raises Http404."""
    try:
        return registry.get(kind)
    except registry.UnknownProcessError as error:
        raise Http404 from error


@require_GET
def page(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """A page of the process's own, for the staff of its department and those who see all. Raises Http404."""
    process, user = process_or_404(kind), visitor(request)
    found = next((each for each in pages(process, user) if each.code == code), None)
    if found is None:
        raise Http404
    return render(request, found.template, {"process": process, "own": found, **found.context(user)})


def pages(process: Process, user: User) -> list[ListPage]:
    """The pages of a process that are open to a person."""
    learn(user)
    here = user.department is not None and user.department.code == process.department
    return list(process.list_pages) if here or user.sees_all else []


def records(request: HttpRequest, kind: str) -> HttpResponse:
    """A page of a process's records that the visitor may see."""
    process, user = process_or_404(kind), visitor(request)
    stood = stand(process, user, request.GET)
    table = table_class(process)(columns.STANDARD, stood.query.get("sort", ""), stood.columns)
    preset = preset_of(process, user, stood.query.get("show", ""))
    opened = stood.query.get("filters") == "open" and process.filterset is not None
    filters: Any = None
    if opened or has_filters(process, stood.query):
        filters = filters_of(process, user, preset, stood.query, request, whole=opened)
        if not opened and filters.form.errors:  # they are shown, to be put right
            filters = filters_of(process, user, preset, stood.query, request)
        if opened and request.headers.get("HX-Request"):
            return render(request, "desk/filters.html", _filters(process, preset, filters, stood))

    rows = Rows(process, user, preset, table, filters, _lasting(process, stood, filters))
    page = _page(rows, stood.query)
    picks = bool(process.several)
    found = {
        **_filters(process, preset, filters, stood),
        "presets": _tabs(process, user, preset, page, stood),
        "head": table.head(lambda order: address(page.params, sort=order, page=""), PICK_HEAD if picks else ""),
        "teaches": table.teaches if preset.code in {"all", "open"} else "",
        "body": table.body(page.rows, first=_pick if picks else None),
        "page": page,
        "can_filter": process.filterset is not None,
        "filters_url": address(page.params, filters="open", page=""),
        "filters_open": opened or bool(filters and filters.form.errors),
        "chips": list(_chips(filters, page.params)) if filters is not None else [],
        "may_create": acts.may_create(process, user),
        "pages": pages(process, user),
        "stood": stood,
        "codes": [column.code for column in table.shown] if stood.columns else (),
        "views": shelf_of(process, user).bar,
        "address": address(page.params, filters="", page=""),
        "here": addresses.of_kind(kind),
        "picks": picks,
        "gone": _gone(filters) if stood.view is not None else [],
    }
    return render(request, "desk/list.html", found)


def _page(rows: Rows, query: QueryDict) -> Page:
    """The page of a list that the address asks for, with what hangs on its rows."""
    page = paged(rows.kept, query, rows.key and (rows.key, shape(rows.user)), rows.full)
    rows.look_beside(page.rows)
    return page


def _lasting(process: Process, stood: Stand, filters: Any) -> str:
    """What names the filters of a view as it was kept, so that its query is worked out once."""
    if stood.view is None or stood.changed or filters is None or filters.form.errors:
        return ""
    return stood.view.query if is_lasting(process, stood.query) else ""


def _tabs(process: Process, user: User, preset: Preset, page: Page, stood: Stand) -> list[tuple[Preset, str]]:
    """The tabs with their addresses; a tab leads out of a view, and keeps the filters otherwise."""
    tabs = presets(process, user)
    shown = tabs if any(each.code == preset.code for each in tabs) else [*tabs, preset]
    params = {} if stood.view is not None else page.params
    return [(each, address(params, show=each.code, page="")) for each in shown]


def _pick(record: Any) -> str:
    """The box by which a row is chosen; its value says which version of the record was seen."""
    number = record.number
    return (
        f'<td class="pick"><input type="checkbox" name="chosen" value="{number}.{record.version}" '
        f'aria-label="{number}"></td>'
    )


def _gone(filters: Any) -> list[str]:
    """The filters whose value is not there any more; the list is shown without them."""
    form = filters.form if filters is not None else None
    return [str(form.fields[name].label) for name in form.errors if name in form.fields] if form is not None else []


def _filters(process: Process, preset: Preset, filters: Any, stood: Stand) -> dict[str, Any]:
    """The filters, which are also drawn alone, when somebody opens them: their choices are a query each."""
    kept = [(name, stood.query.get(name, "")) for name in ("sort", "view", "columns")]
    return {
        "process": process,
        "preset": preset,
        "filters": filters,
        "kept": [(name, value) for name, value in kept if value],
        "bare_url": f"{addresses.of_kind(process.kind)}?show={preset.code}",
    }


def params_of(query: QueryDict) -> dict[str, list[str]]:
    """What an address says, without what it leaves empty."""
    return {name: [value for value in query.getlist(name) if value] for name in query}


def whole(given: str) -> int:
    """A number as it came in an address; 0 for whatever is none, or is longer than any key."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < _LONGEST_KEY else 0


def paged(
    rows: Callable[[], QuerySet[Any]],
    query: QueryDict,
    key: Hashable = None,
    full: Callable[[Any], QuerySet[Any]] | None = None,
) -> Page:
    """The page of the rows that the address asks for; an impossible page number is the nearest possible one.

    With a `key` (of all that shapes the query: core.prepared) the query is prepared once and then filled in. `full`
    gives rows by their keys with all that is shown of them: what lies on the pages before is then not even looked at.
    """
    number = min(max(whole(query.get("page", "")) or 1, 1), _LAST_PAGE)
    start = (number - 1) * PAGE

    def shown() -> QuerySet[Any]:
        some = rows()[start : start + PAGE + 1]
        return full(some.values("pk")) if full else some

    found = fetch(("page", key, number), shown) if key else list(shown())
    params = params_of(query)
    if number == 1 and len(found) <= PAGE:
        return Page(1, found, len(found), more=False, params=params)
    total = count(("all", key), rows, most=COUNTED + 1) if key else _counted(rows())
    return Page(number, found[:PAGE], total, more=len(found) > PAGE, params=params)


def _counted(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: COUNTED + 1].values("pk").count()


def address(params: dict[str, list[str]], **changed: str) -> str:
    """The address of the present page with some of its parameters changed; an empty one is left out."""
    kept = {**params, **{name: [value] if value else [] for name, value in changed.items()}}
    return "?" + urlencode([(name, value) for name, values in kept.items() for value in values])


def _chips(filters: Any, params: dict[str, list[str]]) -> Iterable[Chip]:
    for name, value in filters.form.cleaned_data.items() if filters.form.is_valid() else ():
        empty = value is None or value is False or value == "" or (hasattr(value, "__len__") and len(value) == 0)
        if empty or (hasattr(value, "exists") and not value):
            continue
        yield Chip(
            str(filters.form.fields[name].label), _told(filters.form.fields[name], value), _without(name, params)
        )


def _told(field: Any, value: Any) -> str:
    choices = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    if isinstance(value, slice):
        return " – ".join(f"{end:%Y-%m-%d}" if end else "…" for end in (value.start, value.stop))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return str(choices.get(value, value))
    if hasattr(value, "__iter__"):
        return " / ".join(str(one) for one in value)
    return str(value)


def _without(name: str, params: dict[str, list[str]]) -> str:
    ends = {"filters", name, f"{name}_min", f"{name}_max", f"{name}_after", f"{name}_before", "page"}
    return address({key: values for key, values in params.items() if key not in ends})

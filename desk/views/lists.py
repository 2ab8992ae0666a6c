"""The list of any process: presets, filters that live in the address, an order, and pages without counting all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock
from core.prepared import count, fetch
from core.tables import Table
from desk import acts, addresses, columns, states
from desk.standing import learn, shape
from desk.visitors import visitor
from workflow import registry
from workflow.models import Involvement, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

    from core.faces import ListPage
    from people.models import User
    from workflow.registry import Process

PAGE = 25
COUNTED = 10_000
_LAST_PAGE = 4_000
_LONGEST_KEY = 15
_OF_RECORD = {"pk", *(field.name for field in Record._meta.concrete_fields)}
_NO_FILTERS = {"show", "sort", "page", "filters"}


@dataclass(frozen=True)
class Preset:
    """A tab of a list."""

    code: str
    label: str
    keep: Q


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the list without it."""

    label: str
    value: str
    url: str


@dataclass
class Page:
    """One page of rows; `total` is counted up to 10,000 and no further."""

    number: int
    rows: list[Any]
    total: int
    more: bool
    params: dict[str, list[str]] = field(default_factory=dict)

    @property
    def total_words(self) -> str:
        """How many there are in all, as far as they are counted."""
        return "10,000+" if self.total > COUNTED else f"{self.total:,}"

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


@dataclass(frozen=True)
class _Rows:
    """The rows of a process's list: which they are, and what is shown of them."""

    process: Process
    user: User
    preset: Preset
    table: Table
    filters: Any

    @property
    def key(self) -> Hashable:
        """What shapes the query (core.prepared); None where a moment or a filter's value makes one of every visit."""
        if self.filters is not None or self.preset.code == "overdue":
            return None
        return self.process.kind, self.preset.code, self.table.asked, shape(self.user)

    def kept(self) -> QuerySet[Any]:
        """Those under the tab and the filters, in order; the parent table alone knows them, unless more is asked."""
        ordering = self.table.ordering()
        if self.filters is not None:
            return self.filters.qs.order_by(*ordering)  # type: ignore[no-any-return]
        alone = _OF_RECORD.issuperset(name.lstrip("-") for name in ordering)
        rows: Any = Record.objects if alone else self.process.model._default_manager
        seen = rows.for_actor(self.user).filter(self.preset.keep, kind=self.process.kind)
        return seen.order_by(*ordering)  # type: ignore[no-any-return]

    def full(self, keys: Any) -> QuerySet[Any]:
        """Some of them by their keys, with all that their lines show."""
        rows = self.process.model._default_manager.filter(pk__in=keys)
        return rows.select_related(*self.table.related).order_by(*self.table.ordering())


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
    table = (process.table or BareTable)(columns.STANDARD, request.GET.get("sort", ""))
    presets = _presets(process, user)
    preset = next((p for p in presets if p.code == request.GET.get("show")), presets[0])
    opened = request.GET.get("filters") == "open"
    filters: Any = None
    if process.filterset and (opened or params_of(request.GET).keys() - _NO_FILTERS):
        seen: Any = process.model._default_manager
        under = seen.for_actor(user).filter(preset.keep, kind=kind)
        filters = process.filterset(request.GET, queryset=under, request=request)
        if opened and request.headers.get("HX-Request"):
            return _filters(request, process, preset, filters)

    rows = _Rows(process, user, preset, table, filters)
    page = paged(rows.kept, request.GET, rows.key, rows.full)
    found = {
        "process": process,
        "presets": [(p, address(page.params, show=p.code, page="")) for p in presets],
        "preset": preset,
        "head": table.head(lambda order: address(page.params, sort=order, page="")),
        "body": table.body(page.rows),
        "page": page,
        "filters": filters,
        "can_filter": process.filterset is not None,
        "filters_url": address(params_of(request.GET), filters="open", page=""),
        "filters_open": opened or bool(filters and filters.form.errors),
        "chips": list(_chips(filters, page.params)) if filters is not None else [],
        "bare_url": _bare(process, preset),
        "sort": request.GET.get("sort", ""),
        "may_create": acts.may_create(process, user),
        "pages": pages(process, user),
    }
    return render(request, "desk/list.html", found)


def _filters(request: HttpRequest, process: Process, preset: Preset, filters: Any) -> HttpResponse:
    """The filters alone, when somebody opens them: their choices are a query each, which most visits do not need."""
    found = {"process": process, "preset": preset, "filters": filters, "sort": request.GET.get("sort", "")}
    return render(request, "desk/filters.html", found | {"bare_url": _bare(process, preset)})


def _bare(process: Process, preset: Preset) -> str:
    return f"{addresses.of_kind(process.kind)}?show={preset.code}"


def params_of(query: QueryDict) -> dict[str, list[str]]:
    """What an address says, without what it leaves empty."""
    return {name: [value for value in query.getlist(name) if value] for name in query}


class BareTable(Table):
    """The list of a process that declares none."""

    columns = ("number", "title", "customer", "state", "handler", "due", "updated")
    related = ("customer", "handler")


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


def _presets(process: Process, user: User) -> list[Preset]:
    flow: Any = process.model
    asides = [state for state in flow.State.values if states.tone(flow, state) == "aside"]
    watched = Involvement.objects.filter(user=user, part__in=["watcher", "copied"]).values("record_id")
    presets = [
        Preset("open", _("Open"), Q(is_open=True)),
        Preset("mine", _("With me"), Q(is_open=True, handler=user)),
        Preset("specialist", _("Accepted by me"), Q(is_open=True, specialist=user)),
        Preset("customers", _("My customers"), Q(is_open=True, customer__account_manager=user)),
        Preset("watched", _("Watched"), Q(is_open=True, pk__in=watched)),
        Preset("overdue", _("Overdue"), Q(is_open=True, due_at__lt=clock.now())),
    ]
    if asides:
        presets.append(Preset("waiting", _("Waiting for others"), Q(is_open=True, state__in=asides)))
    return [*presets, Preset("all", _("All"), Q())]


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

"""Acts on several records of a list: choosing the verb, its one form, and what became of each record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from desk import acts, addresses, several
from desk.views.lists import process_or_404
from desk.visitors import actor, visitor
from lists import addresses as said
from lists.columns import PLAIN
from lists.presets import preset_of
from lists.rows import Rows, filters_of, has_filters, table_class
from lists.shelf import stand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from desk.several import Chosen, Outcome, Selection
    from workflow.flow import Verb
    from workflow.forms import VerbForm
    from workflow.registry import Process

_NOT_SAID = {"csrfmiddlewaretoken", "chosen", "key", "from"}
"""What a form of several records carries beside what the verb asks."""
_LONGEST_FROM = 500
"""Characters of the list's address that are carried along; a hundred records stand in the same line of a request."""


@require_GET
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """What can be done with the chosen records, or with the first hundred of a list; the verbs alone for a script."""
    process, user = process_or_404(kind), visitor(request)
    whole = request.GET.get("list")
    if whole is None:
        selection = several.select(process, user, request.GET.getlist("chosen"))
    else:
        selection = several.select(process, user, _first_of(process, request, whole))
    offered = several.possible(process, selection.chosen, actor(request))
    found = {"process": process, "selection": selection, "offered": offered, **_where(request, kind)}
    template = "desk/several_verbs.html" if request.headers.get("HX-Request") else "desk/several.html"
    return render(request, template, found | {"whole": whole is not None, "most": several.MOST})


def _where(request: HttpRequest, kind: str) -> dict[str, str]:
    """The address of all lists of a process, and of the one from which the records were chosen."""
    data = request.POST if request.method == "POST" else request.GET
    here = addresses.of_kind(kind)
    query = said.parsed(data.get("from", "")).urlencode()
    query = f"?{query}" if query and len(query) < _LONGEST_FROM else ""
    return {"here": here, "from": query, "back": f"{here}{query}"}


def _first_of(process: Process, request: HttpRequest, whole: str) -> list[str]:
    """The records of a list as forms name them, as many as can be taken at once and one more."""
    user, query = visitor(request), stand(process, visitor(request), said.parsed(whole)).query
    preset = preset_of(process, user, query.get("show", ""))
    filters = filters_of(process, user, preset, query, request, whole=False) if has_filters(process, query) else None
    rows = Rows(process, user, preset, table_class(process)(PLAIN, query.get("sort", "")), filters).kept()
    return [f"{number}.{version}" for number, version in rows.values_list("number", "version")[: several.MOST + 1]]


@require_http_methods(["GET", "POST"])
def perform(request: HttpRequest, kind: str, verb: str) -> HttpResponse:
    """A verb's form for the chosen records, or the verb performed on each of them."""
    process = process_or_404(kind)
    spec = next((each for each in several.verbs(process) if each.code == verb), None)
    if spec is None:
        raise Http404
    data = request.POST if request.method == "POST" else request.GET
    selection = several.select(process, visitor(request), data.getlist("chosen"))
    if not selection.chosen:
        return redirect("desk:list", kind)
    if request.method == "GET":
        return _ask(request, process, spec, selection, several.blank_form(process, spec, actor(request)))
    own, key = acts.key_of(request.POST, visitor(request).pk)
    outcome = several.run(spec, actor(request), request.POST, key, selection.chosen)
    if outcome.form is not None:
        return _ask(request, process, spec, selection, outcome.form, key=own)
    return _tell(request, process, spec, selection, outcome)


def _ask(
    request: HttpRequest, process: Process, verb: Verb, selection: Selection, form: VerbForm | None, key: str = ""
) -> HttpResponse:
    found = {"process": process, "verb": verb, "selection": selection, "form": form, "key": key or acts.new_key()}
    more = {**_where(request, process.kind), "most": several.MOST, "draft": _draft(process, verb)}
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/several_act.html", found | more, status=status)


def _draft(process: Process, verb: Verb) -> str:
    return f"{process.kind}/several/{verb.code}"


def _tell(request: HttpRequest, process: Process, verb: Verb, selection: Selection, outcome: Outcome) -> HttpResponse:
    """What became of each, in the order in which they were chosen, and the refused ones for another try."""
    numbers = [result.record.number for result in outcome.results]
    now = {record.number: record for record in several.rows(process, visitor(request)).filter(number__in=numbers)}
    told = [(now.get(result.record.number), result) for result in outcome.results]
    again = [
        several.Chosen(record, record.version) for record, result in told if record is not None and not result.done
    ]
    found: dict[str, Any] = {
        "process": process,
        "verb": verb,
        "told": told,
        "selection": selection,
        "done": sum(result.done for result in outcome.results),
        "refused": sum(not result.done for result in outcome.results),
        "again": again,
        "said": _said(request, again),
        "key": acts.new_key(),
        **_where(request, process.kind),
        "draft": _draft(process, verb),
    }
    return render(request, "desk/several_told.html", found)


def _said(request: HttpRequest, again: Sequence[Chosen]) -> list[tuple[str, str]]:
    """What was said, for saying it again to those that refused it."""
    if not again:
        return []
    return [(name, value) for name in request.POST if name not in _NOT_SAID for value in request.POST.getlist(name)]

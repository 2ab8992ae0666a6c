"""A record's page: where it stands, what may be done now and by whom, its clocks, its people and all that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock, markup
from core.prepared import fetch
from desk import addresses, buttons, discussions, portraits, reviews, sheets, states, timelines
from desk.standing import mark_seen, principals, shape
from desk.standing import waiting as standing_work
from desk.views.lists import process_or_404, whole
from desk.visitors import actor, visitor
from search.attachments import unreadable
from workflow import links, parties, registry
from workflow.approvals import discussion
from workflow.approvals.board import Board
from workflow.engine import offers
from workflow.explain import explain
from workflow.models import Attachment, Deadline, Entry, Involvement, Record
from workflow.models.links import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString

    from people.models import User
    from workflow.approvals.discussion import Remark
    from workflow.registry import Process

ENTRY = (
    *("seq", "at", "verb", "from_state", "to_state", "data", "public", "rules"),
    *("channel", "actor__display_name", "actor__username", "on_behalf_of__display_name", "on_behalf_of__username"),
)
"""What the timeline shows of an entry; people have many columns that it does not."""
EVERYBODY = ("customer__account_manager", "handler", "specialist")


BESIDE_WHAT_IT_IS_ABOUT = frozenset({links.UNLINK, discussion.SETTLED})
"""Acts whose buttons stand elsewhere on the page than with the others."""
OF_A_SEAT = frozenset({"send_back", "reject", "advise", "consult", "transfer", "add_signer", "remove_signer"})
"""Acts of whoever decides: why they are not open to somebody is said once, with the decision itself."""


@dataclass(frozen=True)
class Clock:
    """A deadline as the page shows it: running, kept, or missed (and perhaps excused, which is rare)."""

    deadline: Deadline
    label: str
    running: bool
    missed: bool


@dataclass(frozen=True)
class Box:
    """A process's own panel."""

    title: str | Promise
    place: str
    body: SafeString


def record_or_404(user: User, kind: str, number: str) -> Any:
    """A record that the visitor may see, as its process's model. Raises Http404 for any other."""
    process = process_or_404(kind)
    related = {*EVERYBODY, *(name for panel in registry.panels(process) for name in panel.related)}
    rows: Any = process.model._default_manager

    def seen(asked: str) -> Any:
        return rows.for_actor(user, kind).select_related(*sorted(related)).filter(number=asked)

    found = fetch(("record", kind, *related, *shape(user)), seen, number)
    if not found:
        raise Http404
    return found[0]


@require_GET
def record(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The page of one record."""
    user = visitor(request)
    found = record_or_404(user, kind, number)
    mark_seen(user, found)
    page = _page(found, user, timelines.SHOWN, _paper(found))
    return render(
        request, "desk/record.html", page | _acts(request, found, page["review"]) | {"back": addresses.of(found)}
    )


@require_GET
def printed(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The whole record for paper: every entry, nothing to click."""
    user = visitor(request)
    found = record_or_404(user, kind, number)
    with markup.on_paper():
        page = _page(found, user, found.timeline_length)
        if page["review"]:
            page["ways"] = _gone_by(found)
        return render(request, "desk/print.html", page | {"now": clock.now()})


@require_GET
def earlier(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The entries before a given one, for a long timeline opened further."""
    found = record_or_404(visitor(request), kind, number)
    before = whole(request.GET.get("before", ""))
    entries = list(_entries(found.pk).filter(seq__lt=min(before, found.timeline_length + 1))[: timelines.SHOWN * 3 + 1])
    return render(
        request, "desk/earlier.html", _timeline(found, entries, timelines.SHOWN * 3, _paper(found)) | {"record": found}
    )


@require_GET
def clocks(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The rounds of its deadlines that were kept, and that its page folds away."""
    found = record_or_404(visitor(request), kind, number)
    _now, before = _folded(_clocks(found))
    return part(request, _("Deadlines"), "desk/earlier_clocks.html", {"record": found, "clocks": before})


def part(request: HttpRequest, title: str, template: str, found: dict[str, Any]) -> HttpResponse:
    """A piece of a record's page, by itself or, with its title, on a page of its own."""
    if request.headers.get("HX-Request"):
        response = render(request, template, found)
    else:
        response = render(request, "desk/record_part.html", {**found, "part": template, "part_title": title})
    response.headers["Vary"] = "HX-Request"
    return response


def _paper(found: Record) -> str:
    """Where the record stands whole, with every text to its end."""
    return f"{addresses.of(found)}print/"


def _page(found: Any, user: User, shown: int, paper: str = "") -> dict[str, Any]:
    process = registry.of(found)
    read, people, clocks = _latest(found, shown + 1), _people(found), _clocks(found)
    entries = read[: shown + 1]
    now, before = _folded(clocks) if paper else (clocks, [])
    _read(people, user)
    parties.know_parts(found, people, [user, *principals(user)])
    boxes = [Box(panel.title, panel.place, panel.body(found, paper)) for panel in registry.panels(process)]
    return {
        "process": process,
        "record": found,
        "stops": states.line(found, _visited(found, entries)),
        "clocks": now,
        "earlier_clocks": len(before),
        "review": _review(found, user, clocks, discussion.read(reversed(read))),
        "boxes": [box for box in boxes if box.body],
        "parts": _parts(found, process),
        "involved": _involved(found, people),
        "watching": _reads_along(people, user),
        "related": _related(found, user, {getattr(panel, "lists", "") for panel in registry.panels(process)}),
    } | _timeline(found, entries, shown, paper)


def _review(found: Any, user: User, clocks: list[Clock], talk: list[Remark]) -> dict[str, Any]:
    """How it is decided on, and what is talked about beside it; nothing of records on which nobody decides."""
    if not reviews.is_reviewed(found):
        return {}
    board = Board.of(found)
    shown: dict[str, Any] = {"ahead": reviews.plans_ahead(found, board)}
    if board.round is not None:
        running = (each.deadline.due_at for each in clocks if each.running and each.deadline.timer == found.decision)
        remarks = discussions.shown(found, user, talk)
        shown["way"] = reviews.way_of(board.round, board.steps, next(running, None))
        shown["earlier"] = board.round.number - 1
        shown["remarks"] = remarks
        shown["open_remarks"] = [each for each in remarks if each.remark.settled is None]
        shown["settled_remarks"] = [each for each in remarks if each.remark.settled is not None]
    return shown


def _gone_by(found: Any) -> list[reviews.Way]:
    """The rounds before the last, for paper."""
    last = Board.of(found).round
    return reviews.earlier_ways(found, last.number) if last is not None else []


def _acts(request: HttpRequest, found: Record, review: Mapping[str, Any]) -> dict[str, Any]:
    made = [offer for offer in offers(found, actor(request)) if offer.verb.code not in BESIDE_WHAT_IT_IS_ABOUT]
    laid_out: list[sheets.Sheet] = []
    if reviews.is_reviewed(found):
        may = {offer.verb.code for offer in made if offer.allowed}
        laid_out = sheets.laid_out(found, actor(request), may, len(review.get("open_remarks", ())))
        on_sheets = {verb.code for sheet in laid_out for verb in sheet.verbs}
        made = [offer for offer in made if offer.verb.code not in on_sheets]
        made = [offer for offer in made if offer.allowed or offer.verb.code not in OF_A_SEAT]
    refused = [offer for offer in made if not offer.allowed]
    return {
        "sheets": laid_out,
        "follows": not laid_out and reviews.is_reviewed(found) and standing_work(visitor(request)).work > 0,
        "allowed": buttons.allowed(offer for offer in made if offer.allowed and offer.verb.tone != "quiet"),
        "beside": buttons.allowed(offer for offer in made if offer.allowed and offer.verb.tone == "quiet"),
        "refused": buttons.refused(refused),
        "refused_count": len(refused),
    }


def _latest(found: Record, shown: int) -> list[Entry]:
    """The last entries, as many as are shown; where people decide, with every remark before them."""
    if not reviews.is_reviewed(found):
        return fetch(("entries", shown), lambda pk: _entries(pk)[:shown], found.pk)

    def with_talk(pk: int, same: int) -> Any:
        last = Entry.objects.filter(record=pk).order_by("-seq").values("pk")[:shown]
        return _entries(same).filter(Q(pk__in=last) | Q(verb__in=discussion.TALK))

    return fetch(("entries and talk", shown), with_talk, found.pk, found.pk)


def _entries(pk: int) -> Any:
    return Entry.objects.filter(record=pk).select_related("actor", "on_behalf_of").only(*ENTRY).order_by("-seq")


def _visited(found: Any, entries: list[Entry]) -> set[str]:
    """The states that the record has been in. Of a timeline too long to be read whole, the way here counts as gone."""
    been = {state for entry in entries for state in (entry.from_state, entry.to_state)}
    if len(entries) < found.timeline_length and found.state in found.path:
        been.update(found.path[: found.path.index(found.state)])
    return been


def _timeline(found: Record, entries: list[Entry], shown: int, paper: str) -> dict[str, Any]:
    listed = entries[:shown]
    attachments = fetch("attachments", lambda pk: Attachment.objects.filter(record=pk), found.pk)
    return {
        "timeline": timelines.body(found.kind, listed, attachments, paper),
        "attachments": timelines.files(attachments, unreadable(attachments)),
        "attachment_count": len(attachments),
        "before": listed[-1].seq if len(entries) > shown else 0,
    }


def _clocks(found: Record) -> list[Clock]:
    flow: Any = type(found)
    now = clock.now()
    in_order = Deadline.objects.order_by("closed_at", "due_at", "id")
    deadlines = fetch("deadlines", lambda pk: in_order.filter(record=pk), found.pk)
    if any(deadline.excused_by_id for deadline in deadlines):
        prefetch_related_objects(deadlines, "excused_by")
    shown = []
    for deadline in deadlines:
        hidden = any(timer.code == deadline.timer and timer.then for timer in flow.timers)
        if hidden and deadline.closed_at is not None:
            continue  # what the system did by itself stands on the timeline
        label = timelines.timer_label(flow, deadline.timer)
        shown.append(Clock(deadline, label, deadline.closed_at is None, deadline.is_missed(now) and not hidden))
    # What runs comes first; what is over follows, the latest first.
    return [c for c in shown if c.running] + [c for c in reversed(shown) if not c.running]


def _folded(clocks: list[Clock]) -> tuple[list[Clock], list[Clock]]:
    """Those that matter now, and the rounds of the same deadline before them, if they were kept."""
    shown: list[Clock] = []
    folded: list[Clock] = []
    for each in clocks:
        again = any(one.deadline.timer == each.deadline.timer for one in shown)
        (folded if again and not each.running and not each.missed else shown).append(each)
    return shown, folded


def _people(found: Record) -> list[Involvement]:
    people = Involvement.objects.select_related("user").order_by("id")
    names = people.only("part", "since", "read_at", "stopped_at", "user__display_name", "user__username")
    return fetch("involved", lambda pk: names.filter(record=pk), found.pk)


def _reads_along(people: list[Involvement], user: User) -> bool:
    """Whether the visitor is told how the record goes on, having asked for it or been copied in."""
    mine = [row for row in people if row.user_id == user.pk and row.part in Involvement.READING_ALONG]
    return any(row.stopped_at is None for row in mine)


def _read(people: list[Involvement], user: User) -> None:
    """Whoever was copied in and opens the record has read it: the first time is kept."""
    for row in people:
        if row.user_id == user.pk and row.part == Involvement.Part.COPIED and row.read_at is None:
            row.read_at = clock.now()
            row.save(update_fields=["read_at"])


def _parts(found: Record, process: Process) -> list[tuple[str, User | None]]:
    """Who has a part in the record now, by the words of its process."""
    parts = {"handler": found.handler, "specialist": found.specialist}
    shown = [(portraits.label(found.kind, name), who) for name, who in parts.items() if process.called.get(name) != ""]
    if found.customer is not None:
        shown.append((_("Account manager"), found.customer.account_manager))
    return shown


def _involved(found: Record, rows: list[Involvement]) -> list[tuple[str, list[Involvement]]]:
    parts: dict[str, list[Involvement]] = {}
    for row in rows:
        present = {"handler": found.handler_id, "specialist": found.specialist_id}.get(row.part)
        if row.user_id != present and row.part != Involvement.Part.DECIDER:  # who decides stands with the steps
            parts.setdefault(row.part, []).append(row)
    words = {
        Involvement.Part.HANDLER: _("Handled before by"),
        Involvement.Part.SPECIALIST: _("Followed before by"),
        Involvement.Part.AUTHOR: _("Written by"),
        Involvement.Part.WATCHER: _("Watched by"),
        Involvement.Part.COPIED: _("Copied to"),
    }
    return [(str(words[Involvement.Part(part)]), people) for part, people in parts.items()]


def _related(found: Record, user: User, listed: set[str]) -> list[tuple[str, Record, bool]]:
    """What the reader may see of what belongs with the record: as what, which, and whether it can be unlinked.

    What stands below the record and is of a kind that another box lists is not shown twice.
    """
    # A record without a parent asks for the children of nobody, so that one query serves all.
    rows = fetch(("related", *shape(user)), lambda *keys: links.near(user, *keys), found.pk, found.parent_id or 0)
    twice = [row.pk for row in rows if row.parent_id == found.pk and row.kind in listed]
    related = [(links.relation_of(row), row) for row in rows if row.pk not in twice]
    return [(str(relation.label) if relation else "", row, relation in BY_HAND) for relation, row in related]


@require_GET
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why due then?: a deadline's due time as the steps that lead to it."""
    seen = Record.objects.for_actor(visitor(request))
    rows = Deadline.objects.filter(pk=pk, record__in=seen).select_related("policy__calendar", "record")
    deadline = rows.first()
    if deadline is None:
        raise Http404
    template = "desk/why.html" if request.headers.get("HX-Request") else "desk/why_page.html"
    said = explain(deadline)
    levels = [(level, [_party(code) for code in level.recipients]) for level in said.levels]
    return render(request, template, {"said": said, "levels": levels, "deadline": deadline, "record": deadline.record})


def _party(code: str) -> str:
    try:
        return parties.party(code).label
    except parties.UnknownPartyError:
        return code

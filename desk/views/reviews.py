"""What stands around a decision: the way that is ahead, rounds gone by, what one has begun to write, the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.text import clean_line, clean_text
from desk import addresses, contents, discussions, reviews, waiting
from desk.standing import principals
from desk.views.lists import whole
from desk.views.records import part, record_or_404
from desk.visitors import actor, visitor
from workflow.approvals import routes
from workflow.approvals.board import Board
from workflow.approvals.deciding import LONGEST_REMARK, VERDICTS, ground_of, seat_of
from workflow.engine import Authority
from workflow.models import Opinion, OpinionDraft, Record, Version, WorkItem
from workflow.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from people.actors import Actor
    from people.models import User
    from workflow.models import Ground, Seat

_LONGEST = 100_000
_MOST_VERSIONS = 200
EARLIER = "earlier"
"""What an address says for the last version of the record that one goes on from."""


def _reviewed_or_404(request: HttpRequest, kind: str, number: str) -> Any:
    record = record_or_404(visitor(request), kind, number)
    if not reviews.is_reviewed(record):
        raise Http404
    return record


@require_GET
def ahead(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Who will see it, in which order, and why; or why nobody would."""
    record = _reviewed_or_404(request, kind, number)
    found: dict[str, Any] = {"record": record}
    if reviews.plans_ahead(record, Board.of(record)):
        try:
            found["way"] = reviews.way_ahead(routes.plan(record))
        except Refused as refusal:
            found["reasons"] = refusal.reasons
    return part(request, _("Review and approval"), "desk/way_ahead.html", found)


@require_GET
def rounds(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The rounds before the last one, with all that was said."""
    record = _reviewed_or_404(request, kind, number)
    last = Board.of(record).round
    ways = reviews.earlier_ways(record, last.number) if last is not None else []
    return part(request, _("Review and approval"), "desk/rounds.html", {"record": record, "ways": ways})


@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Keep what somebody has begun to write on the own seat (暂存); nobody else reads it."""
    record = _reviewed_or_404(request, kind, number)
    if request.method == "GET":  # where a login leads back to, after a session that ran out
        return HttpResponseRedirect(addresses.of(record))
    consulted = request.POST.get("consulted") == "1"
    verb = record.verbs["advise" if consulted else "agree"]
    found: dict[str, Any] = {"record": record, "saved_at": clock.now()}
    try:
        acting = Authority(actor(request), clock.now()).over(verb, record)
    except Refused as refusal:
        return render(request, "desk/kept.html", {"reasons": refusal.reasons}, status=409)
    seat = seat_of(record, acting, consulted=consulted)
    if seat is not None:
        _keep(seat, acting, request.POST, ground_of(record, request.POST.get("ground", "")))
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{addresses.of(record)}#decide")
    return render(request, "desk/kept.html", found)


def _keep(seat: Seat, acting: Actor, said: Any, ground: Ground | None) -> None:
    verdicts = {code for code, _word in VERDICTS}
    answers = {}
    for at, item in enumerate(seat.step.checks):
        verdict, comment = said.get(f"verdict_{at}", ""), clean_line(said.get(f"comment_{at}", ""))[:LONGEST_REMARK]
        if verdict in verdicts or comment:
            answers[item["code"]] = {"verdict": verdict if verdict in verdicts else "", "comment": comment}
    text = clean_text(said.get("opinion", ""))[:_LONGEST]
    kept = {"ground": ground, "text": text, "answers": answers, "saved_at": clock.now()}
    OpinionDraft.objects.update_or_create(seat=seat, user=acting.user, defaults=kept)


# --- versions -----------------------------------------------------------------------------------------------------
@require_GET
def versions(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Every version with what was said of it, and what differs between any two, or from the record it goes on from."""
    record = _reviewed_or_404(request, kind, number)
    listed = list(
        Version.objects.filter(record=record.pk).defer("content").select_related("made_by").order_by("-number")
    )
    earlier = _earlier(record, visitor(request))
    before, after = _chosen(listed, earlier, request.GET)
    contents_of = Version.objects.in_bulk([each.pk for each in (before, after) if each is not None])
    found: dict[str, Any] = {"record": record, "versions": _with_opinions(listed[:_MOST_VERSIONS]), "earlier": earlier}
    if before is not None and after is not None:
        one, other = contents_of[before.pk], contents_of[after.pk]
        parts = contents.compared(type(record), one.content, other.content)
        found |= {"before": one, "after": other, "parts": parts}
    return render(request, "desk/versions.html", found)


def _earlier(record: Any, user: User) -> Version | None:
    """The last version of the record that this one goes on from, for who may see that."""
    if record.goes_on_from is None:
        return None
    seen = Record.objects.for_actor(user).filter(pk=record.goes_on_from.pk)
    rows = Version.objects.filter(record__in=seen).defer("content").select_related("record", "made_by")
    return rows.order_by("-number").first()


def _chosen(listed: list[Version], earlier: Version | None, asked: Any) -> tuple[Version | None, Version | None]:
    """The two that are compared: those that were asked for, else the last two, else the only one and what it is of."""
    by_number = {version.number: version for version in listed}
    after = by_number.get(whole(asked.get("to", "")), listed[0] if listed else None)
    if after is None or (len(listed) == 1 and earlier is None):
        return None, None
    if earlier is not None and (len(listed) == 1 or asked.get("from") == EARLIER):
        return earlier, after
    before = by_number.get(whole(asked.get("from", "")))
    return before or next((each for each in listed if each.number < after.number), listed[-1]), after


def _with_opinions(listed: list[Version]) -> list[tuple[Version, list[Opinion]]]:
    rows = Opinion.objects.filter(version__in=listed).select_related("seat__step", "ground", "by", "on_behalf_of")
    by_version: dict[int, list[Opinion]] = {}
    for row in rows.order_by("pk") if listed else ():
        by_version.setdefault(row.version_id, []).append(row)
    return [(version, by_version.get(version.pk, [])) for version in listed]


@require_GET
def version(request: HttpRequest, kind: str, number: str, which: int) -> HttpResponse:
    """One version as it was read, with what is remarked on it beside the text."""
    record = _reviewed_or_404(request, kind, number)
    found = Version.objects.filter(record=record.pk, number=which).select_related("made_by").first()
    if found is None:
        raise Http404
    board = Board.of(record)
    newest = board.round is not None and board.round.version_id == found.pk
    beside = discussions.beside(record, visitor(request), found)
    talks = (
        newest and record.verbs["remark"].fits(record) and record.verbs["remark"].by.includes(visitor(request), record)
    )
    parts = contents.parts(type(record), found.content)
    page = {"record": record, "version": found, "parts": parts, "beside": beside, "newest": newest, "talks": talks}
    return render(request, "desk/version.html", page)


# --- what comes next ------------------------------------------------------------------------------------------------
@require_GET
def following(request: HttpRequest) -> HttpResponse:
    """The most pressing thing that waits for the visitor; another than the record one comes from, if there is one."""
    user = visitor(request)
    items = list(WorkItem.objects.select_related("record").soonest(user, principals(user), 2))
    come_from = request.GET.get("from", "")
    others = [item for item in items if item.record.number != come_from] or items
    if not others:
        return HttpResponseRedirect(reverse("desk:home"))
    return HttpResponseRedirect(waiting.where(others[0].record, others[0].verb))

"""The reading pages, for colleagues and for customers: finding, reading, voting, and what helped with a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core import richtext
from core.downloads import caged
from core.faces import Match, Page, Shown
from core.text import clean_line
from knowledge import services
from knowledge.models import Article, Topic, Use, Vote
from people.actors import Actor
from workflow.models import Attachment, Record
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import FileResponse, HttpRequest

    from people.models import User

PAGE = 20
_LONGEST = 100
_LONGEST_PAGE = 6


@dataclass(frozen=True)
class Place:
    """One of the two faces in which articles are read."""

    space: str
    base: str

    def url(self, name: str, *args: Any) -> str:
        """An address in this face."""
        return reverse(f"{self.space}:{name}", args=args)


DESK = Place("desk", "base.html")
PORTAL = Place("portal", "portal/base.html")


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value] # every page asks for a login


@require_GET
def shelf(request: HttpRequest, place: Place) -> Shown:
    """What can be read, the newest first; of what is looked for, those that are called so before the others."""
    asked = clean_line(request.GET.get("q", ""))[:_LONGEST]
    rows = Article.objects.readable(_user(request))
    topic = _topic(request)
    if topic is not None:
        rows = rows.filter(current__topic__in=[topic.pk, *topic.parts.values_list("pk", flat=True)])
    order = ["-current__published_at", "-pk"]
    if asked:
        rows = rows.filter(services.found(asked)).annotate(called=Q(current__title__icontains=asked))
        order.insert(0, "-called")
    number = request.GET.get("page", "1")
    paged = Paginator(rows.judged().select_related("current__topic").order_by(*order), PAGE)
    page: Any = paged.get_page(number if number.isascii() and number.isdigit() and len(number) < _LONGEST_PAGE else 1)
    found = {
        "articles": [(article, _address(place, article)) for article in page],
        "page": page,
        "asked": asked,
        "topic": topic,
        "topics": Topic.objects.filter(within__isnull=True, active=True),
        "here": place.url("knowledge"),
    }
    return Shown("knowledge/shelf.html", {"base": place.base, **found})


def _topic(request: HttpRequest) -> Topic | None:
    code = request.GET.get("topic", "")
    return Topic.objects.filter(code=code).first() if code.replace("_", "").isalnum() else None


def _address(place: Place, article: Article) -> str:
    return place.url("knowledge-article", article.number)


def _readable(request: HttpRequest, number: str) -> Article:
    rows = Article.objects.readable(_user(request)).judged().select_related("current__topic", "current__author")
    found: Any = get_object_or_404(rows, number=number)
    return cast("Article", found)


@require_GET
def article(request: HttpRequest, number: str, place: Place) -> Shown:
    """One article, as it was published last."""
    found = _readable(request, number)
    user = _user(request)
    edition: Any = found.current
    given = Vote.objects.filter(article=found, user=user).values_list("useful", flat=True).first()
    text = services.as_read(
        found, edition.body, partial(place.url, "knowledge-file", found.number), at=edition.published_at
    )
    shown: dict[str, Any] = {
        "article": found,
        "edition": edition,
        "text": text,
        "given": given,
        "here": _address(place, found),
        "shelf": place.url("knowledge"),
        "vote_url": place.url("knowledge-vote", found.number),
    }
    if not user.is_customer:
        worked_on = _worked_on(user, request.GET.get("with", ""))
        shown |= {"worked_on": worked_on, "use_url": place.url("knowledge-use", found.number)}
        shown["known"] = worked_on is not None and Use.objects.filter(article=found, record=worked_on).exists()
        shown["record_url"] = place.url("record", "article", found.number) if _seen(user, found) else ""
    return Shown("knowledge/article.html", {"base": place.base, **shown})


def _seen(user: User, found: Article) -> bool:
    return Record.objects.for_actor(user).filter(pk=found.pk).exists()


def _worked_on(user: User, number: str) -> Record | None:
    return Record.objects.for_actor(user).filter(number=number[:_LONGEST]).first() if number else None


@require_POST
def vote(request: HttpRequest, number: str, place: Place) -> HttpResponseRedirect:
    """Say whether it has helped."""
    found = _readable(request, number)
    answer = request.POST.get("useful")
    if answer in {"yes", "no"}:
        services.vote(found, _user(request), useful=answer == "yes")
        messages.success(request, _("Thank you for your answer."))
    return HttpResponseRedirect(_address(place, found))


@require_POST
def use(request: HttpRequest, number: str) -> HttpResponseRedirect:
    """Write down that it was used in the work on a record."""
    found = _readable(request, number)
    record = _worked_on(_user(request), request.POST.get("record", ""))
    if record is None:
        raise Http404
    try:
        new = services.use(found, record, Actor(_user(request), channel="web"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("It is written down in %(number)s.") if new else _("That is written down in %(number)s already.")
        messages.success(request, told % {"number": record.number})
    return HttpResponseRedirect(f"{_address(DESK, found)}?with={record.number}")


@require_GET
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """A picture of an article; what its text does not call is not there."""
    found = _readable(request, number)
    edition: Any = found.current
    called = services.pictures(found, edition.body, at=edition.published_at)
    attachment: Attachment | None = next((each for each in called.values() if each.pk == pk), None)
    if attachment is None:
        raise Http404
    return caged(attachment)


@require_POST
def preview(request: HttpRequest) -> Shown:
    """What becomes of a text that is being written; nothing is kept."""
    text = (request.POST.get("body") or request.POST.get("text") or "")[: richtext.LONGEST]
    record = _worked_on(_user(request), request.GET.get("of", ""))
    html = services.as_read(record, text) if record is not None else richtext.html(text)
    return Shown("knowledge/preview.html", {"text": html})


@require_GET
def beside(request: HttpRequest, number: str) -> Shown:
    """What is known about a record's question, what was used in it, and the way to make an article of it."""
    user = _user(request)
    record = _worked_on(user, number)
    origin = services.origin(record) if record is not None else None
    if record is None or origin is None:
        raise Http404
    used: Any = Article.objects.filter(uses__record=record.pk).order_by("-pk")
    made: Any = Article.objects.filter(parent=record.pk).order_by("-pk")
    known = {article.pk for article in used}
    matching = [article for article in services.matching(origin.text, user) if article.pk not in known]
    shown = {
        "record": record,
        "used": [(article, _with(article, record)) for article in used],
        "matching": [(article, _with(article, record)) for article in matching],
        "made": made,
        "offer": origin.draft is not None and not made,
    }
    part = bool(request.headers.get("HX-Request"))
    return Shown("knowledge/beside.html" if part else "knowledge/beside_page.html", shown)


def _with(article: Article, record: Record) -> str:
    return f"{_address(DESK, article)}?with={record.number}"


def matching(text: str, user: User) -> Sequence[Match]:
    """Articles that have to do with what is being written, as the intake shows them."""
    found: Sequence[Any] = services.matching(text, user)
    return [Match(article.current.title, _address(DESK, article), article.number) for article in found]


_WORDS = gettext_lazy("Knowledge base")
PAGES = (
    Page("knowledge/", "knowledge", partial(shelf, place=DESK), _WORDS, "file-search"),
    Page("knowledge/preview/", "knowledge-preview", preview),
    Page("knowledge/beside/<slug:number>/", "knowledge-beside", beside),
    Page("knowledge/<slug:number>/", "knowledge-article", partial(article, place=DESK)),
    Page("knowledge/<slug:number>/vote/", "knowledge-vote", partial(vote, place=DESK)),
    Page("knowledge/<slug:number>/use/", "knowledge-use", use),
    Page("knowledge/<slug:number>/files/<int:pk>/", "knowledge-file", file),
)
PORTAL_PAGES = (
    Page("knowledge/", "knowledge", partial(shelf, place=PORTAL), _WORDS, "file-search"),
    Page("knowledge/<slug:number>/", "knowledge-article", partial(article, place=PORTAL)),
    Page("knowledge/<slug:number>/vote/", "knowledge-vote", partial(vote, place=PORTAL)),
    Page("knowledge/<slug:number>/files/<int:pk>/", "knowledge-file", file),
)

__all__ = ("PAGES", "PORTAL_PAGES", "matching")

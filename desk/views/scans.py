"""Signed paper that comes back: uploaded, watched while it is read, and the pages that wait for somebody to look."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.downloads import CAGE
from desk import acts
from desk.papers import Came
from desk.visitors import visitor
from scans import door, paper
from scans.door import NotTakenError
from scans.flow import State
from scans.forms import TURNS
from scans.models import Page, Part, Scan, Upload

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_SHOWN = 25
MOST_FILES = 50


@never_cache
@require_http_methods(["GET", "POST"])
def scans(request: HttpRequest) -> HttpResponse:
    """Where scans are brought: the visitor's own files, and what waits for the specialists."""
    if not door.may_upload(visitor(request)):
        raise PermissionDenied(_("Scans are brought by whoever has to do with documents."))
    if request.method == "POST":
        return _take(request)
    came = _came(request)
    found = {"came": came, "moving": any(each.upload.is_unfinished for each in came), "most": door.MOST_BYTES >> 20}
    part = "HX-Request" in request.headers
    return render(request, "desk/scans_came.html" if part else "desk/scans.html", found | _waiting(request))


def _came(request: HttpRequest) -> list[Came]:
    parts = Part.objects.select_related("document", "scan").prefetch_related("pages")
    rows = Upload.objects.own(visitor(request)).prefetch_related(Prefetch("parts", parts))
    return [Came(upload) for upload in rows[:MOST_SHOWN]]


def _waiting(request: HttpRequest) -> dict[str, object]:
    seen: Any = Scan.objects.for_actor(visitor(request)).filter(state=State.WAITING).order_by("-pk")
    rows = seen.select_related("about", "part__upload__uploaded_by").prefetch_related("part__pages")
    return {"waiting": rows[:MOST_SHOWN], "more": seen.count() - MOST_SHOWN}


def _take(request: HttpRequest) -> HttpResponse:
    """Take one file or several. A script is told in JSON what became of each."""
    files = request.FILES.getlist("files")[:MOST_FILES]
    told = [_taken(request, file) for file in files]
    if request.headers.get("Accept", "").startswith("application/json"):
        refused = [each for each in told if not each["taken"]]
        return JsonResponse({"files": told}, status=422 if refused or not told else 200)
    for each in told:
        (messages.success if each["taken"] else messages.error)(request, each["words"])
    if not told:
        messages.error(request, _("Choose at least one file."))
    return redirect("desk:scans")


def _taken(request: HttpRequest, file: Any) -> dict[str, Any]:
    try:
        upload, new = door.take(visitor(request), file)
    except NotTakenError as refusal:
        return {"taken": False, "words": str(refusal)}
    words = _("%(name)s is being read.") if new else _("%(name)s was uploaded before; it is not read twice.")
    return {"taken": True, "words": words % {"name": upload.name}}


@never_cache
@require_GET
def pages(request: HttpRequest, number: str) -> HttpResponse:
    """The pages of a waiting scan, for its own page: to look at, and to turn. Raises Http404."""
    scan: Any = get_object_or_404(Scan.objects.for_actor(visitor(request)), number=number)
    rows = Page.objects.filter(part__scan=scan).select_related("upload")
    found = {"scan": scan, "pages": rows, "turns": TURNS, "key": acts.new_key(), "open": scan.state == State.WAITING}
    template = "desk/scan_pages.html" if "HX-Request" in request.headers else "desk/scan_pages_page.html"
    return render(request, template, found)


@cache_control(private=True, max_age=3600)
@require_GET
def page(request: HttpRequest, pk: int) -> FileResponse:
    """One page as an image: of a scan that the visitor may see, or of the visitor's own file. Raises Http404."""
    user = visitor(request)
    seen = Q(upload__uploaded_by=user) | Q(part__scan__in=Scan.objects.for_actor(user))
    found = get_object_or_404(Page.objects.filter(seen), pk=pk)
    path = door.SHELF.at(found.upload_id) / (found.thumbnail if "small" in request.GET else found.image)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(BytesIO(paper.turned(content, found.turned)), content_type="image/jpeg")
    answer.headers["Content-Security-Policy"] = CAGE
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer

"""What the visitor is told: the list, reading, and the way from a notice to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from desk import addresses
from desk.views.lists import whole
from desk.visitors import visitor
from notifications import inbox, topics
from notifications.models import Notice
from notifications.rendering import of_record

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 25


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The visitor's notices, newest first."""
    only_unread = request.GET.get("show") == "unread"
    before = whole(request.GET.get("before", "")) or None
    items = inbox.inbox(visitor(request), limit=PAGE + 1, before=before, unread=only_unread)
    found = {
        "items": items[:PAGE],
        "older": items[PAGE - 1].id if len(items) > PAGE else None,
        "only_unread": only_unread,
        "later_page": before is not None,
    }
    return render(request, "desk/notices.html", found)


@require_http_methods(["GET", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """Mark all that the visitor was told as read."""
    if request.method == "GET":  # where a login leads back to, after a session that ran out
        return redirect("desk:notices")
    count = inbox.mark_read(visitor(request))
    messages.success(
        request, ngettext("%(n)s notice marked as read.", "%(n)s notices marked as read.", count) % {"n": count}
    )
    return redirect("desk:notices")


@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the record, or the page, of one of the visitor's own notices. Raises Http404 for anybody else's."""
    notice = get_object_or_404(Notice.objects.of(visitor(request)).select_related("record", "tiding"), pk=pk)
    inbox.mark_read(visitor(request), [pk])
    if notice.tiding is not None:
        return HttpResponseRedirect(topics.words_of(notice.tiding).path)
    return HttpResponseRedirect(addresses.of(of_record(notice)[0]))

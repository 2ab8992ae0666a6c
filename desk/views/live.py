"""What has happened since: asked by an open page every few seconds, so it costs three queries and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock
from desk import timelines
from desk.standing import told
from desk.views.lists import whole
from desk.visitors import visitor
from notifications import inbox
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from django.http import HttpRequest

    from people.models import User


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Counts, new notices, the server's time, and the version of the record that is on the screen."""
    user = visitor(request)
    found = told(user)
    since = whole(request.GET.get("since", "")) or found.newest
    notices = inbox.inbox(user, limit=5, after=since) if found.newest > since else []
    said: dict[str, Any] = {
        "now": int(clock.now().timestamp()),
        "unread": found.unread,
        "notices": [
            {"id": item.id, "title": item.message.title, "url": reverse("desk:notice", args=[item.id])}
            for item in reversed(notices)
        ],
        "record": _record(user, request.GET.get("record", "")),
    }
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


def _record(user: User, number: str) -> dict[str, Any] | None:
    """The version of a record that the visitor may see, and who changed it last."""
    if not number or len(number) > 24:  # noqa: PLR2004 - a number's width
        return None
    entries = Entry.objects.filter(record__in=Record.objects.for_actor(user).filter(number=number))
    last = (
        entries.exclude(verb__startswith="deadline.")
        .select_related("record", "actor", "on_behalf_of")
        .order_by("-seq")
        .first()
    )
    if last is None:
        return None
    said = {"who": timelines.who(last), "what": timelines.title(last.record.kind, last)}
    return {"version": last.record.version, "message": _("%(who)s changed this record: %(what)s.") % said}

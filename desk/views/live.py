"""What has happened since: asked by an open page every few seconds, so it costs three queries and no more.

Whoever has a record open is remembered for half a minute (desk.presence), which is no query; a page that waits for an
export asks one more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock
from desk import presence, timelines
from desk.exported import finished
from desk.presence import Window
from desk.standing import told
from desk.views.lists import whole
from desk.visitors import visitor
from exports.telling import TOPIC as EXPORT_ENDED
from notifications import inbox
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from django.http import HttpRequest

    from people.models import User

MOST_WAITED_FOR = 5


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
            {
                "id": item.id,
                "title": item.message.title,
                "url": reverse("desk:notice", args=[item.id]),
                # The window that waits for the file says so itself, with the way to it.
                "quiet": item.message.thread == EXPORT_ENDED and "export" in request.GET,
            }
            for item in reversed(notices)
        ],
        "record": _record(user, request.GET.get("record", ""), Window.of(request.GET)),
    }
    if waited_for := [whole(pk) for pk in request.GET.getlist("export")[:MOST_WAITED_FOR]]:
        said["exports"] = finished(user, waited_for)
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


def _record(user: User, number: str, window: Window) -> dict[str, Any] | None:
    """The version of a record that the visitor may see, who changed it last, and who else has it open."""
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
    return {
        "version": last.record.version,
        "message": _("%(who)s changed this record: %(what)s.") % said,
        "here": presence.told(last.record, presence.look(last.record, user, window)),
    }

"""Forms that wait for the visitor's organisation: filled in here as behind a personal link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from documents.models import Document
from documents.states import State
from invitations import filled
from invitations.answering import Visit
from invitations.models import Invitation
from portal.guests import actor, guest, page, visitor

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse


def _waiting(request: HttpRequest) -> Any:
    """Documents of the visitor's own organisation that were sent out and have not come back, with their links."""
    contact = guest(visitor(request))
    sent = Invitation.objects.standing().filter(document__state=State.DRAFT)
    mine = sent.filter(document__customer=contact.organisation_id) if contact else sent.none()
    return mine.select_related("document__form_version", "document__letterhead", "document__customer", "made_by")


@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """What is to be filled in, by when."""
    latest: dict[int, Invitation] = {}
    for row in _waiting(request).order_by("expires_at"):
        latest.setdefault(row.document_id, row)
    return page(request, "portal/forms.html", {"rows": list(latest.values())})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, number: str) -> HttpResponse:
    """One of them: to be filled in, saved as it goes, and sent."""
    row = _waiting(request).filter(document__number=number).first()
    contact = guest(visitor(request))
    if row is None or contact is None:
        return _not_waiting(request, number)
    document = row.document
    visit = Visit(document, contact, actor(request), address=request.META.get("REMOTE_ADDR"))
    if request.method == "GET":
        return _page(request, filled.shown(visit), row)
    try:
        made = filled.sent(request, visit)
    except filled.OverError:
        return _not_waiting(request, number)
    if request.POST.get("do") == filled.AUTOSAVE:
        return filled.told(made)
    if made.sent:
        messages.success(request, _("Thank you. It was sent, and the service department goes on with it."))
        return redirect("portal:forms")
    return _page(request, made, row)


def _not_waiting(request: HttpRequest, number: str) -> HttpResponse:
    """Sent already, for whoever comes back to it; whatever else is not there."""
    contact = guest(visitor(request))
    own = Document.objects.filter(number=number, customer=contact.organisation_id if contact else None)
    if not own.filter(invitations__answered_at__isnull=False).exists():
        raise Http404
    messages.info(request, _("This form has been sent already."))
    return redirect("portal:forms")


def _page(request: HttpRequest, made: filled.Round, row: Invitation) -> HttpResponse:
    shown = {
        "round": made,
        "newer": filled.newer_words(made) if made.newer else "",
        "document": row.document,
        "form": row.document.definition,
        "invitation": row,
    }
    return page(request, "portal/form_page.html", shown, made.status)

"""What a document's page says of its links: to whom, until when, and what was done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.faces import Panel
from invitations.models import Invitation, Opening

if TYPE_CHECKING:
    from collections.abc import Iterator


def links(document: Any) -> Iterator[tuple[str, str]]:
    """Each contact with what has become of the link."""
    opened = Max("openings__at", filter=Q(openings__what=Opening.What.OPENED))
    saved = Max("openings__at", filter=Q(openings__what=Opening.What.SAVED))
    rows = Invitation.objects.filter(document=document.pk).select_related("contact")
    for row in rows.annotate(opened_at=opened, saved_at=saved):
        yield row.contact.name, "\n".join(_standing(row))


def _standing(row: Any) -> Iterator[str]:
    if row.answered_at:
        yield _("Sent in %(at)s") % {"at": _at(row.answered_at)}
    elif row.revoked_at:
        yield _("Link revoked %(at)s") % {"at": _at(row.revoked_at)}
    elif row.expires_at <= clock.now():
        yield _("Link expired %(at)s; send it again for a new one") % {"at": _at(row.expires_at)}
    else:
        yield _("Link open until %(at)s") % {"at": _at(row.expires_at)}
    yield _("by mail to %(address)s") % {"address": row.email} if row.email else _("handed over by hand")
    if row.opened_at:
        yield _("last opened %(at)s") % {"at": _at(row.opened_at)}
    if row.saved_at:
        yield _("last saved %(at)s") % {"at": _at(row.saved_at)}
    if row.reminded:
        yield _("%(count)s reminders, the last %(at)s") % {"count": row.reminded, "at": _at(row.reminded_at)}


def _at(moment: Any) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


LINKS = Panel(gettext_lazy("With the customer"), links, place="side")

"""Making links, sending them by mail and reminding of them: what follows when a document is sent out.

Everything here runs in the transaction of the act on the document (`workflow.facts.whenever`), so that each act makes
one link and asks for one mail, whatever is killed in between. The mail itself goes by the way of all mails to
customers (`notifications.delivery`); its link is put in when it is written, and stands in no row.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from documents.models import Document
from documents.sent import CustomerReminded, DocumentSentOut, LinksRevoked
from invitations.models import Invitation
from notifications import customers, delivery
from notifications.hooks import DEMO
from notifications.kinds import Way
from notifications.models import MessageTemplate, Sending
from workflow import facts
from workflow.models import Entry
from workflow.refusals import Missing, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.models import Record

SENT, REMINDED = "form_sent", "form_reminded"
QUOTED = ("form", "link", "until", "asked_by", "phone")


@facts.whenever(DocumentSentOut)
def invite(fact: DocumentSentOut) -> None:
    """Make the link; an earlier one of the same contact opens nothing any more."""
    entry = Entry.objects.select_related("actor").get(pk=fact.entry_id)
    document = Document.objects.get(pk=fact.record_id)
    Invitation.objects.standing().filter(document=document, contact=fact.contact_id).update(revoked_at=entry.at)
    made = Invitation(document=document, contact_id=fact.contact_id, made_at=entry.at, made_by=entry.actor)
    made.expires_at = datetime.fromisoformat(fact.until)
    made.email = made.contact.email if fact.by_email else ""
    made.save()
    if made.email:
        _write(SENT, entry, [made])


@facts.whenever(CustomerReminded)
def remind(fact: CustomerReminded) -> None:
    """Write again to whoever got the link by mail and can still use it. Raises Missing where nobody was sent one."""
    entry = Entry.objects.get(pk=fact.entry_id)
    if not Invitation.objects.standing().filter(document=fact.record_id).exists():
        raise Missing(Reason(_("Nobody has a link to it. Send it to the customer first.")))
    due = Invitation.objects.open(entry.at).filter(document=fact.record_id).exclude(email="")
    reached = list(due.select_for_update())
    Invitation.objects.filter(pk__in=[row.pk for row in reached]).update(
        reminded=F("reminded") + 1, reminded_at=entry.at
    )
    _write(REMINDED, entry, reached)


@facts.whenever(LinksRevoked)
def revoke(fact: LinksRevoked) -> None:
    """Let no link to the document open anything."""
    Invitation.objects.standing().filter(document=fact.record_id).update(revoked_at=clock.now())


def _write(code: str, entry: Entry, invitations: Sequence[Invitation]) -> None:
    """Have a mail written to each; of demonstration data nothing leaves the house."""
    template = MessageTemplate.objects.filter(code=code, active=True).first()
    if template is None or entry.channel == DEMO:
        return
    sendings = [
        Sending(
            key=f"invitation:{row.pk}:{entry.pk}",
            way=Way.EMAIL,
            entry=entry,
            template=template,
            address=row.email,
            created_at=entry.at,
        )
        for row in invitations
    ]
    Sending.objects.bulk_create(sendings)
    delivery.ask([[sending] for sending in sendings])


def words(entry: Entry, record: Record, address: str) -> dict[str, str]:
    """What a mail about a link says beside the usual: read when it is written, so that the link is in no row."""
    invitations = Invitation.objects.filter(document=record.pk, email=address, made_at__lte=entry.at)
    made = invitations.select_related("contact", "document__letterhead", "made_by").first()
    if made is None:
        return {}
    title = made.document.definition.title
    chinese = (get_language() or "zh").startswith("zh")
    return {
        "form": title.zh if chinese else title.en,
        "link": made.link,
        "until": f"{clock.local(made.expires_at):%Y-%m-%d}",
        "asked_by": str(made.made_by or ""),
        "phone": made.document.letterhead.phone,
        "person": made.contact.name,
    }


for _code in (SENT, REMINDED):
    customers.supply(_code, QUOTED, words)

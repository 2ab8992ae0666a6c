"""The part of a document's life in which it waits for its customer: sent out, reminded of, taken back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core import clock
from documents.sent import CustomerReminded, DocumentSentOut, LinksRevoked
from workflow.common import Common
from workflow.flow import Need, Timer, Wait, verb
from workflow.parties import DEPARTMENT, HANDLER, SPECIALIST, SYSTEM

if TYPE_CHECKING:
    from datetime import date

    from customers.models import Contact
    from workflow.flow import Act

DRAFT = "draft"
REMINDING = Timer(
    "document.reminder",
    _("Reminder to the customer"),
    opens=("send_out", "remind"),
    closes=("remind", "send_in", "submit", "revoke_links"),
    within=(DRAFT,),
    then="remind",
    work=Wait("remind", HANDLER | SPECIALIST, due="document.reminder"),
)
"""How often is data; a reminder ends one round and begins the next, until the form is back or its links are revoked."""


def end_of(day: date) -> datetime:
    """The last second of a day on the department's wall clock."""
    return datetime.combine(day, time(), clock.local(clock.now()).tzinfo) + timedelta(days=1, seconds=-1)


def _goes_to_customers(document: Any) -> bool:
    return not document.definition.internal


class Outgoing(Common):
    """Acts by which a customer comes to fill in the customer's part."""

    @verb(
        DRAFT,
        None,
        by=DEPARTMENT,
        label=_("Send to the customer"),
        icon="send",
        needs=(Need(_goes_to_customers, _("This form is the house's own and goes to no customer.")),),
    )
    def send_out(self, act: Act, contact: Contact, until: date, by_email: Any = False) -> None:  # noqa: FBT002 - a form's field
        """Give a contact a personal link to the customer's part of the form."""
        act.announce(DocumentSentOut, contact_id=contact.pk, by_email=bool(by_email), until=end_of(until).isoformat())

    @verb(DRAFT, None, by=DEPARTMENT | SYSTEM, label=_("Remind the customer"), icon="bell")
    def remind(self, act: Act) -> None:
        """Write again to those who were sent a link and have not answered; the next reminder comes as long after."""
        act.announce(CustomerReminded)

    @verb(DRAFT, None, by=DEPARTMENT, label=_("Revoke the links"), icon="unlink")
    def revoke_links(self, act: Act, reason: str = "") -> None:
        """Let no link to this document open anything any more; what was filled in so far is kept."""
        act.announce(LinksRevoked, reason=reason)

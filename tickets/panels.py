"""What a ticket's page shows of its own: the issue, how it was solved, and when the customer was spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import markup
from core.faces import Panel
from core.prepared import fetch
from core.text import listed
from tickets.services import came_in
from tickets.tables import severity_tag
from vault.panels import ACCESS_PANEL
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.safestring import SafeString

CONTACTS = ("log_contact", "respond", "ask_for_details", "tell_by_phone", "tell_by_email")
SHOWN_CONTACTS = 10
SHOWN_TEXT = 300


def _issue(ticket: Any) -> Iterator[tuple[Any, Any]]:
    if ticket.merged_into_id is not None:
        yield _("Goes on in"), _number(ticket.merged_into)
    yield _("Description"), ticket.body
    yield _("Issue type"), f"{ticket.issue_type} / {ticket.subtype}" if ticket.subtype else ticket.issue_type
    yield _("Severity"), format_html("{} {}", severity_tag(ticket), ticket.severity.criterion)
    yield _("Platform"), ticket.site
    yield _("Channel"), ticket.channel
    yield _("Accepted"), markup.moment(ticket.accepted_at)


def _number(ticket: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("desk:record", args=[ticket.kind, ticket.number]), ticket.number)


def _came_in(ticket: Any) -> Iterator[tuple[Any, Any]]:
    """What duplicates have brought, each with who reported it."""
    for duplicate in came_in(ticket):
        who = " ".join(filter(None, (duplicate.contact.name, duplicate.phone)))
        lines = (format_html("<bdi>{}</bdi>", text) for text in (duplicate.title, who) if text)
        prose = format_html('<span class="prose">{}</span>', markup.prose(duplicate.body))
        yield _number(duplicate), format_html("{}<br>{}", format_html_join(" · ", "{}", ((x,) for x in lines)), prose)


def _reporter(ticket: Any) -> Iterator[tuple[Any, Any]]:
    yield _("Contact"), f"{ticket.contact.name} {ticket.contact.title}".strip()
    for label, number in ((_("Phone"), ticket.phone), (_("Fax"), ticket.fax)):
        if number:
            dialled = "".join(c for c in number.split("转")[0] if c.isdigit() or c == "+")
            yield label, format_html('<a href="tel:{}">{}</a>', dialled, number)
    if ticket.email:
        yield _("Email"), format_html('<a href="mailto:{}">{}</a>', ticket.email, ticket.email)


def _resolution(ticket: Any) -> Iterator[tuple[Any, Any]]:
    yield _("Way of resolution"), ticket.way
    if ticket.responded_at:
        yield _("Responded"), markup.moment(ticket.responded_at)
    if ticket.expected_at:
        yield _("Expected to be resolved"), markup.moment(ticket.expected_at)
    yield _("Planned measures"), ticket.measures
    yield _("Method"), ticket.method
    yield _("Course"), ticket.course
    yield _("Result"), ticket.result
    yield _("Leftover issues"), ticket.leftovers
    yield _("Cause"), ticket.cause
    if ticket.resolved_at:
        yield _("Resolved at"), markup.moment(ticket.resolved_at)
    if ticket.satisfaction:
        yield _("Satisfaction"), _("%(given)s of 5") % {"given": ticket.satisfaction}
    yield _("Customer's comment"), ticket.comment


def _emergency(ticket: Any) -> Iterator[tuple[Any, Any]]:
    """Why it was one, who was told, and what the customer says of it (OFH-01, OFH-08 to OFH-10)."""
    if not ticket.emergency:
        return
    met = [
        str(word)
        for holds, word in (
            (ticket.product_related, _("concerns the product")),
            (ticket.major_failure, _("major failure")),
            (ticket.teaching_disturbed, _("teaching seriously disturbed")),
        )
        if holds
    ]
    yield _("Criteria met"), listed(met)
    yield _("Told by phone"), markup.moment(ticket.phoned_at)
    yield _("Told by email"), markup.moment(ticket.mailed_at)
    if ticket.followed_up_at:
        yield _("Followed up"), markup.moment(ticket.followed_up_at)
        yield _("Response speed"), ticket.get_speed_display()
        yield _("Result as the customer sees it"), ticket.get_outcome_display()
        yield _("Satisfaction when asked"), _("%(given)s of 5") % {"given": ticket.asked_satisfaction}
    yield _("Opinions"), ticket.opinions
    yield _("Suggestions"), ticket.suggestions


def _contacts(ticket: Any) -> Iterator[tuple[Any, Any]]:
    """The last times at which the customer was spoken to, the latest first (TKT-20, TKT-21, TKT-23)."""
    talks = Entry.objects.filter(verb__in=CONTACTS).select_related("actor").order_by("-seq")
    for entry in fetch("contacts", lambda pk: talks.filter(record=pk)[:SHOWN_CONTACTS], ticket.pk):
        said = entry.data.get("said", {})
        lines = [said.get("summary") or said.get("way") or said.get("asked") or ""]
        who = [str(entry.actor or ""), said.get("person", "")]
        yield (
            markup.moment(entry.at),
            format_html(
                "{}<br>{}",
                format_html_join(" → ", "{}", ((name,) for name in who if name)),
                format_html_join("", '<span class="prose">{}</span>', ((_start(line),) for line in lines)),
            ),
        )


def _start(text: str) -> str:
    """What a narrow panel shows of a text; the whole of it stands on the timeline."""
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}…"


PANELS = (
    Panel(gettext_lazy("Issue"), _issue, related=("issue_type", "subtype", "severity", "site", "channel")),
    Panel(gettext_lazy("Came in by merging"), _came_in),
    Panel(gettext_lazy("Emergency"), _emergency),
    Panel(gettext_lazy("Resolution"), _resolution),
    Panel(gettext_lazy("Reported by"), _reporter, place="side", related=("contact",)),
    ACCESS_PANEL,
    Panel(gettext_lazy("Contacts with the customer"), _contacts, place="side"),
)

"""When a period is over, what customers have said of us is counted and given to a specialist to be summarised (TKT-26).

Gathered are the grades and comments with which tickets were confirmed, and the opinions and suggestions that colleagues
wrote down when they spoke to customers.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.text import clean_line
from knowledge.models import Rhythm, Summary, Voice
from knowledge.services import gathers, perform_by_system, topics_by_code
from tickets.models import Ticket
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.services import Span

MOST = 20_000
LISTED = 30
"""Complaints and suggestions that the first text quotes; all of them stand on the page beside it."""


@gathers(Rhythm.Purpose.OPINIONS)
def gather(span: Span) -> bool:
    """Make the summary of a period, unless nobody has said anything in it, or it is there already."""
    voices = list(_voices(span))
    if not voices or Summary.objects.filter(begins=span.begins).exists():
        return False
    title = _("Opinion summary %(period)s") % {"period": span.title}
    data = {"title": title, "begins": span.begins, "ends": span.ends, "text": first_text(voices)}
    summary = perform_by_system(Summary(), "gather", data)
    for voice in voices:
        voice.summary_id = summary.pk
    Voice.objects.bulk_create(voices, batch_size=500)
    return True


def _voices(span: Span) -> Iterator[Voice]:
    start, end = span.moments
    entries = Entry.objects.filter(verb__in=("confirm", "log_contact"), at__gte=start, at__lt=end)
    said = [
        entry for entry in entries.only("record_id", "at", "verb", "data").order_by("at", "pk")[:MOST] if _tells(entry)
    ]
    rows = Ticket.objects.filter(pk__in={entry.record_id for entry in said})
    tickets = {ticket.pk: ticket for ticket in rows.select_related("customer", "issue_type", "subtype", "site")}
    topics = topics_by_code()
    for entry in said:
        if entry.record_id in tickets:
            yield _voice(entry, tickets[entry.record_id], topics)


def _tells(entry: Entry) -> bool:
    said = entry.data.get("said", {})
    return bool(said.get("opinion") or said.get("satisfaction"))


def _voice(entry: Entry, ticket: Any, topics: dict[str, Any]) -> Voice:
    said = entry.data["said"]
    codes = [row.code for row in (ticket.subtype, ticket.issue_type) if row is not None]
    kind = said.get("opinion_kind") or Voice.Kind.GRADE
    return Voice(
        record_id=ticket.pk,
        customer=ticket.customer,
        kind=kind if kind in Voice.Kind.values else Voice.Kind.SUGGESTION,
        satisfaction=said.get("satisfaction"),
        topic=next((topics[code] for code in codes if code in topics), None),
        product=ticket.site.product if ticket.site else "",
        text=said.get("opinion") or said.get("comment") or "",
        at=entry.at,
    )


def first_text(voices: Sequence[Voice]) -> str:
    """The counts in words, and what was complained of and suggested: what a specialist begins with."""
    parts = [_head(_("In figures")), *_figures(voices)]
    for kind, head in ((Voice.Kind.COMPLAINT, _("Complaints")), (Voice.Kind.SUGGESTION, _("Suggestions"))):
        said = [voice for voice in voices if voice.kind == kind and voice.text]
        if said:
            lines = (f"- **{voice.customer}** {clean_line(voice.text)[:200]}" for voice in said[:LISTED])
            parts += [_head(head), "\n".join(lines)]
    parts += [_head(_("What follows from it")), "- "]
    return "\n\n".join(filter(None, parts))


def _head(words: str) -> str:
    return f"## {words}"


def _figures(voices: Sequence[Voice]) -> Iterator[str]:
    grades = [voice.satisfaction for voice in voices if voice.satisfaction]
    if grades:
        mean = f"{sum(grades) / len(grades):.1f}"
        yield _("Satisfaction: %(mean)s of 5 on average, from %(count)s answers.") % {
            "mean": mean,
            "count": len(grades),
        }
    said = [voice for voice in voices if voice.text]
    yield _table(_("Kind"), (str(voice.get_kind_display()) for voice in said))
    yield _table(_("Customer"), (str(voice.customer) for voice in said))
    yield _table(_("Topic"), (str(voice.topic) for voice in said if voice.topic))


def _table(head: str, words: Iterable[str]) -> str:
    lines = [f"| {word.replace('|', ' ')} | {number} |" for word, number in Counter(words).most_common(15)]
    number = _("Number of opinions")
    return "\n".join([f"| {head} | {number} |", "| --- | --- |", *lines]) if lines else ""

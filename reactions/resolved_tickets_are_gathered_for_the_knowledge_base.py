"""When a period is over, its resolved tickets that no article was made of are gathered for the specialists (TKT-25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from knowledge.models import Article, Digest, Material, Rhythm
from knowledge.services import clusters, gathers, perform_by_system, topics_by_code
from tickets.flow import State
from tickets.models import Ticket
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.services import Span

SOLVING = ("resolve", "answer_at_once")
MOST = 2000
"""Tickets of a period that are compared with one another, and kept as material."""


@gathers(Rhythm.Purpose.DIGEST)
def gather(span: Span) -> bool:
    """Make the digest of a period, unless nothing was resolved in it, or it is there already."""
    asked = list(_worth_an_article(span))
    if not asked or Digest.objects.filter(begins=span.begins).exists():
        return False
    topic_of = {key: topic for key, topic, _title in asked}
    title = _("Knowledge digest %(period)s") % {"period": span.title}
    digest = perform_by_system(Digest(), "gather", {"title": title, "begins": span.begins, "ends": span.ends})
    rows: list[Material] = []
    for number, keys in enumerate(clusters(asked), start=1):
        for key in keys:
            row = Material(digest_id=digest.pk, record_id=key, topic_id=topic_of[key], cluster=number)
            row.position = len(rows) + 1
            rows.append(row)
    Material.objects.bulk_create(rows, batch_size=500)
    return True


def _worth_an_article(span: Span) -> Iterator[tuple[int, int | None, str]]:
    """Key, topic and title of what was solved and others may learn from (an administrator says of which topics)."""
    topics = topics_by_code()
    for ticket in _solved(span):
        codes = [row.code for row in (ticket.subtype, ticket.issue_type) if row is not None]
        topic = next((topics[code] for code in codes if code in topics), None)
        if topic is None or topic.gathered:
            yield ticket.pk, topic.pk if topic else None, ticket.title


def _solved(span: Span) -> list[Any]:
    """Tickets that were solved in the period, are solved still, and have not led to an article; the newest first."""
    start, end = span.moments
    solved = Entry.objects.filter(verb__in=SOLVING, at__gte=start, at__lt=end).values("record")
    written = Article.objects.filter(parent__isnull=False).values("parent")
    rows = Ticket.objects.filter(pk__in=solved, state__in=[State.RESOLVED, State.CLOSED]).exclude(pk__in=written)
    kept = rows.exclude(method="").select_related("issue_type", "subtype").order_by("-resolved_at", "-pk")
    return list(kept[:MOST])

"""What the pages of articles, digests and summaries show of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import markup
from core.faces import Panel, Sheet
from core.text import listed
from knowledge.models import Article, Edition, Use, Voice, Vote
from knowledge.services import as_read
from knowledge.tables import audience_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHOWN_EDITIONS, SHOWN_USES, SHOWN_QUESTIONS, SHOWN_VOICES = 10, 10, 60, 200


def _about(article: Any) -> Iterator[tuple[Any, Any]]:
    yield _("Topic"), article.topic
    yield _("Product"), article.product
    yield _("Readers"), audience_tag(article)
    yield _("Tags"), listed(article.tag_list)


def _text(article: Any) -> SafeString:
    return _rich(article, article.body)


def _rich(record: Any, text: str) -> SafeString:
    return format_html('<div class="richtext">{}</div>', as_read(record, text, top=3)) if text else SafeString()


def _editions(article: Any) -> Iterator[tuple[Any, Any]]:
    """What was published when, and where the present edition is read."""
    if article.current_id is not None:
        url = reverse("desk:knowledge-article", args=[article.number])
        yield _("Can be read"), format_html('<a href="{}">{}</a>', url, _("as readers see it"))
    for edition in Edition.objects.filter(article=article.pk).select_related("author")[:SHOWN_EDITIONS]:
        label = _("Edition %(number)s") % {"number": edition.number}
        yield label, format_html("{} · {}", markup.moment(edition.published_at), edition.author or "")


def _readers(article: Any) -> Iterator[tuple[Any, Any]]:
    """Whom it has helped, and where it was used."""
    votes = Counter(Vote.objects.filter(article=article.pk).values_list("useful", flat=True))
    if votes:
        yield _("Helpful"), str(votes[True])
        yield _("Not helpful"), str(votes[False])
    uses = list(Use.objects.filter(article=article.pk).select_related("record").order_by("-pk")[: SHOWN_USES + 1])
    if uses:
        more = "…" if len(uses) > SHOWN_USES else ""
        yield _("Used in"), format_html("{}{}", _links(use.record for use in uses[:SHOWN_USES]), more)


def _links(records: Iterable[Any]) -> SafeString:
    return format_html_join(
        " ",
        '<a class="number" href="{}">{}</a>',
        ((reverse("desk:record", args=[record.kind, record.number]), record.number) for record in records),
    )


ARTICLE_PANELS = (
    Sheet(gettext_lazy("Article"), content=_text),
    Panel(gettext_lazy("What it is about"), _about, place="side", related=("topic",)),
    Panel(gettext_lazy("Editions"), _editions, place="side"),
    Panel(gettext_lazy("Readers' word"), _readers, place="side"),
)


# --- a digest's material (TKT-25) ------------------------------------------------------------------------------------
def _material(digest: Any) -> Iterator[tuple[Any, Any]]:
    """The questions by topic, those asked most often first; what has led to an article meanwhile says so."""
    rows = list(digest.material.select_related("record", "topic__within").order_by("position"))
    written = _articles_of([row.record_id for row in rows])
    questions: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        questions[row.cluster].append(row)
    by_topic: dict[Any, list[list[Any]]] = defaultdict(list)
    for group in list(questions.values())[:SHOWN_QUESTIONS]:
        by_topic[group[0].topic].append(group)
    for topic, groups in by_topic.items():
        items = ((_question(group, written),) for group in groups)
        yield (
            (topic or _("Other")),
            format_html('<ul class="questions">{}</ul>', format_html_join("", "<li>{}</li>", items)),
        )
    if len(questions) > SHOWN_QUESTIONS:
        yield _("Beside these"), _("%(count)s questions") % {"count": len(questions) - SHOWN_QUESTIONS}


def _articles_of(keys: list[int]) -> dict[int | None, Any]:
    return {article.parent_id: article for article in Article.objects.filter(parent__in=keys).order_by("pk")}


def _question(group: list[Any], written: dict[int | None, Any]) -> SafeString:
    first = group[0].record
    often = markup.badge(_("asked %(count)s times") % {"count": len(group)}, "aside") if len(group) > 1 else ""
    article = next((written[row.record_id] for row in group if row.record_id in written), None)
    if article is not None:
        what = _links([article])
    else:
        url = f"{reverse('desk:new', args=['article'])}?source={first.number}"
        what = format_html('<a class="btn btn-small" href="{}">{}</a>', url, _("Make an article of this"))
    return format_html("<bdi>{}</bdi> {} {} {}", first.title, often, _links(row.record for row in group), what)


def _outcome(digest: Any) -> Iterator[tuple[Any, Any]]:
    yield _("What was made of it"), digest.made


DIGEST_PANELS = (
    Panel(gettext_lazy("What was asked"), _material),
    Panel(gettext_lazy("Outcome"), _outcome),
)


# --- what customers said (TKT-26) ------------------------------------------------------------------------------------
def _words(summary: Any) -> SafeString:
    return _rich(summary, summary.text)


def _counts(summary: Any) -> Iterator[tuple[Any, Any]]:
    """How many of each kind, by customer, by topic and by product."""
    voices = list(summary.voices.select_related("customer", "topic"))
    grades = [voice.satisfaction for voice in voices if voice.satisfaction]
    if grades:
        mean = f"{sum(grades) / len(grades):.1f}"
        yield (
            _("Satisfaction"),
            _("%(mean)s of 5 on average, from %(count)s answers") % {"mean": mean, "count": len(grades)},
        )
    said = [(v.get_kind_display(), v.customer, v.topic, v.product) for v in voices if v.text]
    for place, label in enumerate((_("By kind"), _("By customer"), _("By topic"), _("By product"))):
        counted = Counter(str(row[place]) for row in said if row[place])
        if counted:
            yield (
                label,
                format_html_join(
                    "", '<span class="counted"><bdi>{}</bdi> <strong>{}</strong></span> ', counted.most_common(20)
                ),
            )


def _voices(summary: Any) -> Iterator[tuple[Any, Any]]:
    """Word for word, complaints and suggestions first."""
    order = list(Voice.Kind.values)
    rows = summary.voices.exclude(text="").select_related("customer", "record", "topic")
    for voice in sorted(rows, key=lambda row: (order.index(row.kind), row.pk))[:SHOWN_VOICES]:
        grade = _("%(given)s of 5") % {"given": voice.satisfaction} if voice.satisfaction else ""
        yield (
            voice.get_kind_display(),
            format_html(
                '<span class="prose">{}</span><br><span class="faint">{} {} {} {}</span>',
                voice.text,
                voice.customer,
                _links([voice.record]),
                voice.topic or "",
                grade,
            ),
        )


SUMMARY_PANELS = (
    Sheet(gettext_lazy("Summary"), content=_words),
    Panel(gettext_lazy("Counted"), _counts),
    Panel(gettext_lazy("Word for word"), _voices),
)

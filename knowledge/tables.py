"""The lists of articles, digests and summaries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import markup
from core.tables import Column, Table
from knowledge.models import Audience


def audience_tag(written: Any) -> Any:
    """For whom it is, as word and shape."""
    outside = written.audience == Audience.CUSTOMERS
    return markup.badge(
        written.get_audience_display(), "active" if outside else "done", "world" if outside else "users"
    )


class ArticleTable(Table):
    """What one must see of an article to choose the next one."""

    teaches = _(
        "An article keeps what solving a ticket has taught. Write one here, or make one from a resolved ticket "
        "(TKT-25)."
    )
    columns = (
        "number",
        "title",
        Column("topic", _("Topic"), lambda article: article.topic, css="keep wide", related=("topic",)),
        Column(
            "audience", _("Readers"), audience_tag, css="keep", plain=lambda article: article.get_audience_display()
        ),
        Column("edition", _("Edition"), lambda article: article.edition or None, css="num wide"),
        "state",
        "handler",
        "updated",
    )
    more = (
        "specialist",
        "created",
        Column("product", _("Product"), lambda article: article.product),
        Column("tags", _("Tags"), lambda article: article.tags),
    )


class GatheredTable(Table):
    """What was gathered of a period, for a specialist to make something of."""

    columns = ("number", "title", "state", "specialist", "due", "created")
    more = ("handler", "updated")


class DigestTable(GatheredTable):
    """Digests by their periods."""

    teaches = _(
        "After each period the software gathers here the resolved tickets that are worth an article (TKT-25), and it "
        "becomes a specialist's work to go through them."
    )


class SummaryTable(GatheredTable):
    """Summaries by their periods."""

    teaches = _(
        "After each period the software counts here what customers have praised, criticised and wished for (TKT-26), "
        "and it becomes a specialist's work to say what it means."
    )

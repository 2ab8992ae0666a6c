"""What templates need beyond Django's own: our small pieces of a page, and pieces of the handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core import markup
from desk import acts, addresses, buttons, rulebook, states, timelines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from django.utils.safestring import SafeString

    from desk.views.lists import Page
    from workflow.models import Entry, Record
    from workflow.refusals import Reason
    from workflow.registry import Process

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite."""
    return markup.icon(name, css)


@register.inclusion_tag("desk/export_menu.html", takes_context=True)
def export_menu(context: Any, process: Process, page: Page, codes: Iterable[str] = ()) -> dict[str, Any]:
    """The button by which a list is had as a file, with the columns of some codes or those that it shows unasked."""
    # In full: what a view means today is what is asked for, whatever becomes of the view.
    query = context["stood"].query if "stood" in context else context["request"].GET
    found = {"kind": process.kind, "query": query.urlencode(), "codes": codes, "key": acts.new_key()}
    return found | {"total": page.total, "words": page.total_words, "csrf_token": context.get("csrf_token")}


@register.filter
def moment(at: datetime | None) -> SafeString:
    """A point in time on the department's clock."""
    return markup.moment(at)


@register.filter
def exact(at: datetime) -> SafeString:
    """A point in time to the second."""
    return markup.moment(at, seconds=True)


@register.filter
def left(due: datetime | None) -> SafeString:
    """The time left until a due time."""
    return markup.left(due)


@register.filter
def span(time: timedelta) -> str:
    """A length of time as it is read aloud."""
    return markup.length(time)


@register.filter
def state(record: Record) -> SafeString:
    """The state of a record as word, colour and shape."""
    return states.badge(record)


@register.filter
def address(record: Record) -> str:
    """Where a record is found."""
    return addresses.of(record)


@register.filter
def act_title(entry: Entry) -> str:
    """What an entry of a timeline says was done."""
    return timelines.title(entry.record.kind, entry)


@register.filter
def act_by(entry: Entry) -> str:
    """By whom, and for whom, an entry was made."""
    return timelines.who(entry)


@register.filter
def reasons(given: Iterable[Reason]) -> SafeString:
    """What stands against an act."""
    return buttons.reasons(given)


@register.filter
def rule(rule_id: str) -> SafeString:
    """A chip that opens a rule of the handbook."""
    return rulebook.chip(rule_id)


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """What stands in a table under a key."""
    return table.get(key)


@register.filter
def dotless(place: str) -> str:
    """A place of a content as the id of an element that style sheets and scripts can name."""
    return place.replace(".", "-")


@register.filter
def opinion_tone(decision: str) -> str:
    """The colour of a decision."""
    return {"agreed": "nearly", "returned": "aside", "rejected": "over"}.get(decision, "active")

"""Rules of the handbook where they apply: a chip that opens the rule in plain words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handbook import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable


def chip(rule_id: str) -> SafeString:
    """The chip of a rule, with its text for those who rest on it; nothing for no rule."""
    return _chip(rule_id, get_language() or "") if rule_id else SafeString()


def chips(rule_ids: Iterable[str]) -> SafeString:
    """The chips of several rules, by their ids alone."""
    return mark_safe(" ".join(_chip(rule_id, get_language() or "", short=True) for rule_id in rule_ids))  # noqa: S308 - chips are made here


@lru_cache(maxsize=1024)
def _chip(rule_id: str, language: str, *, short: bool = False) -> SafeString:  # noqa: ARG001 - a chip is remembered for each language
    try:
        text = catalogue.rule(rule_id).text
    except catalogue.UnknownRule:
        return format_html('<span class="rule">{}</span>', rule_id)
    return format_html(
        '<a class="rule" href="{}" title="{}">{}</a>',
        reverse("desk:rule", args=[rule_id]),
        text,
        rule_id if short else _("by %(rule)s") % {"rule": rule_id},
    )

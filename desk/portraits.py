"""Reading what the timeline keeps: portraits of values, and the words for what was asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock, markup
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Mapping


def read(value: Any) -> str:
    """A portrait (workflow.timeline.portrait) as text in the reader's language; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(read(one) for one in value)
    if isinstance(value, dict):
        return _read_table(value)
    return str(value)


def _read_table(value: dict[str, Any]) -> str:
    if "zh" in value and "en" in value:
        return str(value["zh"] if (get_language() or "zh").startswith("zh") else value["en"])
    if "at" in value:
        return f"{clock.local(datetime.fromisoformat(value['at'])):%Y-%m-%d %H:%M}"
    if "on" in value:
        return str(value["on"])
    if "seconds" in value:
        return markup.length(timedelta(seconds=value["seconds"]))
    return ", ".join(f"{name}: {read(one)}" for name, one in value.items())


def question(kind: str, verb: str, name: str) -> str:
    """The words of a verb's form for what was asked under a name; the model's words, if it no longer asks."""
    return _words(kind, verb, get_language() or "").get(name) or label(kind, name)


def answer(kind: str, verb: str, name: str, value: Any) -> str:
    """What was answered; for a choice, the choice's word."""
    if isinstance(value, str) and (word := _choices(kind, verb, get_language() or "").get((name, value))):
        return word
    return read(value)


@lru_cache(maxsize=512)
def _words(kind: str, verb: str, language: str) -> Mapping[str, str]:  # noqa: ARG001 - remembered for each language
    form = registry.get(kind).forms.get(verb)
    if form is None:
        return {}
    return {name: str(field.label or name) for name, field in form.base_fields.items()}


@lru_cache(maxsize=512)
def _choices(kind: str, verb: str, language: str) -> Mapping[tuple[str, str], str]:  # noqa: ARG001 - remembered for each language
    form = registry.get(kind).forms.get(verb)
    fixed: dict[tuple[str, str], str] = {}
    for name, field in form.base_fields.items() if form else ():
        # Choices that come from the database are kept as portraits already.
        if hasattr(field, "choices") and not hasattr(field, "queryset"):
            fixed.update({(name, str(code)): str(word) for code, word in field.choices})
    return fixed


@lru_cache(maxsize=1024)
def _label(kind: str, name: str, language: str) -> str:  # noqa: ARG001 - remembered for each language
    try:
        field = registry.get(kind).model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    words = str(getattr(field, "verbose_name", name))
    return words[:1].upper() + words[1:]


def label(kind: str, name: str) -> str:
    """The word for a field of a record."""
    return _label(kind, name, get_language() or "")

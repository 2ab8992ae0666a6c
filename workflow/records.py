"""The input in which another record is named: by its number, or by words of its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from workflow.models import Record
from workflow.widgets import Found, Typeahead, Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from people.actors import Actor

_LONGEST_KEY = 18
_YEAR = 4
"""Digits of a year, where a number of the day has eight."""


class RecordChoice(Found):
    """A record that the actor may see; what was typed and not chosen is a number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Type the number or words of the title, and choose one of the list."))
        widget = Typeahead("records", attrs={"data-eager": "open"})
        super().__init__(Record.objects.none(), names=("number",), widget=widget, **kwargs)

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[Record]:
        """What may be named: what the actor sees, in the own name or in that of the absent."""
        return Record.objects.none() if actor.user is None else Record.objects.for_actor(actor.user)

    def seen_by(self, actor: Actor, beside: Record, **narrowed: str) -> None:
        """Let those be named that the actor sees; `narrowed` is passed on to the search (`same`: of one customer)."""
        self.queryset = self.visible_to(actor)
        self.widget.attrs["data-url"] = "/find/records/?" + urlencode({"beside": beside.number, **narrowed})

    def to_python(self, value: Any) -> Any:
        """The record. Numbers may be typed in small letters."""
        return super().to_python(Typed(_as_given(value)) if isinstance(value, Typed) else value)

    @staticmethod
    def named(data: Mapping[str, Any], name: str) -> list[int]:
        """The key of the record that the data name, whoever may see it; nothing if they name none."""
        value: Any = data.get(name)
        if isinstance(value, Record):
            return [value.pk]
        text = str(value or "").strip()
        if text.isascii() and text.isdigit():
            return [int(text)] if len(text) <= _LONGEST_KEY else []
        typed = _as_given(str(data.get(f"{name}_text") or "").strip())[:24]
        return list(Record.objects.filter(number=typed).values_list("pk", flat=True)) if typed else []


def _as_given(typed: str) -> str:
    """A typed number as numbers are given: TK-20260301-0007, or of a series of the year, Serv303-2026-0012."""
    series, _dash, rest = typed.partition("-")
    of_a_year = len(rest.partition("-")[0]) == _YEAR
    return f"{series[:1].upper()}{series[1:]}-{rest}" if of_a_year else typed.upper()

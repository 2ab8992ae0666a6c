"""The choice of a period, as it lives in the address: a name, or two days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from reports import periods

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict
    from django.utils.functional import Promise

    from reports.periods import Period

FREE = "free"
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FreeDays(forms.Form):
    """Any days, up to three years of them."""

    since = forms.DateField(label=_("First day"), widget=_day())
    until = forms.DateField(label=_("Last day"), widget=_day())

    def __init__(self, asked: Mapping[str, Any] | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(asked, initial=initial, label_suffix="", auto_id="period-%s")

    def clean(self) -> None:
        """An end after the start, and no more days than can be counted while somebody waits."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since is None or until is None:
            return
        if since.year < _FIRST_YEAR or until.year > _LAST_YEAR:
            self.add_error("since", _("Choose days from the year 2000 on."))
        elif until < since:
            self.add_error("until", _("The end must not come before the start."))
        elif (until - since).days >= periods.LONGEST:
            self.add_error("until", _("Choose three years at most."))


@dataclass(frozen=True)
class Choice:
    """What was chosen, and the addresses of what else there is. `kept` is what the address says beside it."""

    period: Period
    form: FreeDays
    kept: list[tuple[str, str]]

    @property
    def names(self) -> list[tuple[Promise, str, bool]]:
        """The named periods: words, address, and whether it is the one shown."""
        chosen = self.period.code
        return [(label, self.address(period=code), code == chosen) for code, label in periods.NAMES.items()]

    @property
    def is_free(self) -> bool:
        """Whether days of one's own are shown, or were meant."""
        return self.period.code == FREE or bool(self.form.is_bound and self.form.errors)

    @property
    def said(self) -> dict[str, str]:
        """What an address must say to mean the same period."""
        days = self.period.days
        if self.period.code != FREE:
            return {"period": self.period.code}
        return {"period": FREE, "since": str(days.first), "until": str(days.last)}

    def address(self, **changed: str) -> str:
        """The address of this page with something changed."""
        kept = [(name, value) for name, value in self.kept if name not in changed]
        return "?" + urlencode([*kept, *changed.items()])

    def within(self, **changed: str) -> str:
        """The same, in the period that is shown."""
        return self.address(**self.said, **changed)


def choose(asked: QueryDict) -> Choice:
    """The period that an address asks for; this month, if it asks for none that there is."""
    kept = [(name, value) for name in asked if name not in _OWN for value in asked.getlist(name) if value]
    today = periods.today()
    code = asked.get("period", "")
    if code == FREE:
        return _free(asked, kept)
    chosen = periods.named(code if code in periods.NAMES else "month", today)
    return Choice(chosen, FreeDays(initial=_initial(chosen)), kept)


def _free(asked: Mapping[str, Any], kept: list[tuple[str, str]]) -> Choice:
    form = FreeDays(asked)
    if form.is_valid():
        return Choice(periods.free(form.cleaned_data["since"], form.cleaned_data["until"]), form, kept)
    return Choice(periods.named("month", periods.today()), form, kept)


def _initial(period: Period) -> dict[str, Any]:
    return {"since": period.days.first, "until": period.days.last}


_OWN = {"period", "since", "until", "page", "fresh"}

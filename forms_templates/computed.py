"""Answers that follow from others: what an item's `computed` names. Nothing follows from what is not yet answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from forms_templates.language import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forms_templates.language import Form

TRAINING_REPORT_WITHIN = timedelta(days=2)
"""TRN-10, counted from the last day of the training."""
FEEDBACK_WITHIN = timedelta(days=3)
"""TRN-11, counted likewise."""
_MINUTES_IN_HOUR, _HOURS_IN_DAY = 60, 24


def completed(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with all that follows from them; what is computed is never what somebody sent."""
    said = dict(values)
    for item in form.items():
        if item.computed:
            said.pop(item.key, None)
            result = CALCULATIONS[item.computed](said)
            if result is not None:
                said[item.key] = result
    return said


def check(form: Form) -> None:
    """Raise DefinitionError when a form names a calculation that there is not."""
    for item in form.items():
        if item.computed and item.computed not in CALCULATIONS:
            msg = f"{form.code}: {item.key}: no calculation {item.computed}"
            raise DefinitionError(msg)


def days_between(first: str, last: str) -> Callable[[Mapping[str, Any]], int | None]:
    """How many days from one to the other, both counted; nothing where the last lies before the first."""

    def days(values: Mapping[str, Any]) -> int | None:
        begin, end = _day(values, first), _day(values, last)
        return (end - begin).days + 1 if begin and end and end >= begin else None

    return days


def within(limit: timedelta, since: str, until: str) -> Callable[[Mapping[str, Any]], bool | None]:
    """Whether something came at the latest so long after something else."""

    def kept(values: Mapping[str, Any]) -> bool | None:
        begin, end = _day(values, since), _day(values, until)
        return end - begin <= limit if begin and end else None

    return kept


def beyond(limit: timedelta, since: str, until: str) -> Callable[[Mapping[str, Any]], bool | None]:
    """The contrary: whether something came later than that."""
    kept = within(limit, since, until)

    def late(values: Mapping[str, Any]) -> bool | None:
        return None if (found := kept(values)) is None else not found

    return late


def percentage(part: str, whole: str) -> Callable[[Mapping[str, Any]], str | None]:
    """What per cent one number is of another, as 86.7%."""

    def share(values: Mapping[str, Any]) -> str | None:
        given, full = _number(values, part), _number(values, whole)
        if given is None or not full:
            return None
        return f"{(given / full * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"

    return share


def reduction(price: str, listed: str) -> Callable[[Mapping[str, Any]], str | None]:
    """By what per cent a price is below the list price, as 16.67%; negative above it (CON-19)."""

    def reduced(values: Mapping[str, Any]) -> str | None:
        asked, full = _number(values, price), _number(values, listed)
        if asked is None or not full:
            return None
        return f"{((full - asked) / full * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"

    return reduced


def duration(first: str, last: str) -> Callable[[Mapping[str, Any]], str | None]:
    """How long from one moment to another, in days, hours and minutes."""

    def lasted(values: Mapping[str, Any]) -> str | None:
        if not values.get(first) or not values.get(last):
            return None
        span = datetime.fromisoformat(values[last]) - datetime.fromisoformat(values[first])
        minutes = int(span.total_seconds()) // 60
        if minutes < 0:
            return None
        hours, rest = divmod(minutes, _MINUTES_IN_HOUR)
        days, hours = divmod(hours, _HOURS_IN_DAY)
        parts = ((days, "天"), (hours, "小时"), (rest, "分钟"))
        return "".join(f"{number}{word}" for number, word in parts if number) or "0分钟"

    return lasted


def _day(values: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(values[key]) if values.get(key) else None


def _number(values: Mapping[str, Any], key: str) -> Decimal | None:
    return Decimal(str(values[key])) if values.get(key) not in (None, "") else None


CALCULATIONS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "trial_days": days_between("trial_from", "trial_to"),
    "attendance": percentage("actual_people", "planned_people"),
    "discount": reduction("contract_amount", "standard_price"),
    "within_two_days": within(TRAINING_REPORT_WITHIN, "training_to", "submitted_on"),
    "over_three_days": beyond(FEEDBACK_WITHIN, "training_to", "returned_on"),
    "downtime": duration("started_at", "completed_at"),
}
"""The calculations by the names that definitions use."""

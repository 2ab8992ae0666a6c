"""Counting in the database: all dimensions, measures and periods of a source in one statement.

The rows are read once and divided as often as there are dimensions. The ORM would need a statement for each of them;
so it works out which rows are meant (with everybody's rights in it), and the dividing stands around that by hand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import get_language

from core import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Expression, QuerySet

    from reports.declared import Dimension, Measure, Source
    from reports.periods import Days

Group = tuple[str, "Expression | F"]
WHOLE = ""
"""The group of all rows together."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a number belongs: what it counts, by which group, for which key of it, in which of the periods."""

    measure: str
    group: str
    key: str | None
    period: int


Numbers = dict[Cell, int]


def count(
    rows: QuerySet[Any], measures: Sequence[Measure], groups: Sequence[Group], periods: Sequence[Days]
) -> Numbers:
    """Count the records among `rows`, for each measure, as a whole and by each group; a statement a source.

    What has a moment is counted in each of the periods; what is there now, as period 0.
    """
    found: Numbers = {}
    by_source: dict[Source, list[Measure]] = defaultdict(list)
    for measure in measures:
        by_source[measure.source].append(measure)
    for source, counted in by_source.items():
        for group, period, key, *numbers in _ask(rows, source, counted, groups, periods):
            for measure, number in zip(counted, numbers, strict=True):
                found[Cell(measure.code, ["", *(code for code, _path in groups)][group], key, period)] = number
    return found


def _ask(
    rows: QuerySet[Any], source: Source, measures: Sequence[Measure], groups: Sequence[Group], periods: Sequence[Days]
) -> list[tuple[Any, ...]]:
    now = clock.now()
    meant = rows.filter(source.where(now) & _within(source, periods)).order_by()
    # Only where a record can have several rows must it be known: without it an index alone may answer.
    columns = [
        F("pk") if source.several else Value(0),
        _period(source, periods),
        *(path for _code, path in groups),
        *_flags(measures, now),
    ]
    try:
        sql, params = meant.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_divided(sql, source, len(groups), measures), params)
        return list(cursor.fetchall())


def _within(source: Source, periods: Sequence[Days]) -> Q:
    """All the time from the first period to the last: one range, which an index can give."""
    if not source.moment:
        return Q()
    first, last = min(days.begin for days in periods), max(days.end for days in periods)
    return Q(**{f"{source.moment}__gte": first, f"{source.moment}__lt": last})


def _period(source: Source, periods: Sequence[Days]) -> Expression:
    if not source.moment:
        return Value(0)
    stem = source.moment
    cases = [
        When(Q(**{f"{stem}__gte": days.begin, f"{stem}__lt": days.end}), then=Value(number))
        for number, days in enumerate(periods)
    ]
    return Case(*cases, default=Value(-1), output_field=IntegerField())


def _flags(measures: Iterable[Measure], now: datetime) -> list[Expression]:
    return [
        Value(1)
        if measure.when is None
        else Case(When(measure.when(now), then=Value(1)), default=Value(0), output_field=IntegerField())
        for measure in measures
    ]


def _divided(sql: str, source: Source, groups: int, measures: Sequence[Measure]) -> str:
    names = ["record", "period", *(f"g{n}" for n in range(groups)), *(f"m{n}" for n in range(len(measures)))]
    numbers = ", ".join(_number(source, n) for n in range(len(measures)))
    parts = [f"SELECT 0, period, NULL, {numbers} FROM seen WHERE period >= 0 GROUP BY period"]
    for n in range(groups):
        key = f"CAST(g{n} AS varchar(60))"
        parts.append(f"SELECT {n + 1}, period, {key}, {numbers} FROM seen WHERE period >= 0 GROUP BY period, g{n}")
    return f"WITH seen ({', '.join(names)}) AS ({sql}) " + " UNION ALL ".join(parts)


def _number(source: Source, n: int) -> str:
    return f"COUNT(DISTINCT CASE WHEN m{n} = 1 THEN record END)" if source.several else f"SUM(m{n})"


def names(dimensions: Sequence[Dimension], numbers: Iterable[Cell]) -> Mapping[tuple[str, str], tuple[str, int]]:
    """The words in the reader's language for every key that was counted, with their position; one query for all."""
    keys: dict[str, set[str]] = defaultdict(set)
    for cell in numbers:
        if cell.key is not None:
            keys[cell.group].add(cell.key)
    found: dict[tuple[str, str], tuple[str, int]] = {}
    queries = []
    for place, dimension in enumerate(dimensions):
        if dimension.names is not None and keys[dimension.code]:
            queries += [query.annotate(place=Value(place)) for query in dimension.names(keys[dimension.code])]
        elif dimension.words is not None:
            found |= {(dimension.code, key): (dimension.words(key), 0) for key in keys[dimension.code]}
    chinese = (get_language() or "zh").startswith("zh")
    for key, zh, en, position, place in queries[0].union(*queries[1:], all=True) if queries else ():
        found[dimensions[place].code, key] = (zh if chinese else en, position)
    return found

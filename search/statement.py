"""The one statement that asks the index for several kinds at once, the newest things of each first.

It is written by hand, because Django would build it anew for every question: its text depends only on how many words
and ways there are and on whose rights count, and is kept planned by the server (core.server_side).

Rows are ordered by `subject + 0`, which no index knows: the planner cannot tell a rare word from a common one, and
would walk through all things from the newest on until it has enough hits, which for a rare word it never has. Their
kind is asked of as `kind || ''` for the same reason: the index of words finds it, and that of kinds has every row.

For each kind: `last` is its newest reach, `near` the hits among its newest things, and `far` the hits among all, which
are looked for only where those do not fill the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS

from core.server_side import Kept
from search.fields import held, holding, position
from search.models import Document, mark_of, reach_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.asking import Condition

REACHES = 2
"""So many reaches are near."""
_TABLE = Document._meta.db_table
_HITS = """
    last{n} AS MATERIALIZED (SELECT MAX(subject) / %s AS reach FROM {table} WHERE kind = %s),
    near{n} AS MATERIALIZED (
        SELECT subject, id, heading, text FROM {table} WHERE kind || '' = %s{rights} AND ({near})
        ORDER BY subject + 0 DESC LIMIT %s
    ),
    far{n} AS MATERIALIZED (
        SELECT subject, id, heading, text FROM {table}
        WHERE (SELECT COUNT(*) FROM near{n}) < %s AND kind || '' = %s{rights} AND ({far})
        ORDER BY subject + 0 DESC LIMIT %s
    )"""
_BEST = """
    SELECT {n}, id, heading, {text}, total FROM (
        SELECT id, heading, text, COUNT(*) OVER () AS total, ROW_NUMBER() OVER (ORDER BY subject DESC) AS place FROM (
            SELECT * FROM far{n} UNION ALL
            SELECT * FROM near{n} WHERE (SELECT COUNT(*) FROM near{n}) >= %s
        ) either{n}
    ) placed{n} WHERE place <= %s"""


@dataclass(frozen=True)
class Bounds:
    """How far is looked: the width of a reach, the hits of a kind that are counted, and those that are given back."""

    near: int
    counted: int
    ordered: int


@dataclass(frozen=True)
class Rights:
    """A condition on the index's rows, as SQL with its parameters: those that a person may see."""

    sql: str
    params: Sequence[Any]


@dataclass(frozen=True)
class Question:
    """What is asked of the rows of one kind; no `rights` for those who see all. `texts` asks for their text too."""

    kind: str
    condition: Condition
    rights: Rights | None = None
    texts: bool = False


@dataclass(frozen=True)
class Hit:
    """One hit; `total` is how many its kind has, as far as they are counted."""

    kind: str
    pk: int
    heading: str
    text: str
    total: int


def ask(questions: Sequence[Question], bounds: Bounds) -> list[Hit]:
    """The newest hits of each kind, the newest first; one more than are counted is counted, if there are more."""
    looked: list[str] = []
    best: list[str] = []
    first: list[Any] = []
    then: list[Any] = []
    most = bounds.counted + 1
    for n, question in enumerate(questions):
        kind, rights = question.kind, question.rights or Rights("", ())
        near, near_values = where(question, f"(SELECT reach FROM last{n})")  # noqa: S608 - a number
        far, far_values = where(question)
        names = {"n": n, "table": _TABLE, "text": "text" if question.texts else "''"}
        looked.append(_HITS.format(**names, rights=rights.sql, near=near, far=far))
        first += [bounds.near, kind, kind, *rights.params, *near_values, most]
        first += [most, kind, *rights.params, *far_values, most]
        best.append(_BEST.format(**names))
        then += [most, bounds.ordered]
    statement = _statement(f"WITH {','.join(looked)} {' UNION ALL '.join(best)}")
    rows = statement.rows(DEFAULT_DB_ALIAS, [*first, *then])
    return [Hit(questions[n].kind, *rest) for n, *rest in rows]


def where(question: Question, newest: str = "") -> tuple[str, list[Any]]:
    """The condition on rows, with its parameters; with the `newest` reach, on rows within one of the newest reaches."""
    found: list[str] = []
    values: list[Any] = []
    column = "public" if question.condition.public else "folded"
    for need, back in product(question.condition.needs(), range(REACHES if newest else 1)):
        # Before the first reach there is none; the one that stands for it then has not begun. A kind of which there is
        # nothing yet has none at all.
        near = f"CAST(%s AS text) || COALESCE(CAST(ABS({newest} - %s) AS text), '')" if newest else ""
        parts = " AND ".join([holding(near), *[position(column)] * len(need.texts)])
        found.append(f"({parts})")
        marks = [reach_before(question.kind), back] if newest else []
        values += [held({mark_of(question.kind), *need.pieces}), *marks, *need.texts]
    return " OR ".join(found), values


@lru_cache(maxsize=256)
def _statement(sql: str) -> Kept:
    places = sql.count("%s")
    return Kept(sql, [None] * places, range(places), _TABLE)

"""Queries that every page asks again: their SQL is worked out once, and then only filled in.

Building the SQL of a wide query costs Django several times what the database needs to answer it. A prepared query keeps
what the ORM worked out (SQL, columns, which columns make which object) for each thread, and puts new values into it.
What comes back are the same model instances that the queryset would have given.

Only values may differ between two runs under one key: whatever changes the shape of the query belongs into the key.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import query as django_query

from core.server_side import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from django.db.models import Model, QuerySet

    Make = Callable[..., QuerySet[Any]]

Param = str | int | date | datetime
_KEPT = 256
_ROUND = 32
"""To a multiple of this is filled up how many keys a statement asks for: one of a page's rows serves for all pages."""
_kept = threading.local()


def fetch(key: Hashable, make: Make, *values: Param) -> list[Any]:
    """The rows of `make(*values)`, a queryset of model instances that the values enter as plain parameters.

    `values` are texts, keys of rows, days or moments. A queryset that cannot be prepared is simply run.
    """
    prepared = _known(("rows", key), lambda: _rows_of(make, values))
    return prepared.run(values) if prepared is not None else list(make(*values))


def fetch_of(name: str, make: Make, keys: Sequence[int]) -> list[Any]:
    """The rows of `make(*keys)`, which are those of some keys: few statements serve, however many keys there are."""
    return fetch((name, len(_filled(keys))), make, *_filled(keys)) if keys else []


def tuples(key: Hashable, make: Make, *values: Param) -> list[tuple[Any, ...]]:
    """As `fetch`, but of a queryset of plain values (`values_list`): for sums, and pages that read hundreds of rows."""
    prepared = _known(("tuples", key), lambda: _checked(_Plain, make, values))
    return prepared.run(values) if prepared is not None else list(make(*values))


def tuples_of(name: str, make: Make, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    """As `fetch_of`, but of a queryset of plain values."""
    return tuples((name, len(_filled(keys))), make, *_filled(keys)) if keys else []


def _filled(keys: Sequence[int]) -> list[int]:
    """The keys, with the last one repeated up to a round number of them."""
    return [*keys, *[keys[-1]] * (-len(keys) % _ROUND)]


def hang(owner: Model, name: str, rows: list[Any]) -> None:
    """Let `owner.name.all()` be rows that were read already, each of which then knows its owner; as a prefetch does."""
    manager = getattr(owner, name)
    for row in rows:
        setattr(row, manager.field.name, owner)
    found = manager.get_queryset()
    found._result_cache, found._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


def count(key: Hashable, make: Make, *values: Param, most: int) -> int:
    """How many rows `make(*values)` has, counted up to `most` and no further."""

    def some(*given: Param) -> Any:
        return make(*given).order_by().values("pk")[:most]

    prepared = _known(("count", key, most), lambda: _checked(_Count, some, values))
    if prepared is None:
        return int(some(*values).count())
    ((found,),) = prepared.ask(values)
    return int(found)


def _known(key: Hashable, make: Callable[[], Any]) -> Any:
    known: OrderedDict[Hashable, Any] = _kept.__dict__.setdefault("queries", OrderedDict())
    if key not in known:
        known[key] = make()
        if len(known) > _KEPT:
            known.popitem(last=False)
    known.move_to_end(key)
    return known[key]


def _rows_of(make: Make, values: Sequence[Param]) -> _Rows | None:
    rows: Any = make(*values)
    if rows._iterable_class is not django_query.ModelIterable or rows._prefetch_related_lookups:
        return None
    prepared = _checked(_Rows, make, values)
    return None if prepared is None or prepared.compiler.has_extra_select else prepared


def _checked(kind: type[S], make: Make, values: Sequence[Param]) -> S | None:
    """The query prepared, unless a value cannot be found again among its parameters."""
    stand_ins = [_stand_in(value, place) for place, value in enumerate(values)]
    try:
        prepared = kind(make(*stand_ins), stand_ins)
    except EmptyResultSet:
        return None
    return prepared if set(prepared.holes) == set(range(len(values))) else None


def _stand_in(value: Param, place: int) -> Param:
    """A value that no row has, by which the place of the true value is found."""
    if isinstance(value, datetime):
        return datetime(1, 1, 2, microsecond=place, tzinfo=UTC)
    if isinstance(value, date):
        return date(1, 1, 2 + place)
    return f"\x01{place}\x01" if isinstance(value, str) else -(2**60) - place


class _Statement:
    """One query as the ORM has worked it out for this thread's connection."""

    around = "{}"

    def __init__(self, rows: QuerySet[Any], stand_ins: Sequence[Param]) -> None:
        self.db = rows.db
        self.compiler: Any = rows.query.get_compiler(using=self.db)
        sql, params = self.compiler.as_sql()
        places = {i: stand_ins.index(p) for i, p in enumerate(params) if p in stand_ins}
        self.holes = list(places.values())
        """Which value goes into each of the statement's changing places."""
        self._converters: dict[int, Any] | None = None
        self.kept = Kept(self.around.format(sql), params, list(places), rows.model._meta.db_table)

    def ask(self, values: Sequence[Param]) -> list[tuple[Any, ...]]:
        """The plain rows for these values."""
        return self.kept.rows(self.db, [values[hole] for hole in self.holes])

    def converted(self, values: Sequence[Param]) -> Iterable[Sequence[Any]]:
        """The same rows as their fields read them: which columns that concerns is found out once."""
        rows = self.ask(values)
        if self._converters is None:
            columns = self.compiler.select[: self.compiler.col_count]
            self._converters = self.compiler.get_converters([column[0] for column in columns])
        found: Iterable[Sequence[Any]] = (
            self.compiler.apply_converters(rows, self._converters) if self._converters else rows
        )
        return found


class _Count(_Statement):
    """How many rows a query has."""

    around = "SELECT COUNT(*) FROM ({}) counted"


class _Plain(_Statement):
    """Rows as plain values."""

    def run(self, values: Sequence[Param]) -> list[tuple[Any, ...]]:
        """The values of the rows, as their fields give them."""
        return [tuple(row) for row in self.converted(values)]


class _Rows(_Statement):
    """One query of model instances, with the columns of which each is made."""

    def __init__(self, rows: QuerySet[Any], stand_ins: Sequence[Param]) -> None:
        super().__init__(rows, stand_ins)
        klass_info, select = self.compiler.klass_info, self.compiler.select
        columns = klass_info["select_fields"]
        self.start, self.end = columns[0], columns[-1] + 1
        self.model = klass_info["model"]
        self.names = [column[0].target.attname for column in select[self.start : self.end]]
        populators: Any = django_query.get_related_populators  # not among Django's promises: the tests watch it
        self.populators = populators(klass_info, select, self.db)
        self.annotated = dict(self.compiler.annotation_col_map or {})

    def run(self, values: Sequence[Param]) -> list[Any]:
        """The instances for these values."""
        met: dict[Hashable, Any] = {}
        return [self._made(row, met) for row in self.converted(values)]

    def _made(self, row: Sequence[Any], met: dict[Hashable, Any]) -> Any:
        made = self.model.from_db(self.db, self.names, row[self.start : self.end])
        for populator in self.populators:
            _populate(populator, row, made, met)
        for name, place in self.annotated.items():
            setattr(made, name, row[place])
        return made


def _populate(populator: Any, row: Sequence[Any], owner: Any, met: dict[Hashable, Any]) -> None:
    """As Django's populator does, but a related row that was met before is the same object, and not made again."""
    reorder = populator.reorder_for_init
    told = reorder(row) if reorder else row[populator.cols_start : populator.cols_end]
    key = told[populator.pk_idx]
    if key is None:
        populator.local_setter(owner, None)
        return
    found = met.get((populator, key))
    if found is None:
        found = met[populator, key] = populator.model_cls.from_db(populator.db, populator.init_list, told)
        for other in populator.related_populators:
            _populate(other, row, found, met)
    populator.local_setter(owner, found)
    populator.remote_setter(found, owner)


S = TypeVar("S", bound=_Statement)

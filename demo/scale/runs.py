"""Copying in the large: which life, by how much moved, for whom; chunk after chunk, each one transaction."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count as iter_count
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from django.db import connection, transaction

from core.collector import undisturbed
from demo.scale.dialects import Dialect, Row, dialect
from demo.scale.moulds import Copy, Mould
from demo.scale.patterns import MODELS, has_own_key, lives, neighbours
from demo.texts import exchanges
from tickets.models import Ticket
from workflow import registry
from workflow.models import NumberSeries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from customers.models import Organisation

PATTERN = 3000
"""So many of the first tickets are copied; those after them may be copies themselves."""
_CHUNK = 2000
_WEEK = timedelta(weeks=1)
_A_YEAR = 52
_MOST_YEARS = 12
_A_YEARS_TICKETS = 12_000
"""So many tickets a year has in the large: four times the department of the demonstration."""
Wanted = tuple[Mould, timedelta]


def run(count: int, seed: int, progress: Callable[[int], None] | None = None) -> int:
    """Copy until there are `count` tickets, spread over as many years as that would take; returns how many were made.

    Of the copies so many are open as lie open in one year of such years: an open ticket of years ago would be none.
    """
    there = Ticket.objects.count()
    if count <= there:
        return 0
    moulds = [Mould(life, dialect()) for life in lives(PATTERN)]
    years = min(_MOST_YEARS, max(1, round(count / _A_YEARS_TICKETS)))
    wanted = _wanted(moulds, count - there, years, Random(f"{seed} scale"))
    return copy(wanted, seed, (lambda done: progress(there + done)) if progress else None)


def copy(
    wanted: Iterable[Wanted], seed: int, progress: Callable[[int], None] | None = None, *, vary: bool = True
) -> int:
    """Copy lives, each moved by its own time; `vary` also exchanges words and customers. Returns how many."""
    caster = _Caster(Random(f"{seed} variety"), vary=vary)
    source = iter(wanted)
    done = 0
    while chunk := list(islice(source, _CHUNK)):
        with undisturbed(), transaction.atomic():
            caster.write(chunk)
        done += len(chunk)
        if progress is not None:
            progress(done)
    return done


def _wanted(moulds: list[Mould], count: int, years: int, rng: Random) -> Iterator[Wanted]:
    finished = [mould for mould in moulds if not mould.life.is_open]
    going_on = [mould for mould in moulds if mould.life.is_open]
    share = len(going_on) / len(moulds) / years if finished else 1.0
    for _one in range(count):
        if going_on and rng.random() < share:
            yield rng.choice(going_on), timedelta(0)
        else:
            yield rng.choice(finished), -_WEEK * rng.randrange(1, _A_YEAR * years + 1)


class _Caster:
    """Casts copies from moulds, and knows which customers are alike."""

    def __init__(self, rng: Random, *, vary: bool) -> None:
        self.rng, self.vary = rng, vary
        self.dialect: Dialect = dialect()
        self.neighbours = neighbours()
        customers = [customer for group in self.neighbours.values() for customer in group]
        self.contacts = {customer.pk: list(customer.contacts.all()) for customer in customers}
        self.sites = {customer.pk: list(customer.sites.all()) for customer in customers}
        self.place = {one.pk: place for group in self.contacts.values() for place, one in enumerate(group)}

    def write(self, chunk: list[Wanted]) -> None:
        """Write one chunk, table by table."""
        self.dialect.prepare()
        numbers = _reserve_numbers(mould.day(shift) for mould, shift in chunk)
        sizes = [sum(mould.sizes[table] for mould, _shift in chunk) for table in range(len(MODELS))]
        nexts = [
            self.dialect.reserve(model, size) if size and has_own_key(model) else 0
            for model, size in zip(MODELS, sizes, strict=True)
        ]
        tables: list[list[Row]] = [[] for _model in MODELS]
        for mould, shift in chunk:
            copy = Copy(next(numbers[mould.day(shift)]), list(nexts), shift)
            self._vary(mould, copy)
            for table, rows in enumerate(mould.cast(copy)):
                tables[table].extend(rows)
                nexts[table] += len(rows)
        for model, rows in zip(MODELS, tables, strict=True):
            if rows:
                self.dialect.write(model, rows)

    def _vary(self, mould: Mould, copy: Copy) -> None:
        if not self.vary:
            return
        copy.words = exchanges(mould.words, self.rng)
        life = mould.life
        if life.by_customer:
            return
        alike = self.neighbours[life.customer.region_id, life.customer.account_manager_id]
        customer = self.rng.choice(alike) if alike else life.customer
        if customer.pk != life.customer.pk:
            self._give(mould, copy, customer)

    def _give(self, mould: Mould, copy: Copy, customer: Organisation) -> None:
        """Make the copy another customer's, with the contact and the platform in the same place of its lists."""
        life = mould.life
        contacts, sites = self.contacts[customer.pk], self.sites[customer.pk]
        if not contacts or (life.site and not sites):
            return
        place = self.place.get(life.contact.pk, 0)
        copy.customer, copy.contact = customer, contacts[min(place, len(contacts) - 1)]
        copy.site = sites[life.site.pk % len(sites)] if life.site else None
        copy.names = mould.names(customer, copy.contact, copy.site)


def _reserve_numbers(days: Iterable[date]) -> dict[date, Iterator[str]]:
    """Reference numbers of days, drawn from their series as the gate draws them."""
    wanted = Counter(days)
    prefix = registry.get("ticket").prefix
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    places = ", ".join(["(%s, %s, %s)"] * len(wanted))
    values = [value for day, count in sorted(wanted.items()) for value in (prefix, day, count)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (prefix, day, last) VALUES {places} "  # noqa: S608 - own names
            f"ON CONFLICT (prefix, day) DO UPDATE SET last = {table}.last + EXCLUDED.last RETURNING day, last",
            values,
        )
        lasts = {str(day): last for day, last in cursor.fetchall()}
    return {day: _numbers(prefix, day, lasts[str(day)] - count + 1) for day, count in wanted.items()}


def _numbers(prefix: str, day: date, first: int) -> Iterator[str]:
    return (f"{prefix}-{day:%Y%m%d}-{number:04d}" for number in iter_count(first))

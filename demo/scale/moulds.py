"""From a life to a mould: rows whose constant values are ready, with holes for what each copy has of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.db import models

from core import clock
from demo.scale.patterns import MODELS, own_fields
from demo.texts import exchangeable_in
from tickets.models import Ticket
from workflow.models import Entry, Record
from workflow.timeline import digest

if TYPE_CHECKING:
    from datetime import date

    from customers.models import Contact, Organisation, Site
    from demo.scale.dialects import Dialect, Row
    from demo.scale.patterns import Life

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")
_DEADLINE_KEY = re.compile(r"(deadline:)(\d+)")
_RECORD, _TICKET, _ENTRY = MODELS.index(Record), MODELS.index(Ticket), MODELS.index(Entry)
_ROOT = {Ticket: Record}
"""Tables whose key is another table's."""


@dataclass
class Copy:
    """What one copy has of its own."""

    number: str
    keys: list[int]
    """For each table the first key of its rows."""
    shift: timedelta = timedelta(0)
    customer: Organisation | None = None
    contact: Contact | None = None
    site: Site | None = None
    words: dict[str, str] = field(default_factory=dict)
    """Words within texts, to be exchanged."""
    names: dict[str, str] = field(default_factory=dict)
    """Whole values, to be exchanged: the customer's name, the contact's number."""
    data: list[Any] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)


Fill = Callable[[Copy], Any]


class Mould:
    """One life, ready to be copied."""

    def __init__(self, life: Life, dialect: Dialect) -> None:
        self.life = life
        self.sizes = [len(rows) for rows in life.rows]
        self._dialect = dialect
        self._words = exchangeable_in(life.value(Record, "title") + life.value(Ticket, "body"))
        self._places = {
            (model, row[0]): (number, position)
            for number, (model, rows) in enumerate(zip(MODELS, life.rows, strict=True))
            for position, row in enumerate(rows)
        }
        self._own_names = _names_of(life.customer, life.contact, life.site)
        self._entries = [self._entry(row) for row in life.rows[_ENTRY]]
        self._rows = [[self._row(model, row, position) for position, row in enumerate(rows)]
                      for model, rows in zip(MODELS, life.rows, strict=True)]  # fmt: skip

    @property
    def words(self) -> list[str]:
        """The words of its title and description that may be exchanged for others of their kind."""
        return self._words

    def day(self, shift: timedelta) -> date:
        """The local day on which a copy was recorded."""
        return clock.local(self.life.value(Record, "created_at") + shift).date()

    def names(self, customer: Organisation, contact: Contact, site: Site | None) -> dict[str, str]:
        """What must be exchanged when the life becomes another customer's."""
        others = _names_of(customer, contact, site)
        return {old: others[what] for what, old in self._own_names.items() if old and what in others}

    def cast(self, copy: Copy) -> list[list[Row]]:
        """The rows of a copy, for each table."""
        self._chain(copy)
        made: list[list[Row]] = []
        for rows in self._rows:
            table: list[Row] = []
            for constants, holes in rows:
                row = constants.copy()
                for position, fill in holes:
                    row[position] = fill(copy)
                table.append(row)
            made.append(table)
        return made

    # --- the timeline ---------------------------------------------------------------------------------------------
    def _entry(self, row: tuple[Any, ...]) -> tuple[SimpleNamespace, Fill | None]:
        said = SimpleNamespace(**{f.attname: value for f, value in zip(own_fields(Entry), row, strict=True)})
        return said, self._document(said.data)

    def _chain(self, copy: Copy) -> None:
        """Chain the copy's entries anew, by the timeline's own digest."""
        copy.data, copy.hashes, before = [], [""], ""
        for said, fill in self._entries:
            data = said.data if fill is None else fill(copy)
            entry = SimpleNamespace(**{**vars(said), "at": said.at + copy.shift, "data": data, "prev_hash": before})
            before = digest(copy.number, entry)  # type: ignore[arg-type]
            copy.data.append(data)
            copy.hashes.append(before)

    # --- rows -----------------------------------------------------------------------------------------------------
    def _row(self, model: type[models.Model], row: tuple[Any, ...], position: int) -> tuple[Row, list[tuple[int, Fill]]]:
        constants: Row = []
        holes: list[tuple[int, Fill]] = []
        for place, (column, value) in enumerate(zip(own_fields(model), row, strict=True)):
            fill = self._special(model, column.attname, value, position) or self._usual(model, column, value)
            constants.append(None if fill else self._dialect.constant(column, value))
            if fill:
                holes.append((place, fill))
        return constants, holes

    def _special(self, model: type[models.Model], name: str, value: Any, position: int) -> Fill | None:
        """The values that have a meaning of their own."""
        d = self._dialect
        if model is Record and name == "number":
            return lambda copy: d.text(copy.number)
        if model is Record and name == "timeline_head":
            return lambda copy: d.text(copy.hashes[-1])
        if model is Entry and name in {"hash", "prev_hash", "data"}:
            return {
                "hash": lambda copy: d.text(copy.hashes[position + 1]),
                "prev_hash": lambda copy: d.text(copy.hashes[position]),
                "data": lambda copy: d.document(copy.data[position]),
            }[name]
        if value is None:
            return None
        if model is Entry and name == "key":
            return self._key(value)
        if model is Record and name == "customer_id":
            return lambda copy: d.number(copy.customer.pk if copy.customer else value)
        if model is Ticket and name == "contact_id":
            return lambda copy: d.number(copy.contact.pk if copy.contact else value)
        if model is Ticket and name == "site_id":
            return lambda copy: d.number(copy.site.pk if copy.site else value)
        return None

    def _usual(self, model: type[models.Model], column: models.Field[Any, Any], value: Any) -> Fill | None:
        """Keys, times and texts."""
        d = self._dialect
        if value is None:
            return None
        goal = model if column.primary_key and column.remote_field is None else column.related_model
        goal = _ROOT.get(goal, goal)  # type: ignore[arg-type]
        if goal in MODELS and (goal, value) in self._places:
            table, position = self._places[goal, value]  # type: ignore[index]
            return lambda copy: d.number(copy.keys[table] + position)
        if isinstance(value, datetime):
            return lambda copy: d.moment(value + copy.shift)
        if isinstance(value, str) and (fill := self._string(value)):
            return lambda copy: d.text(fill(copy))
        return None

    def _key(self, value: str) -> Fill | None:
        """The key of an act that a deadline asked for names the deadline."""
        found = _DEADLINE_KEY.fullmatch(value)
        place = self._places.get((_DEADLINE, int(found[2]))) if found else None
        if found is None or place is None:
            return lambda copy: self._dialect.text(f"{value}/{copy.number}"[-64:])
        table, position = place
        return lambda copy: self._dialect.text(f"{found[1]}{copy.keys[table] + position}")

    def _string(self, value: str) -> Fill | None:
        if value in self._own_names.values() and value:
            return lambda copy: copy.names.get(value, value)
        if any(word in value for word in self._words):
            return lambda copy: _exchanged(value, copy.words)
        return None

    # --- what JSON holds ------------------------------------------------------------------------------------------
    def _document(self, value: Any, name: str = "") -> Fill | None:
        """How a document is filled; None if nothing in it changes."""
        if isinstance(value, dict):
            inner = {key: self._document(part, key) for key, part in value.items()}
            if not any(inner.values()):
                return None
            return lambda copy: {key: fill(copy) if (fill := inner[key]) else part for key, part in value.items()}
        if isinstance(value, list):
            parts = [(part, self._document(part, name)) for part in value]
            if not any(fill for _part, fill in parts):
                return None
            return lambda copy: [fill(copy) if fill else part for part, fill in parts]
        if name == "deadline" and isinstance(value, int) and (_DEADLINE, value) in self._places:
            table, position = self._places[_DEADLINE, value]
            return lambda copy: copy.keys[table] + position
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value)
            return lambda copy: (moment + copy.shift).isoformat()
        return self._string(value) if isinstance(value, str) else None


_DEADLINE = MODELS[3]


def _exchanged(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def _names_of(customer: Organisation, contact: Contact, site: Site | None) -> dict[str, str]:
    """By what a customer's ticket names them: whole values of its columns and of its timeline."""
    found = {
        "customer": str(customer),
        "contact": contact.name,
        "phone": contact.phone,
        "mobile": contact.mobile,
        "fax": contact.fax,
        "email": contact.email,
    }
    return found | ({"site": site.name} if site else {})

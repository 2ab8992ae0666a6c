"""From a life to a mould: rows whose constant values are ready, with holes for what each copy has of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from core import clock
from demo.scale.patterns import MODELS, own_fields
from demo.texts import exchangeable_in
from search.models import WRITTEN, Document
from search.records import Said, told
from search.writing import document
from tickets.models import Ticket
from workflow.models import Deadline, Entry, Record
from workflow.timeline import digest

if TYPE_CHECKING:
    from datetime import date

    from django.db import models

    from customers.models import Contact, Organisation, Site
    from demo.scale.dialects import Dialect, Row
    from demo.scale.patterns import Life

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")
_DEADLINE_KEY = re.compile(r"(deadline:)(\d+)")
_ENTRIES = MODELS.index(Entry)
_RECORDS = MODELS.index(Record)
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
    moments: list[datetime] = field(default_factory=list)
    """The mould's moments, moved."""
    times: list[Any] = field(default_factory=list)
    """The same as the database takes them."""
    data: list[Any] = field(default_factory=list)
    found: Document | None = None
    """What it is found by."""
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
        self._moments: dict[str, tuple[int, datetime]] = {}
        self._own_names = _names_of(life.customer, life.contact, life.site)
        self._entries = [self._entry(row) for row in life.rows[_ENTRIES]]
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
        copy.moments = [moment + copy.shift for _place, moment in self._moments.values()]
        copy.times = [self._dialect.moment(moment) for moment in copy.moments]
        self._chain(copy)
        self._index_anew(copy)
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
    def _entry(self, row: tuple[Any, ...]) -> tuple[Any, int, Any, Fill | None]:
        """An entry to be filled and chained, the place of its moment, its data, and how they are filled."""
        said = SimpleNamespace(**{f.attname: value for f, value in zip(own_fields(Entry), row, strict=True)})
        return said, self._index(said.at), said.data, self._document(said.data)

    def _chain(self, copy: Copy) -> None:
        """Chain the copy's entries anew, by the timeline's own digest."""
        copy.data, copy.hashes, before = [], [""], ""
        for said, moment, unchanged, fill in self._entries:
            data = unchanged if fill is None else fill(copy)
            said.at, said.data, said.prev_hash = copy.moments[moment], data, before
            before = digest(copy.number, said)
            copy.data.append(data)
            copy.hashes.append(before)

    def _index_anew(self, copy: Copy) -> None:
        """What the copy is found by follows from its own number, title and timeline."""
        said = [
            Said(entry.verb, data, entry.public) for (entry, *_rest), data in zip(self._entries, copy.data, strict=True)
        ]
        said = [each for each in said if not each.verb.startswith("deadline.")]
        kind, title = self.life.value(Record, "kind"), _exchanged(self.life.value(Record, "title"), copy.words)
        copy.found = document(kind, copy.keys[_RECORDS], told(kind, copy.number, title, said))

    # --- rows -----------------------------------------------------------------------------------------------------
    def _row(
        self, model: type[models.Model], row: tuple[Any, ...], position: int
    ) -> tuple[Row, list[tuple[int, Fill]]]:
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
        meanings: dict[tuple[type[models.Model], str], Fill] = {
            (Record, "number"): lambda copy: d.text(copy.number),
            (Record, "timeline_head"): lambda copy: d.text(copy.hashes[-1]),
            (Entry, "hash"): lambda copy: d.text(copy.hashes[position + 1]),
            (Entry, "prev_hash"): lambda copy: d.text(copy.hashes[position]),
            (Entry, "data"): lambda copy: d.document(copy.data[position]),
            (Document, "subject"): lambda copy: d.number(copy.keys[_RECORDS]),
            (Record, "customer_id"): lambda copy: d.number(copy.customer.pk if copy.customer else value),
            (Ticket, "contact_id"): lambda copy: d.number(copy.contact.pk if copy.contact else value),
            (Ticket, "site_id"): lambda copy: d.number(copy.site.pk if copy.site else value),
        }
        if value is None:
            return None
        if model is Document and name in WRITTEN:
            return self._found(name)
        if (model, name) == (Entry, "key"):
            return self._key(value)
        return meanings.get((model, name))

    def _found(self, name: str) -> Fill:
        hand_over = self._dialect.pieces if name == "pieces" else self._dialect.text
        return lambda copy: hand_over(getattr(copy.found, name))

    def _usual(self, model: type[models.Model], column: models.Field[Any, Any], value: Any) -> Fill | None:
        """Keys, times and texts."""
        d = self._dialect
        if value is None:
            return None
        goal: Any = model if column.primary_key and column.remote_field is None else column.related_model
        goal = _ROOT.get(goal, goal)
        if goal in MODELS and (goal, value) in self._places:
            table, position = self._places[goal, value]
            return lambda copy: d.number(copy.keys[table] + position)
        if isinstance(value, datetime):
            moment = self._index(value)
            return lambda copy: copy.times[moment]
        if isinstance(value, str) and (fill := self._string(value)):
            return lambda copy: d.text(fill(copy))
        return None

    def _key(self, value: str) -> Fill | None:
        """The key of an act that a deadline asked for names the deadline."""
        found = _DEADLINE_KEY.fullmatch(value)
        place = self._places.get((Deadline, int(found[2]))) if found else None
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
            return self._table({key: (part, self._document(part, key)) for key, part in value.items()})
        if isinstance(value, list):
            return self._list([(part, self._document(part, name)) for part in value])
        if name == "deadline" and isinstance(value, int):
            return self._deadline(value)
        if isinstance(value, str):
            return self._moment(value) if _MOMENT.fullmatch(value) else self._string(value)
        return None

    def _table(self, parts: dict[str, tuple[Any, Fill | None]]) -> Fill | None:
        if not any(fill for _part, fill in parts.values()):
            return None
        return lambda copy: {key: fill(copy) if fill else part for key, (part, fill) in parts.items()}

    def _list(self, parts: list[tuple[Any, Fill | None]]) -> Fill | None:
        if not any(fill for _part, fill in parts):
            return None
        return lambda copy: [fill(copy) if fill else part for part, fill in parts]

    def _deadline(self, key: int) -> Fill | None:
        place = self._places.get((Deadline, key))
        if place is None:
            return None
        table, position = place
        return lambda copy: copy.keys[table] + position

    def _moment(self, value: str) -> Fill:
        moment = self._index(datetime.fromisoformat(value))
        return lambda copy: copy.moments[moment].isoformat()

    def _index(self, moment: datetime) -> int:
        """The place of a moment among those that the life names; each is moved but once. Zones are kept as written."""
        return self._moments.setdefault(moment.isoformat(), (len(self._moments), moment))[0]


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

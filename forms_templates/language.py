"""What a form is made of: the words in which `catalogue/*.yaml` and stored versions say it. Pure: no queries, no I/O.

A definition is data (`Form.of(data)`, `form.data`), so that a version can be stored whole and prints so for ever.
Sections hold items; an item is a field, a table, a block of questions with the same answers, or a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from handbook.sources import HandbookError, Worded, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KINDS = (
    "text", "long", "int", "money", "date", "moment", "choice", "choices", "yes_no", "rate", "check", "secret", "files",
    "signature", "seal", "approval", "table", "clause", "prose",
)  # fmt: skip
"""What an item may be. Their values, as a document keeps them, are described in the README."""

FILLERS: dict[str, tuple[str, ...]] = {
    # code of the handbook's forms: roles of roles.yaml; none: the customer or the software
    "CS": ("customer_specialist",),
    "AM": ("account_manager",),
    "SAM": ("senior_account_manager",),
    "PSE": ("support_engineer",),
    "TR": ("trainer",),
    "TTL": ("training_lead",),
    "UPL": ("upgrade_lead",),
    "RD": ("rd_engineer", "rd_reviewer"),
    "SD": ("service_director",),
    "SDIR": ("sales_director", "service_director"),
    "SM": ("sales_manager",),
    "SO": ("sales_ops",),
    "SRV": ("service_reviewer",),
    "FIN": ("finance", "finance_reviewer"),
    "HR": ("hr_admin",),
    "DH": ("department_head",),
    "VP": ("vice_president",),
    "CU": (),
    "SYS": (),
}
"""Who fills an item in, by the codes of the handbook's forms; every kind of customer (CU-A, CU-T, PROS) is CU."""

CUSTOMER, SYSTEM = "CU", "SYS"
PLACE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
"""A place in the text of a clause or footer: an item's answer is printed there, or what the letterhead says."""
COMPANY = tuple(
    f"company.{name}"
    for name in ("name", "address", "postcode", "phone", "fax", "email", "bank_account_name", "bank", "bank_account")
)
"""The places that the letterhead fills."""
WHEN = "when"
"""The key under which a table's row from the beginning says for which answers it is meant."""


class DefinitionError(HandbookError):
    """A form's definition contradicts itself or has a shape that it should not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Worded):
    """One of the answers that are printed before a box."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition on other answers of the same form; it holds when any of the named items fulfils it.

    `items` are keys of items (`table.column` for a column, of which any row counts). Exactly one of the others is
    given: `among` the answers that fulfil it, `at_most` for ratings, `filled` for any answer at all.
    """

    items: tuple[str, ...]
    among: tuple[Any, ...] = ()
    at_most: int | None = None
    filled: bool = False

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether the answers fulfil it."""
        return any(self._fulfils(answer) for key in self.items for answer in _answers(values, key))

    def _fulfils(self, answer: Any) -> bool:
        if answer is None or answer in ("", []):
            return False
        if self.filled:
            return True
        if self.at_most is not None:
            return isinstance(answer, int) and not isinstance(answer, bool) and answer <= self.at_most
        given = answer if isinstance(answer, list) else [answer]
        return any(one in self.among for one in given)


def _answers(values: Mapping[str, Any], key: str) -> list[Any]:
    table, _dot, column = key.partition(".")
    if not column:
        answer = values.get(key)
        return [answer.get("answer") if isinstance(answer, dict) and "answer" in answer else answer]
    return [row.get(column) for row in values.get(table) or []]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Worded):
    """A column of a table. `width` is its share of the table's width in per cent; 0 shares what is left."""

    key: str
    kind: str = "text"
    options: tuple[Option, ...] = ()
    width: int = 0
    by: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Worded):
    """One thing that a form asks for, or says.

    `by` says who fills it in (FILLERS; several joined by `+`), `source` from where it is filled beforehand, as a path
    into what the issuing process knows (`customer.name`). `required` and `required_when` are exclusive; `shown_when`
    leaves the item off the web form until it matters (it is printed all the same, so that a blank can be used by hand).
    `wide` takes the whole row of the page. `lines` is how many lines a long answer is given room for. `of` groups
    consecutive ratings and checks under one heading row. A table has `columns`, may have `rows` that are there from the
    beginning (by column), and room for `spare` more; `numbered` prints 1, 2, 3 before them. A signature or seal says in
    `party` whose it is (`customer`, `company`); `online` tells that it may be given on the screen; a signature with
    `lines: 1` stands in a row like a field. `computed` names the calculation of `forms_templates.computed` that gives
    the value. A clause has its text in zh and en, with places (`{contract_no}`) where the answers of other items are
    printed, or room to write them; one with `shown_when` is printed only when that holds, and on a blank. In a letter,
    what has its place in a text is not printed once more. A cell of `rows` is what stands there, a text in two
    languages (`{zh, en}`), or a path from where it is filled (`{source}`); a row may have a `when`. Prose is a text
    of any length with its own headings and numbers (第一条, 1., （一）), printed as paragraphs over many pages.
    """

    key: str
    kind: str = "text"
    by: str = SYSTEM
    source: str = ""
    required: bool = False
    required_when: When | None = None
    shown_when: When | None = None
    wide: bool = False
    lines: int = 0
    of: Worded | None = None
    options: tuple[Option, ...] = ()
    unit: Worded | None = None
    help: Worded | None = None
    columns: tuple[Column, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    spare: int = 0
    most: int = 0
    numbered: bool = False
    party: str = ""
    online: bool = False
    computed: str = ""

    @property
    def fillers(self) -> tuple[str, ...]:
        """The codes of who fills it in."""
        return tuple(self.by.split("+"))

    @property
    def is_customers(self) -> bool:
        """Whether the customer fills it in (also) and sees it to do so."""
        return CUSTOMER in self.fillers

    def is_required(self, values: Mapping[str, Any]) -> bool:
        """Whether an answer must be there, given the other answers."""
        return self.required or (self.required_when is not None and self.required_when.holds(values))

    def is_shown(self, values: Mapping[str, Any]) -> bool:
        """Whether it matters on the screen, given the other answers."""
        return self.shown_when is None or self.shown_when.holds(values)

    def beginning(
        self, values: Mapping[str, Any], find: Callable[[str], Any] = lambda _path: None
    ) -> list[dict[str, Any]]:
        """The rows that are there from the beginning, as a document keeps them; `find` gives what a path leads to.

        A row with a condition is left out when an answer speaks against it, so a blank form has them all.
        """
        return [
            {key: said for key, cell in row.items() if key != WHEN and (said := _said(cell, find)) not in (None, "")}
            for row in self.rows
            if _meant(row, values)
        ]

    def cell_in_language(self, cell: Any) -> Any:
        """What a cell of a row that was there from the beginning is called in the reader's language."""
        for row in self.rows:
            for given in row.values():
                if isinstance(given, dict) and "zh" in given and given["zh"] == cell:
                    return Worded(given["zh"], given["en"]).in_language()
        return cell

    def option(self, key: str) -> Option:
        """The option of that key. Raises KeyError."""
        return {option.key: option for option in self.options}[key]


def _said(cell: Any, find: Callable[[str], Any]) -> Any:
    if not isinstance(cell, dict):
        return cell
    return find(cell["source"]) if "source" in cell else cell["zh"]


def _meant(row: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    if WHEN not in row:
        return True
    when: When = _made(When, row[WHEN])
    answered = any(answer not in (None, "", []) for key in when.items for answer in _answers(values, key))
    return when.holds(values) or not answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Worded):
    """A part of a form under a bar with its number and name, in print without them where it is `bare`.

    `private` ones are the company's own: the customer neither sees them on the screen nor gets them in print.
    """

    key: str
    items: tuple[Item, ...]
    private: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder(Worded):
    """Who keeps one of the originals."""

    key: str

    @property
    def told(self) -> dict[str, str]:
        """The holder as data."""
        return {"key": self.key, "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is issued: what stands on it, how it looks, how many originals there are and who keeps them.

    `layout` is `table` (bordered grid), `letter` (running text), `contract` (a letter of many pages, whose named
    sections are its annexes) or `statement` (wide tables, landscape possible).
    `dense` sets it in smaller letters and lower rows, so that what belongs on one page stands on one page;
    `tight` lowers them once more on what is complete and only read.
    `under_title` are the keys of items printed left and right under the title instead of in their section. `internal`
    forms never go to a customer. `rule` is the rule of the handbook that asks for the form. `title_from` is the key of
    a choice or text whose answer is printed as the title (a letter that is a reminder first and a demand later).
    `every_page` are the keys of items that stand at the foot of every page. A form that is `about` a kind of record is
    made from such a record alone: nobody begins it otherwise. `version` is the number under which the definition is
    kept; 0 where it comes straight from the catalogue.
    """

    code: str
    title: Worded
    sections: tuple[Section, ...]
    rule: str = ""
    layout: str = "table"
    landscape: bool = False
    dense: bool = False
    tight: bool = False
    internal: bool = False
    under_title: tuple[str, ...] = ()
    every_page: tuple[str, ...] = ()
    title_from: str = ""
    about: str = ""
    holders: tuple[Holder, ...] = ()
    footer: Worded | None = None
    version: int = field(default=0, compare=False)
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, data: Mapping[str, Any], version: int = 0) -> Form:
        """A form from its data, as that version of it. Raises DefinitionError, saying what is wrong and where."""
        try:
            form: Form = _made(cls, {key: value for key, value in data.items() if key not in _NO_DATA})
        except HandbookError as error:
            msg = f"{data.get('code')}: {error}"
            raise DefinitionError(msg) from error
        object.__setattr__(form, "data", data)
        object.__setattr__(form, "version", version)
        form.check()
        return form

    def items(self) -> Iterator[Item]:
        """Every item, in the order of the page."""
        for section in self.sections:
            yield from section.items

    def item(self, key: str) -> Item:
        """The item of that key. Raises KeyError."""
        return {item.key: item for item in self.items()}[key]

    def section_of(self, key: str) -> Section:
        """The section in which an item stands. Raises KeyError."""
        return {item.key: section for section in self.sections for item in section.items}[key]

    def titled(self, values: Mapping[str, Any]) -> Worded:
        """What is printed as the title, given the answers."""
        said = values.get(self.title_from)
        if not said:
            return self.title
        item = self.item(self.title_from)
        return item.option(said) if item.options else Worded(said, said)

    @property
    def copies(self) -> int:
        """How many originals are printed."""
        return max(1, len(self.holders))

    def _places(self) -> Iterator[str]:
        texts = [(item.zh, item.en) for item in self.items() if item.kind == "clause"]
        for text in (*texts, (self.footer.zh, self.footer.en) if self.footer else ()):
            for wording in text:
                yield from PLACE.findall(wording)

    def check(self) -> None:
        """Raise DefinitionError for keys that come twice; kinds, fillers, columns or conditions that do not exist."""
        keys = [item.key for item in self.items()]
        for wrong in (
            *(f"{key} comes twice" for key in {k for k in keys if keys.count(k) > 1}),
            *(f"{item.key}: no such kind {item.kind}" for item in self.items() if item.kind not in KINDS),
            *(f"{item.key}: by {item.by}" for item in self.items() if not set(item.fillers) <= FILLERS.keys()),
            *(f"{item.key}: no columns" for item in self.items() if item.kind == "table" and not item.columns),
            *(f"{key} under the title is no item" for key in self.under_title if key not in keys),
            *(f"{key} on every page is no item" for key in self.every_page if key not in keys),
            *(f"{item.key}: a column {WHEN}" for item in self.items() if WHEN in {c.key for c in item.columns}),
            *(f"{item.key}: {key} comes twice" for item in self.items() for key in _twice(item)),
            *(f"{item.key}: {wrong}" for item in self.items() for row in item.rows for wrong in _strange(item, row)),
            *(f"{key}, a place in a text, is no item" for key in self._places() if key not in (*keys, *COMPANY)),
            *(
                f"{item.key}: depends on {key}, which is no item"
                for item in self.items()
                for when in (item.required_when, item.shown_when)
                if when is not None
                for key in when.items
                if key.partition(".")[0] not in keys
            ),
        ):
            msg = f"{self.code}: {wrong}"
            raise DefinitionError(msg)


def _twice(item: Item) -> list[str]:
    """Keys of options or columns that the item has more than once."""
    options = [[option.key for option in each] for each in (item.options, *(c.options for c in item.columns))]
    return [key for keys in (*options, [c.key for c in item.columns]) for key in {k for k in keys if keys.count(k) > 1}]


def _strange(item: Item, row: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a row that is there from the beginning."""
    columns = {column.key: column for column in item.columns}
    for key, cell in row.items():
        if key == WHEN:
            continue
        if key not in columns:
            yield f"a row has {key}, which is no column"
        elif isinstance(cell, dict) and cell.keys() not in ({"zh", "en"}, {"source"}):
            yield f"a row's {key} is neither worded nor from a source"
        elif (options := columns[key].options) and not isinstance(cell, dict) and cell not in {o.key for o in options}:
            yield f"a row's {key} is {cell}, which is no option"


_NO_DATA = ("data", "version")
_PARTS: dict[str, type[Any]] = {
    "options": Option,
    "columns": Column,
    "sections": Section,
    "holders": Holder,
    "required_when": When,
    "shown_when": When,
    "of": Worded,
    "unit": Worded,
    "help": Worded,
    "title": Worded,
    "footer": Worded,
}


def _made(kind: type[Any], row: Mapping[str, Any]) -> Any:
    """A dataclass with what is within it, from data; an Item's items are of the Section that holds them."""
    made = {}
    for key, value in row.items():
        part = Item if (kind, key) == (Section, "items") else _PARTS.get(key)
        if isinstance(value, list | tuple):
            made[key] = tuple(_made(part, each) if part else each for each in value)
        else:
            made[key] = _made(part, value) if part and isinstance(value, dict) else value
    known = {each.name for each in fields(kind)} if is_dataclass(kind) else set()
    return build(kind, {key: value for key, value in made.items() if value is not None or key not in known})

"""Records of processes that can be found: by number and title, and by all that was said on their timeline."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.models import put
from search.writing import Told, document
from workflow import hooks, registry
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from search.models import Document
    from workflow.registry import Process

_LONGEST_SAID = 20_000
_BY_CLOCK = "deadline."


@dataclass(frozen=True)
class RecordSearch:
    """What a process declares in its manifest so that its records are found.

    All texts that were said on the timeline count, but for the fields named in `silent`; secrets never reach it. A
    customer finds the record by its number, its title, and what the verbs' forms name as `public`. `more` gives what
    records of the keys say beside their timelines; only acts change it.
    """

    silent: frozenset[str] = frozenset()
    more: Callable[[Collection[int]], Mapping[int, Iterable[str]]] | None = None


@dataclass(frozen=True)
class Said:
    """Of a timeline entry what the index looks at."""

    verb: str
    data: Mapping[str, Any]
    public: bool


def searched() -> list[Process]:
    """The processes whose records can be found."""
    return [process for process in registry.all_processes() if process.search is not None]


@hooks.on_entries
def mirror(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:
    """Write anew what is found of records of which something was said; in the entries' own transaction."""
    speaking = [entry for entry in entries if _speaks(entry, records[entry.record_id])]
    if not speaking:
        return
    wanted = {entry.record_id for entry in speaking}
    said: dict[int, list[Said]] = defaultdict(list)
    for entry in speaking:
        said[entry.record_id].append(Said(entry.verb, entry.data, entry.public))
    known = wanted - {entry.record_id for entry in speaking if entry.seq == 1}
    said |= timelines(known) if known else {}
    for pk, texts in beside(records[pk] for pk in wanted).items():
        said[pk].append(texts)
    put(row(records[pk], records[pk].number, said[pk]) for pk in sorted(wanted))


def _speaks(entry: Entry, record: Record) -> bool:
    declared = registry.get(record.kind).search
    if declared is None or entry.verb.startswith(_BY_CLOCK):
        return False
    renamed = "title" in (entry.data.get("changes") or {})
    return entry.seq == 1 or renamed or declared.more is not None or any(_texts(entry.data, declared))


def beside(records: Iterable[Record]) -> dict[int, Said]:
    """What records say beside their timelines, as if it were said there."""
    of_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        of_kind[record.kind].append(record.pk)
    found: dict[int, Said] = {}
    for kind, keys in of_kind.items():
        declared = registry.get(kind).search
        for pk, texts in (declared.more(keys) if declared is not None and declared.more else {}).items():
            found[pk] = Said("", {"said": {"": list(texts)}}, public=False)
    return found


def timelines(records: Iterable[int]) -> dict[int, list[Said]]:
    """What was said on records, in order; one query."""
    found: dict[int, list[Said]] = defaultdict(list)
    entries = Entry.objects.filter(record__in=list(records)).exclude(verb__startswith=_BY_CLOCK)
    rows = entries.order_by("record_id", "seq").values_list("record_id", "verb", "data", "public")
    for record, verb, data, public in rows:
        found[record].append(Said(verb, data, public))
    return found


def row(record: Record, number: str, said: Iterable[Said]) -> Document:
    """The row of a record."""
    return document(record.kind, record.pk, told(record.kind, number, record.title, said), record_id=record.pk)


def told(kind: str, number: str, title: str, said: Iterable[Said]) -> Told:
    """What a record says: its number and title, and each text of its timeline once."""
    process = registry.get(kind)
    heading = f"{number} {title}"
    texts: dict[str, None] = {}
    public: dict[str, None] = {heading: None}
    for each in said:
        texts |= dict.fromkeys(_texts(each.data, process.search))
        if each.public:
            public |= dict.fromkeys(_told_outside(process, each))
    texts.pop(title, None)
    return Told(heading, "\n".join(texts), "\n".join(public))


def _texts(data: Mapping[str, Any], declared: RecordSearch) -> Iterator[str]:
    # In one order, whether the act has just happened or is read again: databases keep another than that of the form.
    for name, value in sorted((data.get("said") or {}).items()):
        if name not in declared.silent:
            yield from _strings(value)


def _told_outside(process: Process, said: Said) -> Iterator[str]:
    """Of a public entry what the customer reads: the fields that the verb's form names."""
    form = process.forms.get(said.verb)
    values = said.data.get("said") or {}
    for name in form.public if form is not None else ():
        if name not in process.search.silent:
            yield from _strings(values.get(name))


def _strings(value: Any) -> Iterator[str]:
    """The texts in what the timeline keeps of an answer; moments, figures and vocabulary are not looked for."""
    if isinstance(value, str) and value:
        yield value[:_LONGEST_SAID]
    elif isinstance(value, list):
        yield from (each[:_LONGEST_SAID] for each in value if isinstance(each, str) and each)

"""Keeping watch over the index: what each thing should be found by, and where a row says something else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from customers.models import Contact, Organisation
from search import attachments, customers, records
from search.models import Document, put
from workflow.models import Attachment, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Rows = Iterator[tuple[int, Document]]

_AT_ONCE = 500
_COMPARED = ("heading", "text", "folded", "public", "pieces", "record_id", "organisation_id")


@dataclass
class Report:
    """How many rows there should be, which are missing or differ, and which mirror nothing."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether the index mirrors everything, and nothing else."""
        return not self.wrong and not self.left_over


def verify(*, mend: bool, progress: Callable[[int], None] | None = None) -> Report:
    """Compare every row with what it mirrors; with `mend` write it as it should be."""
    report = Report()
    kinds = {process.kind for process in records.searched()} | {
        customers.CUSTOMER,
        customers.CONTACT,
        attachments.ATTACHMENT,
    }
    for kind in sorted(kinds):
        there: set[int] = set()
        for batch in _batches(kind):
            there |= {row.subject for row in batch}
            _compare(kind, batch, report, mend=mend)
            if progress is not None:
                progress(report.right)
        stray = Document.objects.filter(kind=kind)
        gone = sorted(set(stray.values_list("subject", flat=True)) - there)
        _clear(kind, gone, report, mend=mend)
    strange = Document.objects.exclude(kind__in=kinds)
    report.left_over += [str(row) for row in strange.only("kind", "subject")]
    if mend:
        strange.delete()
    return report


def _compare(kind: str, batch: list[Document], report: Report, *, mend: bool) -> None:
    known = {row.subject: row for row in Document.objects.filter(kind=kind, subject__in=[row.subject for row in batch])}
    wrong = [row for row in batch if row.subject not in known or _differ(known[row.subject], row)]
    report.right += len(batch) - len(wrong)
    report.wrong += [str(row) for row in wrong]
    if not (mend and wrong):
        return
    if kind == attachments.ATTACHMENT:
        attachments.add(Attachment.objects.filter(pk__in=[row.subject for row in wrong]))
    else:
        put(wrong)


def _differ(one: Document, other: Document) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in _COMPARED)


def _clear(kind: str, gone: list[int], report: Report, *, mend: bool) -> None:
    report.left_over += [f"{kind} {subject}" for subject in gone]
    if mend:
        for start in range(0, len(gone), _AT_ONCE):
            Document.objects.filter(kind=kind, subject__in=gone[start : start + _AT_ONCE]).delete()


def _batches(kind: str) -> Iterator[list[Document]]:
    """What the rows of a kind should be, some hundreds at a time."""
    makers: dict[str, tuple[Any, Callable[[list[Any]], Iterable[Document]]]] = {
        customers.CUSTOMER: (Organisation.objects.filter(active=True), _each(customers.organisation_row)),
        customers.CONTACT: (
            Contact.objects.filter(active=True, organisation__active=True),
            _each(customers.contact_row),
        ),
        attachments.ATTACHMENT: (_searched_files(), _files),
    }
    rows, make = makers.get(kind, (Record.objects.filter(kind=kind), _records))
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = found[-1].pk
        yield list(make(found))


def _each(make: Callable[[Any], Document]) -> Callable[[list[Any]], Iterable[Document]]:
    return lambda found: [make(one) for one in found]


def _records(found: list[Record]) -> Iterable[Document]:
    said, more = records.timelines([record.pk for record in found]), records.beside(found)
    return [
        records.row(record, record.number, [*said.get(record.pk, []), *filter(None, [more.get(record.pk)])])
        for record in found
    ]


def _searched_files() -> Any:
    return Attachment.objects.filter(record__kind__in=[process.kind for process in records.searched()])


def _files(found: list[Attachment]) -> Iterable[Document]:
    """A file's text is not read again to be compared: what its row says it read is taken for it."""
    read = dict(
        Document.objects.filter(
            kind=attachments.ATTACHMENT,
            subject__in=[one.pk for one in found],
        ).values_list("subject", "text")
    )
    return [attachments.row(one, read.get(one.pk, "")) for one in found]

"""Which pages of a file belong together. Pure: pages in, groups out."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from scans.models import Why


@dataclass(frozen=True)
class Seen:
    """A page: the document that its code names (its key), or why it names none."""

    number: int
    document: int | None = None
    sheet: int = 0
    why: str = ""
    blank: bool = False


@dataclass
class Group:
    """Pages that go the same way: to a document, or to the inbox because of `why`."""

    document: int | None
    why: str = ""
    pages: list[Seen] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The first of its pages in the file."""
        return min(page.number for page in self.pages)

    @property
    def sheets(self) -> list[int]:
        """The pages of the document that its codes name, in their order; one that came twice stands twice."""
        return sorted(page.sheet for page in self.pages if page.sheet)


def sort(pages: list[Seen]) -> list[Group]:
    """The groups, in the order in which they begin.

    A page without a code belongs to a document if pages of that one stand on both sides of it. Blank backs of sheets go
    with the page before. A page whose code is not known, or that has several, belongs to nothing.
    """
    owners = [_owner(pages, place) for place in range(len(pages))]
    documents: dict[int, Group] = {}
    groups: list[Group] = []
    for key, run in groupby(zip(pages, owners, strict=True), key=lambda pair: (pair[1], _why(*pair))):
        document, why = key
        members = [page for page, _owner in run]
        if document is not None and document in documents:
            documents[document].pages += members
            continue
        groups.append(Group(document, why, members))
        if document is not None:
            documents[document] = groups[-1]
    for group in groups:
        group.pages = _in_order(group.pages)
    return groups


def _why(page: Seen, owner: int | None) -> str:
    return "" if owner is not None else page.why or Why.NO_CODE


def _owner(pages: list[Seen], place: int) -> int | None:
    page = pages[place]
    if page.document is not None or page.why:
        return page.document
    before = next((p for p in reversed(pages[:place]) if not _says_nothing(p)), None)
    after = next((p for p in pages[place + 1 :] if not _says_nothing(p)), None)
    if before is not None and after is not None and before.document == after.document:
        return before.document
    if not page.blank:
        return None
    # A blank back: what stands before it, with nothing but blanks between, has its sheet.
    front = next((p for p in reversed(pages[:place]) if not (p.blank and _says_nothing(p))), None)
    return front.document if front is not None else None


def _says_nothing(page: Seen) -> bool:
    return page.document is None and not page.why


def _in_order(pages: list[Seen]) -> list[Seen]:
    """By the numbers that their codes name; a page without one stays behind the page that it followed."""
    keyed, last = [], 0
    for page in sorted(pages, key=lambda page: page.number):
        last = page.sheet or last
        keyed.append((last, page.number, page))
    return [page for _sheet, _number, page in sorted(keyed, key=lambda each: each[:2])]

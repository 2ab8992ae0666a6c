"""Many PDFs as one, with the memory of the largest of them: each object is written down as soon as it is read.

A library that puts PDFs together keeps all of them until the end. Here a document's pages are copied object by object,
children first; what is the same in several documents (fonts, logo) is recognised by its content and written once.
Each document is named in the outline.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

if TYPE_CHECKING:
    from typing import BinaryIO

_CATALOG, _PAGES, _OUTLINE = 1, 2, 3
_KEPT = ("/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group")
"""What makes a page look as it does; annotations and whatever acts by itself stay behind."""


class Merger:
    """A PDF that grows: `add` each document, then `close`."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._places: dict[int, int] = {}
        self._same: dict[bytes, int] = {}
        self._next = _OUTLINE + 1
        self._sheets: list[int] = []
        self._titles: list[tuple[str, int]] = []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """How many pages it has so far."""
        return len(self._sheets)

    def add(self, content: bytes, title: str) -> None:
        """Append a document's pages. Raises pypdf's PdfReadError if it is none."""
        copying = _Copying(self)
        first = len(self._sheets)
        for page in PdfReader(BytesIO(content)).pages:
            kept = DictionaryObject({NameObject("/Type"): NameObject("/Page"), NameObject("/Parent"): self._to(_PAGES)})
            for name in _KEPT:
                if (value := _inherited(page, name)) is not None:
                    kept[NameObject(name)] = copying.of(value)
            self._sheets.append(self._put(_bytes(kept)))
        if len(self._sheets) > first:
            self._titles.append((title, self._sheets[first]))

    def close(self) -> None:
        """Write what holds the pages together."""
        self._write_outline()
        kids = ArrayObject([self._to(number) for number in self._sheets])
        of_pages = {"/Type": NameObject("/Pages"), "/Kids": kids, "/Count": NumberObject(len(self._sheets))}
        self._put(_bytes(_named(of_pages)), _PAGES)
        root = {"/Type": NameObject("/Catalog"), "/Pages": self._to(_PAGES), "/Outlines": self._to(_OUTLINE)}
        self._put(_bytes(_named(root)), _CATALOG)
        start = self._out.tell()
        self._out.write(b"xref\n0 %d\n0000000000 65535 f \n" % self._next)
        for number in range(1, self._next):
            self._out.write(b"%010d 00000 n \n" % self._places[number])
        self._out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (self._next, start))

    def _write_outline(self) -> None:
        first, last = self._next, self._next + len(self._titles) - 1
        for place, (title, sheet) in enumerate(self._titles, start=first):
            shown = ArrayObject([self._to(sheet), NameObject("/Fit")])
            line: dict[str, Any] = {"/Title": TextStringObject(title), "/Parent": self._to(_OUTLINE), "/Dest": shown}
            line |= {"/Prev": self._to(place - 1)} if place > first else {}
            line |= {"/Next": self._to(place + 1)} if place < last else {}
            self._put(_bytes(_named(line)))
        head: dict[str, Any] = {"/Type": NameObject("/Outlines"), "/Count": NumberObject(len(self._titles))}
        if self._titles:
            head |= {"/First": self._to(first), "/Last": self._to(last)}
        self._put(_bytes(_named(head)), _OUTLINE)

    def keep(self, body: bytes) -> IndirectObject:
        """Write an object down, unless the same has been written before."""
        print_ = sha256(body).digest()[:16]
        if print_ not in self._same:
            self._same[print_] = self._put(body)
        return self._to(self._same[print_])

    def _put(self, body: bytes, number: int = 0) -> int:
        if not number:
            number, self._next = self._next, self._next + 1
        self._places[number] = self._out.tell()
        self._out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    @staticmethod
    def _to(number: int) -> IndirectObject:
        return IndirectObject(number, 0, None)


class _Copying:
    """One document's objects on their way: each is copied once, its children before it."""

    def __init__(self, merger: Merger) -> None:
        self.merger = merger
        self.known: dict[tuple[int, int], Any] = {}

    def of(self, value: Any) -> Any:
        """The value as it stands in the merged file."""
        if isinstance(value, IndirectObject):
            return self._referred(value)
        if isinstance(value, StreamObject):
            return self.merger.keep(_bytes(self._stream(value)))
        if isinstance(value, DictionaryObject):
            return _named({key: self.of(each) for key, each in _raw(value)})
        if isinstance(value, ArrayObject):
            return ArrayObject([self.of(each) for each in list(value)])
        return value

    def _referred(self, value: IndirectObject) -> Any:
        key = (value.idnum, value.generation)
        if key not in self.known:
            self.known[key] = NullObject()  # what leads back to itself leads nowhere here: pages need no circles
            target = value.get_object()
            copied = self.of(target)
            stands_alone = not isinstance(copied, IndirectObject) and isinstance(target, DictionaryObject | ArrayObject)
            self.known[key] = self.merger.keep(_bytes(copied)) if stands_alone else copied
        return self.known[key]

    def _stream(self, value: StreamObject) -> StreamObject:
        copied = StreamObject()
        for key, each in _raw(value):
            if key != "/Length":
                copied[NameObject(key)] = self.of(each)
        copied._data = value._data
        return copied


def _raw(value: DictionaryObject) -> list[tuple[str, Any]]:
    return [(str(key), value.raw_get(key)) for key in value]


def _named(values: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in values.items()})


def _inherited(page: Any, name: str) -> Any:
    """A page's own value, or that of what it lies in."""
    held = page
    while held is not None:
        if name in held:
            return held.raw_get(name)
        above = held.get("/Parent")
        held = above.get_object() if above is not None else None
    return None


def _bytes(value: Any) -> bytes:
    out = BytesIO()
    value.write_to_stream(out)
    return out.getvalue()

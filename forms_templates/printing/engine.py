"""WeasyPrint on a short rein: one font configuration a thread, no address ever opened, no warning ignored.

Imported by who renders and by nobody else: it takes a second, and workers alone need it.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import zlib
from contextlib import contextmanager
from functools import cache, lru_cache
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from cssselect2 import ElementWrapper
from django.conf import settings
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from forms_templates import glyphs
from forms_templates.printing.job import Print, PrintingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from weasyprint.document import Document

    from forms_templates.printing.pieces import Pieces

# The library tells Pillow, for the whole process, that half a picture will do. Nobody may print or keep one unseen.
ImageFile.LOAD_TRUNCATED_IMAGES = False

VARIANT = "pdf/a-2a"
"""Archival, with structure and extractable text; unlike PDF/A-3 it lets no foreign file ride along."""
_TAGS = re.compile(r"<[^>]*>")
_MISSING = ".notdef"
_OPENS, _CLOSES = b"\nstream\n", b"\nendstream"
_mine = threading.local()


class _Page(HTML):  # type: ignore[misc] # the library has no types
    """Markup of ours: well-formed, so that it needs no parser that forgives, and of few elements."""

    def __init__(self, page: str, shelf: _Shelf) -> None:
        self.base_url, self.url_fetcher, self.media_type = "", shelf, "print"
        self.etree_element = ET.fromstring(page)  # noqa: S314 - ours; what was typed is escaped in it
        self.wrapper_element = ElementWrapper.from_html_root(self.etree_element)

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: ARG002, FBT001, FBT002 - the library's
        """What elements are by nature, in place of what all of HTML's are."""
        return [_sheet("elements.css")]


class _Shelf(URLFetcher):  # type: ignore[misc] # the library has no types
    """All that a page can ask for: the pictures beside it. Any other address ends the rendering."""

    def __init__(self, pictures: Mapping[str, tuple[str, Callable[[], bytes]]]) -> None:
        super().__init__(fail_on_errors=True)
        self._pictures = pictures

    def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - the library's signature
        """The picture of that name. Raises KeyError."""
        kind, drawn = self._pictures[url]
        return URLFetcherResponse(url, drawn(), {"Content-Type": kind})


def lay_out(page: str, pieces: Pieces) -> Document:
    """Markup in pages. Raises MissingGlyphError and PrintingError."""
    if absent := glyphs.missing(unescape(_TAGS.sub("", page))):
        raise glyphs.MissingGlyphError(absent)
    fonts = _fonts()
    shelf = _Shelf(pieces.pictures)
    with _no_warnings():
        sheets = [_sheet("style.css"), _rules(pieces.rules)]
        html = _Page(page, shelf)
        return html.render(font_config=fonts, stylesheets=sheets, pdf_variant=VARIANT)


def finished(documents: Sequence[Document]) -> Print:
    """One file of all originals' pages. Raises PrintingError, and MissingGlyphError for what only drawing shows."""
    pages = [page for document in documents for page in document.pages]
    with _no_warnings():
        pdf = documents[0].copy(pages).write_pdf(pdf_variant=VARIANT, finisher=_packed)
        return Print(pdf, len(pages))


def _packed(_document: Document, pdf: Any) -> None:
    """Compress what is in the file, once: the library would for its bytes, and once more for their fingerprint."""
    for stream in pdf.objects:
        if getattr(stream, "compress", False):
            stream.compress = False
            _, _, plain = stream.data.partition(_OPENS)
            stream.stream = [zlib.compress(plain.removesuffix(_CLOSES))]
            stream.extra["Filter"] = "/FlateDecode"


def _fonts() -> Any:
    """The thread's font configuration, which knows the printing fonts and none of the machine's."""
    if not hasattr(_mine, "fonts"):
        with _fontconfig(Path(settings.FONTS_FOLDER) / "fonts.conf"):
            _mine.fonts = FontConfiguration()
    return _mine.fonts


@contextmanager
def _fontconfig(file: Path) -> Iterator[None]:
    """Let Fontconfig read that file as long as a configuration is made; other programs started later do not see it."""
    if not file.exists():
        msg = f"{file} is not there: the printing fonts come with the set-up (make run)"
        raise PrintingError(msg)
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(file)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _sheet(name: str) -> Any:
    """A style sheet of ours, read once."""
    return _rules(files("forms_templates.printing").joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _rules(text: str) -> Any:
    """Rules as the library keeps them; those that put pictures on pages are the same for most documents."""
    with _no_warnings():
        return CSS(string=text, url_fetcher=_Shelf({}))


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Whatever the library warns about is an error: a glyph that is not there, a picture that cannot be read."""
    heard = _Heard(threading.get_ident())
    logger = logging.getLogger("weasyprint")
    logger.addHandler(heard)
    try:
        yield
    except FatalURLFetchingError as error:
        raise PrintingError(str(error)) from error
    finally:
        logger.removeHandler(heard)
    if absent := dict.fromkeys(record.getMessage().partition('"')[2][:1] for record in heard.about(_MISSING)):
        raise glyphs.MissingGlyphError("".join(absent))
    if heard.records:
        raise PrintingError(heard.records[0].getMessage())


class _Heard(logging.Handler):
    """Warnings of one thread."""

    def __init__(self, thread: int) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._thread = thread

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.thread == self._thread:
            self.records.append(record)

    def about(self, sign: str) -> Iterator[logging.LogRecord]:
        """Those that begin so."""
        return (record for record in self.records if record.msg.startswith(sign))

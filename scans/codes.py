"""Reading the code of a document on a page: scanned, photographed, turned, faint or small.

Only what leads to this house's own proof of a document counts (`<site>/verify/CODE?p=2`); what another site's code says
is nobody's concern here. Whether a document has the code is for the database to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import zxingcpp
from django.conf import settings
from PIL import Image, ImageFilter, ImageOps

from documents import codes as short

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAIL = re.compile(r"(?P<code>[0-9A-Za-z-]{12,16})/?(?:\?p=(?P<page>[0-9]{1,3}))?")
_WANTED = zxingcpp.barcode_formats_from_str("QRCode")
_SMALL = 2400
_LARGE = 1800
_MOST_A_PAGE = 8


@dataclass(frozen=True)
class Mark:
    """What a code says: whose page it is, and which."""

    code: str
    page: int


@dataclass(frozen=True)
class Reading:
    """What was found on a page; `turn` is by how many degrees it must be turned clockwise to stand upright."""

    marks: tuple[Mark, ...] = ()
    turn: int = 0


def mark_of(text: str) -> Mark | None:
    """What a QR code's text says, if it is one of ours."""
    site = f"{settings.SITE_URL.rstrip('/')}/verify/"
    if not text.startswith(site):
        return None
    found = _TAIL.fullmatch(text.removeprefix(site))
    code = short.read(found["code"]) if found else ""
    return Mark(code, int(found["page"] or 1)) if found and code else None


def read(image: Image.Image) -> Reading:
    """The codes on a page. Each way of looking costs a tenth of a second, and is tried only after the one before."""
    for seen, binarizer in _ways(image.convert("L")):
        found = zxingcpp.read_barcodes(seen, formats=_WANTED, binarizer=binarizer)
        ours = [(mark, each) for each in found[:_MOST_A_PAGE] if (mark := mark_of(each.text)) is not None]
        if ours:
            marks = tuple(dict.fromkeys(mark for mark, _each in ours))
            return Reading(marks, _upright(ours[0][1].orientation))
    return Reading()


def _ways(gray: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield gray, local
    strong = ImageOps.autocontrast(gray, cutoff=2)
    yield strong, local
    yield strong, whole
    longer = max(gray.size)
    if longer < _SMALL:
        yield _scaled(strong.filter(ImageFilter.UnsharpMask(3, 200, 2)), 2), local
    if longer > _LARGE:
        yield _scaled(strong, 0.5), local
    yield strong.filter(ImageFilter.MedianFilter(5)), local
    yield strong.filter(ImageFilter.UnsharpMask(5, 300, 0)), local
    for part in _quarters(strong):
        yield _scaled(part.filter(ImageFilter.GaussianBlur(1)), 2 if longer < _SMALL else 1.5), local


def _scaled(image: Image.Image, by: float) -> Image.Image:
    return image.resize((round(image.width * by), round(image.height * by)), Image.Resampling.LANCZOS)


def _quarters(image: Image.Image) -> Iterator[Image.Image]:
    """Four parts that overlap: what is faint in one corner is not judged by the light of another."""
    wide, high = round(image.width * 0.55), round(image.height * 0.55)
    for left in (0, image.width - wide):
        for top in (0, image.height - high):
            yield ImageOps.autocontrast(image.crop((left, top, left + wide, top + high)), cutoff=1)


def _upright(orientation: int) -> int:
    return -round(orientation / 90) * 90 % 360

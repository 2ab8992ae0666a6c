"""Opening what was uploaded as page images; everything that a file can do wrong ends in one of `Upload.Fault`.

Nothing of a file but its pixels goes on from here: a PDF is drawn by a library without scripts, an image is decoded and
written anew.
"""

from __future__ import annotations

import struct
import warnings
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdfium2
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from scans.models import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pypdf import PdfWriter

register_heif_opener()

MOST_PAGES = 100
DPI = 200
LONGEST = 3300
"""Pixels of a page's longer side: A4 at a little more than 280 dpi, enough for a seal and for what is read under it."""
MOST_PIXELS = 64_000_000
_SMALL = 360
_QUALITY = 82
_INK = 0.0004
_POINT = 72
_DARK = 140
_PASSWORD = "password"  # noqa: S105 - how the library names the fault
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)


class UnreadableError(Exception):
    """It cannot be read; `fault` says why."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


@contextmanager
def _opened(path: Any, kind: str) -> Iterator[Any]:
    """The file as its library sees it. Raises UnreadableError."""
    try:
        with pypdfium2.PdfDocument(path) if kind == Upload.Kind.PDF else Image.open(path) as found:
            yield found
    except pypdfium2.PdfiumError as error:
        locked = _PASSWORD in str(error).lower()
        raise UnreadableError(Upload.Fault.LOCKED if locked else Upload.Fault.DAMAGED) from error
    except _BOMB as error:
        raise UnreadableError(Upload.Fault.LARGE) from error
    except _BROKEN as error:
        raise UnreadableError(Upload.Fault.DAMAGED) from error


def count(path: Path, kind: str) -> int:
    """How many pages it has. Raises UnreadableError."""
    with _opened(path, kind) as found:
        pages = len(found) if kind == Upload.Kind.PDF else getattr(found, "n_frames", 1)
    if pages > MOST_PAGES:
        raise UnreadableError(Upload.Fault.LONG)
    return int(pages)


def page(path: Path, kind: str, number: int) -> Image.Image:
    """One of its pages, upright as far as the file knows, in colour on white. Raises UnreadableError."""
    with _opened(path, kind) as found:
        image = _drawn(found[number - 1]) if kind == Upload.Kind.PDF else _frame(found, number)
    image.thumbnail((LONGEST, LONGEST))
    return image


def _drawn(sheet: Any) -> Image.Image:
    longer = max(sheet.get_size())
    scale = min(DPI / _POINT, LONGEST / max(longer, 1))
    drawn: Image.Image = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    return drawn.convert("RGB")


def _frame(found: Image.Image, number: int) -> Image.Image:
    found.seek(number - 1)
    refuse_bomb(found)
    turned = ImageOps.exif_transpose(found)
    if turned.mode in {"RGBA", "LA", "PA", "P"}:
        ground = Image.new("RGBA", turned.size, "white")
        turned = Image.alpha_composite(ground, turned.convert("RGBA"))
    return turned.convert("RGB")


def refuse_bomb(found: Image.Image) -> None:
    """Raise UnreadableError for an image that would fill the memory; its head alone has been read."""
    if found.width * found.height > MOST_PIXELS:
        raise UnreadableError(Upload.Fault.LARGE)


def glance(content: Any) -> None:
    """Look at an image's head at the door. Raises UnreadableError."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with _opened(content, "") as found:
            refuse_bomb(found)


def is_blank(image: Image.Image) -> bool:
    """Whether nothing stands on it: the back of a sheet that was scanned from both sides."""
    small = image.convert("L").resize((200, 280))
    dark = sum(small.histogram()[:_DARK])
    return dark < small.width * small.height * _INK


def jpeg(image: Image.Image, *, longest: int = LONGEST, quality: int = _QUALITY) -> bytes:
    """The image as it is kept."""
    kept = image.copy() if max(image.size) > longest else image
    kept.thumbnail((longest, longest))
    out = BytesIO()
    kept.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def small(image: Image.Image) -> bytes:
    """The image as a list shows it."""
    return jpeg(image, longest=_SMALL, quality=70)


def turned(content: bytes, degrees: int) -> bytes:
    """A kept image, turned clockwise."""
    with Image.open(BytesIO(content)) as found:
        return jpeg(found.rotate(-degrees, expand=True)) if degrees % 360 else content


def pdf(images: Iterable[bytes], most: int) -> bytes:
    """A PDF of kept images, one to a page; compressed further if it would have more than `most` bytes."""
    kept = list(images)
    for quality, longest in ((60, 2400), (40, 1700)):
        if sum(map(len, kept)) < most * 0.95:
            break
        kept = [_again(each, quality, longest) for each in kept]
    from pypdf import PdfWriter  # is slow to load, and most processes write no PDF of images

    writer = PdfWriter()
    for each in kept:
        _put(writer, each)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _again(content: bytes, quality: int, longest: int) -> bytes:
    with Image.open(BytesIO(content)) as found:
        return jpeg(found, longest=longest, quality=quality)


def _put(writer: PdfWriter, content: bytes) -> None:
    """A page that is as wide as A4, or as high if it lies on its side, and nothing but its image."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, StreamObject

    with Image.open(BytesIO(content)) as found:
        width, height = found.size
    scale = 842 / max(width, height)
    wide, high = round(width * scale, 2), round(height * scale, 2)
    image = StreamObject()
    image.set_data(content)
    names = {"Type": "XObject", "Subtype": "Image", "ColorSpace": "DeviceRGB", "Filter": "DCTDecode"}
    image.update({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in names.items()})
    numbers = {"Width": width, "Height": height, "BitsPerComponent": 8}
    image.update({NameObject(f"/{key}"): NumberObject(value) for key, value in numbers.items()})
    drawn = DecodedStreamObject()
    drawn.set_data(f"q {wide} 0 0 {high} 0 0 cm /Page Do Q".encode())
    sheet = writer.add_blank_page(wide, high)
    sheet[NameObject("/Contents")] = writer._add_object(drawn)
    found_in = DictionaryObject({NameObject("/Page"): writer._add_object(image)})
    sheet[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): found_in, NameObject("/ProcSet"): ArrayObject([NameObject("/PDF")])}
    )

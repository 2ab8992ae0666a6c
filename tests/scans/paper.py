"""Paper as it comes back: pages with codes, scanned and photographed, in every kind of file."""

from __future__ import annotations

import random
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from PIL import Image, ImageDraw, ImageFilter

A4_AT_150 = (1240, 1754)
_QR = 150


def url(code: str, page: int = 1) -> str:
    """What a page's code says."""
    return f"{settings.SITE_URL}/verify/{code}?p={page}"


def sheet(text: str = "", size: tuple[int, int] = A4_AT_150, side: int = _QR) -> Image.Image:
    """A page with lines of a form and, if there is a text, its QR code in the corner below."""
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for line in range(12, 70):
        top = line * size[1] // 80
        pen.rectangle((size[0] // 10, top, size[0] * 9 // 10 - (line * 37) % 300, top + 6), fill=(60, 60, 70))
    if text:
        place(page, text, (size[0] - side - size[0] // 16, size[1] - side - size[1] // 30), side)
    return page


def place(page: Image.Image, text: str, corner: tuple[int, int], side: int) -> None:
    """Print a QR code on a page."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
    drawn.seek(0)
    with Image.open(drawn) as code:
        page.paste(code.convert("RGB").resize((side, side), Image.Resampling.LANCZOS), corner)


def photographed(page: Image.Image, *, angle: float = 0, slant: float = 0, blur: float = 0, noise: int = 0) -> Any:
    """The page on a table, seen by a hand that is not quite steady."""
    wide, high = page.size
    table = Image.new("RGB", (wide * 5 // 4, high * 5 // 4), (96, 84, 70))
    table.paste(page, (wide // 8, high // 8))
    if slant:
        by = int(wide * slant)
        corners = (-by, 0, 0, table.height, table.width, table.height, table.width + by, by // 2)
        table = table.transform(table.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    if angle:
        table = table.rotate(angle, expand=True, fillcolor=(96, 84, 70), resample=Image.Resampling.BICUBIC)
    if blur:
        table = table.filter(ImageFilter.GaussianBlur(blur))
    return speckled(table, noise) if noise else table


def speckled(image: Image.Image, strength: int) -> Image.Image:
    """With the noise of a small sensor in the evening."""
    chance = random.Random(7)
    grain = Image.frombytes("L", image.size, chance.randbytes(image.width * image.height))
    return Image.blend(image, grain.convert("RGB"), strength / 100)


def faint(image: Image.Image) -> Image.Image:
    """Printed with the last of the toner: dark becomes a light grey."""
    return Image.blend(image, Image.new("RGB", image.size, "white"), 0.75)


def saved(image: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    """The image as a file."""
    out = BytesIO()
    image.save(out, kind, **({"quality": 85} if kind in {"JPEG", "HEIF"} else {}) | how)
    return out.getvalue()


def bound(*pages: Image.Image, kind: str = "PDF") -> bytes:
    """Several pages as one file."""
    out = BytesIO()
    pages[0].save(out, kind, save_all=True, append_images=pages[1:], **({"resolution": 150} if kind == "PDF" else {}))
    return out.getvalue()

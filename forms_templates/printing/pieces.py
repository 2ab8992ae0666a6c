"""Pictures that lie beside a page: logo, drawn signatures, a QR code for each page. There is nothing else to fetch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import segno

from forms_templates.printing.signing import piece

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forms_templates.printing.job import Job

LOGO = "piece:logo"
QR_MM = 14.0
_RULE = '@page :nth({page}) {{ @top-right {{ background-image: url("piece:qr-{page}"); padding-right: 17mm }} }}'
_PNG, _SVG = "image/png", "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pictures by their names, each with its type and drawn when asked for; the rules that put them on pages."""

    pictures: Mapping[str, tuple[str, Callable[[], bytes]]]
    rules: str = ""


def of(job: Job, pages: int) -> Pieces:
    """What lies beside an original of so many pages, or fewer."""
    pictures = {piece(key): (_PNG, partial(bytes, image)) for key, image in job.images.items()}
    if job.letterhead.logo:
        pictures[LOGO] = (_PNG, partial(bytes, job.letterhead.logo))
    if job.verify is None:
        return Pieces(pictures)
    numbers = range(1, pages + 1)
    codes = {f"piece:qr-{page}": (_SVG, partial(qr, f"{job.verify.url}?p={page}")) for page in numbers}
    rules = "".join(_RULE.format(page=page) for page in numbers)
    return Pieces(pictures | codes, rules)


def qr(text: str) -> bytes:
    """A QR code as a drawing, `QR_MM` wide without its quiet zone, which is the paper's white."""
    code = segno.make(text, error="m", micro=False)
    drawing = BytesIO()
    scale = QR_MM / code.symbol_size(scale=1, border=0)[0]
    code.save(drawing, kind="svg", unit="mm", scale=scale, border=0, xmldecl=False, lineclass=None, svgclass=None)
    return drawing.getvalue()

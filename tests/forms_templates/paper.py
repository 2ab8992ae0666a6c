"""A house that prints, and what can be read off its paper."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdf import PdfReader

from forms_templates.language import Form
from forms_templates.models import Letterhead
from forms_templates.printing import Print, render

if TYPE_CHECKING:
    from PIL.Image import Image

HOUSE = Letterhead(number=1, name="北京赛尔毕博信息技术有限公司", fax="010-5555 0101")
POINTS_IN_MM = 72 / 25.4


def form_of(*items: dict[str, Any], **more: Any) -> Form:
    """A form of one section."""
    section = {"key": "one", "zh": "内容", "en": "Content", "items": [_worded(item) for item in items]}
    given = {"code": "Test", "title": {"zh": "试验表", "en": "Test"}, "sections": [section], **more}
    return Form.of(given)


def _worded(item: dict[str, Any]) -> dict[str, Any]:
    return {"zh": item["key"], "en": item["key"], **item}


def printed(form: Form, values: dict[str, Any] | None = None, **how: Any) -> Print:
    """The form of that house."""
    return render(form, HOUSE, values or {}, **how)


def reader(made: Print) -> PdfReader:
    """The file, taken apart."""
    return PdfReader(BytesIO(made.pdf))


def text(made: Print) -> str:
    """What can be read out of the file, without spaces and line ends: these are the layout's."""
    with pypdfium2.PdfDocument(made.pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return re.sub(r"\s", "", "".join(pages))


def picture(made: Print, page: int = 0, dots_an_inch: int = 200) -> Image:
    """A page as a scanner sees it."""
    with pypdfium2.PdfDocument(made.pdf) as document:
        image: Image = document[page].render(scale=dots_an_inch / 72).to_pil()
    return image

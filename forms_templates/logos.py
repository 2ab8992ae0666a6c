"""The logo of a letterhead: a picture by its content and not by its name, made anew and small."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = 5 * 1024 * 1024
_FORMATS = ("PNG", "JPEG")
_LONGEST_SIDE = 1200
"""Dots: ten times what the head of a page needs on a screen, enough for print."""
_MOST_DOTS = 40_000_000


def drawn_anew(upload: UploadedFile[Any]) -> bytes:
    """The logo as a PNG. Raises ValidationError for what is no PNG or JPEG, or too big."""
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("The logo is larger than 5 MB."))
    try:
        picture = Image.open(upload, formats=_FORMATS)
        if picture.width * picture.height > _MOST_DOTS:
            raise ValidationError(_("The logo has too many dots. Make it smaller."))
        made = picture.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is no PNG or JPEG picture.")) from error
    made.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    out = BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()

"""Signatures drawn on the screen: believed only as far as their dots go."""

from __future__ import annotations

import base64
import binascii
import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

MOST = 300_000
"""Characters in which a drawing may come: a hand draws in a tenth of it."""
WIDEST, HIGHEST = 1600, 800
_BEGINS = "data:image/png;base64,"
_FAULT = _("The drawn signature cannot be read. Please draw it again, or leave it and type your name only.")


def redrawn(said: str) -> bytes:
    """The drawing as a PNG made anew: black on nothing, without anything else that came with it.

    Empty when nothing was drawn. Raises ValidationError for what is no drawing.
    """
    if len(said) > MOST or not said.startswith(_BEGINS):
        raise ValidationError(_FAULT)
    try:
        content = base64.b64decode(said.removeprefix(_BEGINS), validate=True)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if picture.width > WIDEST or picture.height > HIGHEST:
                raise ValidationError(_FAULT)
            strokes = picture.convert("RGBA").getchannel("A")
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_FAULT) from error
    box = strokes.getbbox()
    if box is None:
        return b""
    strokes = strokes.crop(box)
    made = Image.new("LA", strokes.size, 0)
    made.putalpha(strokes)
    kept = io.BytesIO()
    made.save(kept, "PNG", optimize=True)
    return kept.getvalue()

"""The definition of a stored version, read once: versions never change."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from forms_templates.language import Holder
from forms_templates.models import FormVersion

if TYPE_CHECKING:
    from forms_templates.language import Form

_KEPT = 256
Told = tuple[tuple[str, str, str], ...]
"""The holders of originals: key, Chinese, English of each."""


@lru_cache(maxsize=_KEPT)
def of(version_id: int, form: str, holders: Told = ()) -> Form:
    """The definition of a version by its key; with the form's code, should a key that was rolled back come again.

    `holders` are those of a document whose originals its record decides on, in place of the form's own.
    """
    found = FormVersion.objects.get(pk=version_id, form=form).definition
    return replace(found, holders=tuple(Holder(zh, en, key=key) for key, zh, en in holders)) if holders else found

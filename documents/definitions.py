"""The definition of a stored version, read once: versions never change."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from forms_templates.models import FormVersion

if TYPE_CHECKING:
    from forms_templates.language import Form

_KEPT = 256


@lru_cache(maxsize=_KEPT)
def of(version_id: int, form: str) -> Form:
    """The definition of a version by its key; with the form's code, should a key that was rolled back come again."""
    return FormVersion.objects.get(pk=version_id, form=form).definition

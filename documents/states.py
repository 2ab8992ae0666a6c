"""Where a document can stand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a document stands. Content and PDF are frozen from `to_sign` on."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    TO_SIGN = "to_sign", _("To be signed")
    SIGNED = "signed", _("Signed")
    ARCHIVED = "archived", _("Archived")
    SUPERSEDED = "superseded", _("Superseded")
    CANCELLED = "cancelled", _("Cancelled")


SIGNED_HOW = (("scan", _("as a scan")), ("paper", _("on paper")), ("online", _("on the screen")))
"""How a document's signatures came."""
FROZEN = (State.TO_SIGN, State.SIGNED, State.ARCHIVED, State.SUPERSEDED)

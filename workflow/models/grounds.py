"""What kind of reason somebody gives who sends a record back or rejects it: words that administrators keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Term


class Ground(Term):
    """A kind of reason to send back or to reject, by which returns are counted; the opinion says the rest in words.

    `kind` is the process for which it is offered; empty: every process.
    """

    kind = models.CharField(_("process"), max_length=30, blank=True)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("kind of reason for sending back")
        verbose_name_plural = _("kinds of reasons for sending back")

"""What people are told that is no act on a record: a shift that is asked for, a file that is ready, JIRA away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tiding(models.Model):
    """One thing to tell, of a declared topic. `said` is what its words are made of when it is read; `key` makes it one.

    A tiding is written once and never changed: what it tells may have gone on since, and its page says how it stands.
    """

    topic = models.CharField(_("topic"), max_length=40)
    key = models.CharField(_("key"), max_length=120, unique=True)
    said = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("tiding")
        verbose_name_plural = _("tidings")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.key

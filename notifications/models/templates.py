"""The words in which customers are written to: data that an administrator edits, filled by name and nothing else."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.text import clean_line, clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = ("number", "title", "customer", "person", "state", "process", "at")
"""What every template can name; beside these, what the processes allow to be quoted (`CustomerMail.said`)."""
_FIELDS = ("subject_zh", "subject_en", "body_zh", "body_en")


class MessageTemplate(models.Model):
    """A mail to a customer's contact, in both languages.

    `$name` is replaced by a value as plain text; no expression, no attribute, no lookup is ever evaluated.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    subject_zh = models.CharField(_("subject (Chinese)"), max_length=150)
    subject_en = models.CharField(_("subject (English)"), max_length=150)
    body_zh = models.TextField(_("text (Chinese)"), max_length=8000)
    body_en = models.TextField(_("text (English)"), max_length=8000)
    active = models.BooleanField(_("customers are written to"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("message to customers")
        verbose_name_plural = _("messages to customers")
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse a variable that there is not, and a `$` that begins none."""
        from notifications.customers import variables_of

        known = variables_of(self.code)
        faults: dict[str, str] = {}
        for name in _FIELDS:
            template = Template(getattr(self, name))
            if not template.is_valid():
                faults[name] = str(_("A $ must begin a variable; write $$ for the sign itself."))
            elif unknown := sorted(set(template.get_identifiers()) - set(known)):
                faults[name] = str(
                    _("There is no $%(unknown)s; there are: %(known)s.")
                    % {"unknown": ", $".join(unknown), "known": ", ".join(f"${each}" for each in known)}
                )
        if faults:
            raise ValidationError(faults)

    def filled(self, values: Mapping[str, str], language: str) -> tuple[str, str]:
        """Subject and text in a language; a variable without value is left out."""
        suffix = "zh" if language.startswith("zh") else "en"
        whole = _Blank(values)
        subject = Template(getattr(self, f"subject_{suffix}")).safe_substitute(whole)
        body = Template(getattr(self, f"body_{suffix}")).safe_substitute(whole)
        return clean_line(subject), clean_text(body).strip()


class _Blank(dict[str, str]):
    """Values by name, and nothing for what has none."""

    def __missing__(self, name: str) -> str:
        return ""

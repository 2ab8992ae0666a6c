"""Versions of forms and of the letterhead, kept for ever: what was printed under one prints so again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from forms_templates.language import Form


class Letterhead(models.Model):
    """Who issues: name, logo, numbers, bank. Never edited; a change is a new version, the last of which is in force."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    name = models.CharField(_("company"), max_length=100)
    name_en = models.CharField(_("company (English)"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    bank_account_name = models.CharField(_("account name"), max_length=100, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    logo = models.BinaryField(_("logo (PNG)"), blank=True, default=bytes)
    made_at = models.DateTimeField(_("made"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("made by")
    )
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class FormVersion(models.Model):
    """A form's definition, whole, under a number. Version 1 is the catalogue's; later ones are an administrator's."""

    form = models.CharField(_("form"), max_length=12)
    number = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("definition"))
    made_at = models.DateTimeField(_("made"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("made by")
    )
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering: ClassVar[list[str]] = ["form", "-number"]
        constraints = (models.UniqueConstraint(fields=["form", "number"], name="one_version_of_a_form_by_number"),)

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"

    @property
    def definition(self) -> Form:
        """The definition. Raises DefinitionError, which a version that has been saved never does."""
        return Form.of(self.body, self.number)

"""Whom we serve: organisations, their contacts and their platforms (sites)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.text import digits, fold, initials
from people.models import Region, User

if TYPE_CHECKING:
    from datetime import date
    from typing import Any


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """How organisations are found while the phone is at the ear."""

    def for_actor(self, user: User) -> Self:
        """Staff see every organisation; a customer's contact sees their own."""
        if user.is_customer:
            return self.filter(contacts__user=user, contacts__active=True)
        return self

    def found_by(self, query: str) -> Self:
        """By a part of the name, the beginning of the pinyin initials, or a part of a contact's name or number."""
        query = fold(query).strip()
        if not query:
            return self.none()
        hit = Q(folded_name__contains=query) | Q(initials__startswith=query)
        people = Contact.objects.filter(active=True).found_by(query)
        return self.filter(hit | Q(pk__in=people.values("organisation_id")))


class Organisation(models.Model):
    """A customer: a university, school or company, with its region, its account manager and its service period."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=64, blank=True, editable=False, db_index=True)
    folded_name = models.TextField(blank=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations", verbose_name=_("region"))
    account_manager = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("account manager"),
    )
    city = models.CharField(_("city"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    service_from = models.DateField(_("service from"), null=True, blank=True)
    service_to = models.DateField(_("service until"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded_name", "initials"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(service_to__isnull=True)
                | Q(service_from__isnull=True)
                | Q(service_to__gte=F("service_from")),
                name="service_ends_after_start",
                violation_error_message=_("The service period must end after it starts."),
            ),
        )

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the organisation is found by in step with its names."""
        self.initials = initials(self.name)
        self.folded_name = fold(" ".join((self.name, self.short_name, self.name_en, initials(self.short_name))))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """An account manager is one of us."""
        if self.account_manager is not None and self.account_manager.is_customer:
            raise ValidationError({"account_manager": _("A customer's contact cannot be an account manager.")})

    def in_service(self, on: date) -> bool:
        """Whether the day lies in the service period; an open end runs on."""
        started = self.service_from is None or self.service_from <= on
        return started and (self.service_to is None or on <= self.service_to)


class ContactQuerySet(models.QuerySet["Contact"]):
    """How contacts are found."""

    def found_by(self, query: str) -> Self:
        """By a part of the name, the pinyin initials, a part of a number (3 digits or more) or the address."""
        query = fold(query).strip()
        if not query:
            return self.none()
        hit = Q(folded_name__contains=query) | Q(initials__startswith=query) | Q(email__istartswith=query)
        number = digits(query)
        if len(number) >= 3 and not any(c.isalpha() for c in query):  # noqa: PLR2004 - fewer digits match everybody
            hit |= Q(digits__contains=number)
        return self.filter(hit)


class Contact(models.Model):
    """A person at a customer, with at least one way to reach them (TKT-02)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts", verbose_name=_("customer"))
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("job title"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=64, blank=True, editable=False, db_index=True)
    folded_name = models.TextField(blank=True, editable=False)
    digits = models.CharField(max_length=130, blank=True, editable=False)
    primary = models.BooleanField(_("first contact"), default=False)
    active = models.BooleanField(_("active"), default=True)
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="contact", verbose_name=_("portal login")
    )

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["digits", "folded_name", "initials"])

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("organisation", "-primary", "id")
        constraints = (
            models.CheckConstraint(
                condition=~(Q(phone="") & Q(mobile="") & Q(fax="") & Q(email="")),
                name="contact_can_be_reached",
                violation_error_message=_("Give at least one way to reach the contact: phone, mobile, fax or email."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the contact is found by in step with name and numbers."""
        self.initials = initials(self.name)
        self.folded_name = fold(self.name)
        self.digits = digits(self.phone, self.mobile, self.fax)[:130]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """A contact's login is a customer's, never a colleague's."""
        if self.user is not None and not self.user.is_customer:
            raise ValidationError({"user": _("A colleague's login cannot be a customer's contact.")})

    @property
    def reach(self) -> str:
        """The first way to reach the contact that is there, as shown beside the name."""
        return self.mobile or self.phone or self.email or self.fax


class Site(models.Model):
    """A platform that runs at a customer: what is installed, where."""

    class Environment(models.TextChoices):
        """What the platform is for."""

        PRODUCTION = "production", _("Production")
        TEST = "test", _("Test")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sites", verbose_name=_("customer"))
    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), blank=True)
    product = models.CharField(_("product"), max_length=100, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    environment = models.CharField(_("environment"), max_length=12, choices=Environment, default=Environment.PRODUCTION)
    active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        ordering = ("organisation", "name")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an address that a browser would run instead of open."""
        if self.url and not self.url.startswith(("http://", "https://")):
            raise ValidationError({"url": _("Give an address that begins with http:// or https://.")})

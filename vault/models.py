"""Access details of customers' platforms, their passwords encrypted, and the log of every look at one (OFH-04, 05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import SecretField
from customers.models import Organisation, Site
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from people.models import User


class LoginMethod(models.TextChoices):
    """How one logs in to a platform."""

    WEB = "web", _("Browser")
    SSH = "ssh", _("SSH")
    RDP = "rdp", _("Remote desktop")
    ASSISTED = "assisted", _("Remote assistance, with the customer")
    OTHER = "other", _("Another way")


class Firewall(models.TextChoices):
    """Whether a firewall stands before a platform, and how one comes through."""

    NONE = "none", _("No firewall")
    LISTED = "listed", _("Firewall: our address is let through")
    VPN = "vpn", _("Firewall: by the customer's VPN")
    CLOSED = "closed", _("Firewall: the customer must open it")


class AccessQuerySet(models.QuerySet["Access"]):
    """Named questions about access details."""

    def of(self, customer_id: int | None) -> Self:
        """Those in use of a customer, the latest first."""
        return self.filter(organisation=customer_id, active=True).order_by("-id")


class Access(models.Model):
    """How one platform of a customer is logged in to. The password is closed; only an act with a reason opens it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="accesses", verbose_name=_("customer"))
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="accesses", verbose_name=_("platform")
    )
    address = models.CharField(_("IP address or domain"), max_length=200)
    username = models.CharField(_("user name"), max_length=100)
    password = SecretField(_("password"))
    login_method = models.CharField(_("login method"), max_length=10, choices=LoginMethod)
    firewall = models.CharField(_("firewall"), max_length=10, choices=Firewall)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    active = models.BooleanField(_("in use"), default=True)

    objects = AccessQuerySet.as_manager()
    # Not even encrypted: who reads a history is not who may open the vault.
    history = HistoricalRecords(excluded_fields=["password"])

    class Meta:
        verbose_name = _("access details")
        verbose_name_plural = _("access details")
        ordering: ClassVar[list[str]] = ["organisation", "-id"]
        constraints = (
            models.CheckConstraint(
                condition=~(Q(address="") | Q(username="") | Q(password="")), name="access_details_are_whole"
            ),
        )
        indexes = (models.Index(fields=["organisation", "-id"], name="accesses_of_customer"),)

    def __str__(self) -> str:
        return f"{self.username} @ {self.address}"


class LookQuerySet(models.QuerySet["Look"]):
    """Named questions about looks."""

    def at_customer(self, customer_id: int) -> Self:
        """Those at one customer's passwords, the latest first."""
        rows = self.filter(access__organisation=customer_id)
        return rows.select_related("access", "record", "by", "on_behalf_of").order_by("-id")

    def own(self, user: User) -> Self:
        """Those of a person: nobody else is handed what they opened."""
        return self.filter(by=user)


class Look(models.Model):
    """That somebody was allowed to see a password, for which record and why, and when it was really handed out."""

    access = models.ForeignKey(Access, models.PROTECT, related_name="looks", verbose_name=_("access details"))
    record = models.ForeignKey(Record, models.PROTECT, related_name="looks", verbose_name=_("record"))
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="look", verbose_name=_("timeline entry"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="looks", verbose_name=_("by"))
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=200)
    taken_at = models.DateTimeField(_("handed out"), null=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.access_id} {self.by_id}"

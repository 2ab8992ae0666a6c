"""Administration of customers: organisations with their contacts and platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from core import clock
from core.text import fold
from customers.models import Contact, Organisation, Site

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


_ADDRESSES: dict[type[models.Field[Any, Any]], dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


class ContactInline(admin.StackedInline[Contact, Organisation]):
    """The customer's people."""

    model = Contact
    extra = 0
    autocomplete_fields = ("user",)
    fieldsets = (
        (
            None,
            {"fields": (("name", "title"), ("phone", "mobile", "fax"), "email", ("primary", "active"), "user")},
        ),
    )


class SiteInline(admin.TabularInline[Site, Organisation]):
    """What runs at the customer."""

    model = Site
    extra = 0
    formfield_overrides = _ADDRESSES


class ServiceFilter(admin.SimpleListFilter):
    """Whether the service period covers today."""

    title = _("service period")
    parameter_name = "service"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """In it, or not."""
        return [("in", _("In service")), ("out", _("Not in service"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Only those asked for, by today's date on the department's wall clock."""
        today = clock.local(clock.now()).date()
        covered = (Q(service_from__isnull=True) | Q(service_from__lte=today)) & (
            Q(service_to__isnull=True) | Q(service_to__gte=today)
        )
        if self.value() == "in":
            return queryset.filter(covered)
        return queryset.exclude(covered) if self.value() == "out" else queryset


class AccountManagerFilter(admin.SimpleListFilter):
    """Customers whom nobody looks after."""

    title = _("looked after")
    parameter_name = "manager"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """By nobody who still works here."""
        return [("none", _("By nobody (none, or no longer active)"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Only those without an active account manager."""
        if self.value() == "none":
            return queryset.filter(Q(account_manager__isnull=True) | Q(account_manager__is_active=False))
        return queryset


@admin.register(Organisation)
class OrganisationAdmin(SimpleHistoryAdmin):
    """Customers. One that has left is made inactive; its records stay."""

    list_display = ("name", "short_name", "region", "account_manager", "service_from", "service_to", "active")
    list_filter = ("active", ServiceFilter, AccountManagerFilter, "region")
    list_select_related = ("region", "account_manager")
    # Names the search box; the search itself is the one of intake, `found_by`.
    search_fields = ("name",)
    search_help_text = _("Name, pinyin initials, or a contact's name, number or address")
    autocomplete_fields = ("region", "account_manager")
    inlines = (ContactInline, SiteInline)
    fieldsets = (
        (None, {"fields": ("name", "short_name", "name_en", "active")}),
        (_("Looked after"), {"fields": ("region", "account_manager", ("service_from", "service_to"))}),
        (_("Address"), {"fields": ("city", "address")}),
    )

    def get_search_results(
        self,
        request: HttpRequest,
        queryset: QuerySet[Organisation],
        search_term: str,
    ) -> tuple[QuerySet[Organisation], bool]:
        """As at intake: by names, initials, and contacts."""
        if not fold(search_term).strip():
            return queryset, False
        return queryset.filter(pk__in=Organisation.objects.found_by(search_term).values("pk")), False


@admin.register(Contact)
class ContactAdmin(SimpleHistoryAdmin):
    """Customers' contacts, across customers."""

    list_display = ("name", "organisation", "title", "reached_by", "primary", "active")
    list_filter = ("active", "primary", "organisation__region")
    list_select_related = ("organisation",)
    search_fields = ("name",)
    search_help_text = _("Name, pinyin initials, number or address, or the customer's name")
    autocomplete_fields = ("organisation", "user")

    @admin.display(description=_("phone"))
    def reached_by(self, contact: Contact) -> str:
        """The first way to reach the contact."""
        return contact.reach

    def get_search_results(
        self,
        request: HttpRequest,
        queryset: QuerySet[Contact],
        search_term: str,
    ) -> tuple[QuerySet[Contact], bool]:
        """As at intake, or all contacts of a customer that is found."""
        term = fold(search_term).strip()
        if not term:
            return queryset, False
        own = Contact.objects.found_by(term).values("pk")
        theirs = Q(organisation__folded_name__contains=term) | Q(organisation__initials__startswith=term)
        return queryset.filter(theirs | Q(pk__in=own)), False


@admin.register(Site)
class SiteAdmin(SimpleHistoryAdmin):
    """Platforms at customers: which product and version runs where."""

    formfield_overrides = _ADDRESSES
    list_display = ("name", "organisation", "product", "version", "environment", "active")
    list_filter = ("active", "environment", "product", "version")
    list_select_related = ("organisation",)
    search_fields = ("name", "url", "product", "version", "organisation__folded_name")
    autocomplete_fields = ("organisation",)

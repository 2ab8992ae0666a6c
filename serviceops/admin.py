"""The administrators' site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


class ServiceOpsAdminSite(AdminSite):
    """Master data, policies and read-only history; no state is set here."""

    site_header = _("ServiceOps administration")
    site_title = _("ServiceOps administration")
    index_title = _("Master data and policies")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff in Django's sense who are not a customer's contact."""
        return super().has_permission(request) and not getattr(request.user, "is_customer", True)

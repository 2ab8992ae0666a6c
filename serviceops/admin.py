"""The administrators' site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ServiceOpsAdminSite(AdminSite):
    """Master data, policies and read-only history; no state is set here."""

    site_header = _("ServiceOps administration")
    site_title = _("ServiceOps administration")
    index_title = _("Master data and policies")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff in Django's sense who are not a customer's contact."""
        return super().has_permission(request) and not getattr(request.user, "is_customer", True)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The house has one door. Who is in already and may not come here is told so. Raises PermissionDenied."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

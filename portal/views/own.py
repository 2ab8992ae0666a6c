"""What belongs to the visitor alone: language, look and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from portal.forms import NewPasswordForm
from portal.guests import page, visitor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is here, how the pages look and speak, and a new password."""
    return page(request, "portal/profile.html", {"form": NewPasswordForm(visitor(request))})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set a new password; every other browser is logged out by it."""
    if request.method == "GET":  # where a login leads back to, after a session that ran out
        return redirect("portal:profile")
    form = NewPasswordForm(visitor(request), request.POST)
    if not form.is_valid():
        return page(request, "portal/profile.html", {"form": form}, status=422)
    update_session_auth_hash(request, form.save())
    messages.success(request, _("Your password has been changed. Other browsers have been logged out."))
    return redirect("portal:profile")

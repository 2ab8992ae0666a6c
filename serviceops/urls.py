"""Which face answers where; composition only."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("portal/", include("portal.urls")),
    path("decide/", include("decisions.urls")),
    path("f/", include("invitations.urls")),
    path("hooks/", include("jira.urls")),
    path("", include("desk.urls")),
]

handler400 = "desk.errors.bad_request"
handler403 = "desk.errors.forbidden"
handler404 = "desk.errors.not_found"
handler500 = "desk.errors.server_error"

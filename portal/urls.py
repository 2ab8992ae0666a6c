"""The addresses of the customers' house. All ask for a login, and let only customers' contacts in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from portal.guests import guests_only
from portal.views import files, home, issues, own

if TYPE_CHECKING:
    from django.urls import URLPattern

    from portal.guests import View


def _guests(route: str, view: View, name: str) -> URLPattern:
    return path(route, guests_only(view), name=name)


app_name = "portal"
urlpatterns = [
    _guests("", home.home, "home"),
    _guests("profile/", own.profile, "profile"),
    _guests("profile/password/", own.password, "password"),
    _guests("files/<int:pk>/", files.attachment, "file"),
    _guests("new/<slug:kind>/", issues.new, "new"),
    _guests("issues/<slug:number>/", issues.issue, "issue"),
    _guests("issues/<slug:number>/<slug:verb>/", issues.act, "act"),
]

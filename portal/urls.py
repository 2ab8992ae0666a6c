"""The addresses of the customers' house. All ask for a login, and let only customers' contacts in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path

from core.faces import Page, Shown
from portal.guests import guests_only, page
from portal.views import files, forms, home, issues, own
from workflow import registry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django.urls import URLPattern

    from portal.guests import View


def _guests(route: str, view: View, name: str) -> URLPattern:
    return path(route, guests_only(view), name=name)


def _drawn(declared: Page) -> View:
    """A process's own page as a view of this face."""

    def view(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        answer: Any = declared.show(request, **parameters)
        return (
            page(request, answer.template, dict(answer.found), answer.status) if isinstance(answer, Shown) else answer
        )

    return view


app_name = "portal"
urlpatterns = [
    _guests("", home.home, "home"),
    _guests("profile/", own.profile, "profile"),
    _guests("profile/password/", own.password, "password"),
    _guests("files/<int:pk>/", files.attachment, "file"),
    _guests("forms/", forms.forms, "forms"),
    _guests("forms/<str:number>/", forms.form, "form"),
    *(
        _guests(declared.route, _drawn(declared), declared.name)
        for process in registry.all_processes()
        for declared in process.portal_pages
    ),
    _guests("new/<slug:kind>/", issues.new, "new"),
    _guests("issues/<slug:number>/", issues.issue, "issue"),
    _guests("issues/<slug:number>/<slug:verb>/", issues.act, "act"),
]

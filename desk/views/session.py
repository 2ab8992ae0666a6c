"""Coming in, going out, and how the house looks and speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from desk.middleware import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from people.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

_A_YEAR = 365 * 24 * 3600


class Login(LoginView):
    """The door. In demonstration mode it lists who there is to be."""

    redirect_authenticated_user = True

    def get_form(self, form_class: Any = None) -> Any:
        """The form; after a refusal one types the password again, not the name."""
        form = super().get_form(form_class)
        form.label_suffix = ""
        if self.request.method == "POST":
            del form.fields["username"].widget.attrs["autofocus"]
            form.fields["password"].widget.attrs["autofocus"] = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demonstration's people, where there is a demonstration."""
        found = super().get_context_data(**kwargs)
        if settings.DEMO:
            found["demo_people"] = demonstration_people()
            found["demo_password"] = getattr(settings, "DEMO_PASSWORD", "serviceops-demo")
        return found


def demonstration_people() -> list[User]:
    """One login for each role, with the names of the roles as `titles`; a customer's contact by the organisation."""
    people = User.objects.filter(is_active=True, username__startswith="demo.").order_by("is_customer", "id")
    listed = list(people.prefetch_related("roles").select_related("contact__organisation"))
    for person in listed:
        contact = getattr(person, "contact", None)
        titles = [contact.organisation.name] if contact else [role.name for role in person.roles.all()]
        person.titles = " / ".join(titles)  # type: ignore[attr-defined]
    return listed


@method_decorator(login_not_required, name="dispatch")
class Logout(LogoutView):
    """The way out; also for whoever is out already."""


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Choose language or look: for this browser, and for the person if one is logged in."""
    chosen = {
        name: value
        for name, known in (("language", [code for code, _name in settings.LANGUAGES]), ("theme", THEMES))
        if (value := request.POST.get(name, "")) in known
    }
    if chosen and request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**chosen)
    response = HttpResponseRedirect(_back(request))
    for name, cookie in (("language", LANGUAGE_COOKIE), ("theme", THEME_COOKIE)):
        if name in chosen:
            response.set_cookie(
                cookie, chosen[name], max_age=_A_YEAR, samesite="Lax", httponly=True, secure=settings.SECURE
            )
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return "/"


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - whoever asks hears the same
    """Whether this process answers at all; asks nothing of anybody else."""
    return HttpResponse("ok", content_type="text/plain")

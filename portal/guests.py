"""Who looks at a page of the portal: a customer's contact who has logged in."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.held import asked_once
from customers.models import Contact
from people.actors import Actor
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from people.models import User

    View = Callable[..., HttpResponseBase]


def visitor(request: HttpRequest) -> User:
    """The person who is logged in."""
    return cast("User", request.user)


def actor(request: HttpRequest) -> Actor:
    """The visitor as one who acts by way of the portal."""
    return Actor(visitor(request), channel="portal")


def guest(user: User) -> Contact | None:
    """The contact whose login it is, with the organisation; asked once a request."""
    known = user.__dict__
    if "_guest" not in known:
        rows = Contact.objects.select_related("organisation").filter(user=user, active=True)
        known["_guest"] = rows.first() if user.is_customer else None
    return cast("Contact | None", known["_guest"])


def guests_only(view: View) -> View:
    """Let only customers' contacts in. Staff are shown to their own house; a login without a contact is told so."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = visitor(request)
        if not user.is_customer:
            return redirect("desk:home")
        if guest(user) is None:
            raise PermissionDenied(
                _("Your login is not connected to an organisation any more. Please call the service department.")
            )
        with asked_once():
            return view(request, *args, **kwargs)

    return guarded


def page(request: HttpRequest, template: str, found: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the portal, with its visitor and the places that processes open to customers."""
    places = [p for process in registry.all_processes() for p in process.portal_pages if p.label]
    shown = {"guest": guest(visitor(request)), "places": [(reverse(f"portal:{p.name}"), p) for p in places]}
    return render(request, template, {**shown, **found}, status=status)

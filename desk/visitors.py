"""Who looks at a page: a member of staff, with those whom the person stands in for, asked once a request."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.held import asked_once
from desk import standing
from people.actors import Actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from people.models import User

    View = Callable[..., HttpResponseBase]


def visitor(request: HttpRequest) -> User:
    """The person who is logged in; only for views that ask for a login."""
    return cast("User", request.user)


def actor(request: HttpRequest) -> Actor:
    """The visitor as one who acts by way of the browser."""
    return Actor(visitor(request), channel="web")


def staff_only(view: View) -> View:
    """Let only staff in: a customer's contact has a house of their own, and is led there from the front door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = visitor(request)
        if user.is_customer and request.path == "/":
            return redirect("portal:home")
        if user.is_customer:
            raise PermissionDenied(_("These pages are for the staff of the service department."))
        with asked_once(standing.stamps(user)):
            return view(request, *args, **kwargs)

    return guarded

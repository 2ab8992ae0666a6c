"""Where an opened password is fetched: once, by the person who opened it, into the clipboard or for twenty seconds."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.fields import UndecryptableError
from desk import addresses
from desk.visitors import visitor
from vault import log
from vault.models import Look

if TYPE_CHECKING:
    from django.http import HttpRequest

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@never_cache
@require_GET
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a look: everything but the password, which a button fetches."""
    rows = Look.objects.own(visitor(request)).select_related("access__organisation", "record")
    found = get_object_or_404(rows, pk=pk)
    still = found.taken_at is None and found.at >= clock.now() - log.OPEN_FOR
    page = {"look": found, "access": found.access, "still": still, "back": addresses.of(found.record)}
    return render(request, "desk/look.html", page)


@sensitive_variables()
@require_POST
def secret(request: HttpRequest, pk: int) -> JsonResponse:
    """The password, once; or in words why there is none."""
    try:
        return JsonResponse({"secret": log.take(pk, visitor(request))}, headers=NO_STORE)
    except log.LookOverError:
        told = _("It was handed out already, or too much time has passed. Open it again, with a reason.")
        return JsonResponse({"message": told}, status=HTTPStatus.GONE, headers=NO_STORE)
    except (UndecryptableError, ImproperlyConfigured):
        told = _("This password cannot be read with the keys of this installation. Please tell an administrator.")
        return JsonResponse({"message": told}, status=HTTPStatus.CONFLICT, headers=NO_STORE)

"""What belongs to the visitor alone: preferences, and who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from desk.forms import LookForm, SubstitutionForm
from desk.middleware import LANGUAGE_COOKIE, THEME_COOKIE
from desk.visitors import visitor
from notifications.kinds import PERSONAL_WAYS
from notifications.preferences import choices_of, choose
from people.models import Substitution, User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, look, and by which ways one wants to be told of what."""
    user = User.objects.get(pk=visitor(request).pk)
    form = LookForm(request.POST or None, instance=user, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        _choose_ways(request, user)
        messages.success(request, _("Your preferences are kept."))
        response = redirect("desk:preferences")
        response.set_cookie(LANGUAGE_COOKIE, user.language, samesite="Lax", httponly=True)
        response.set_cookie(THEME_COOKIE, user.theme, samesite="Lax", httponly=True)
        return response
    rows = [(c.kind, [(way, c.ways[way.value]) for way in PERSONAL_WAYS]) for c in choices_of(user)]
    found = {"form": form, "rows": rows, "ways": PERSONAL_WAYS}
    return render(request, "desk/preferences.html", found, status=422 if form.errors else 200)


def _choose_ways(request: HttpRequest, user: User) -> None:
    """Keep what differs from how it was; a box that is not ticked is off."""
    ticked = set(request.POST.getlist("told"))
    for choice in choices_of(user):
        for way, on in choice.ways.items():
            wanted = f"{choice.kind.value}/{way}" in ticked
            if wanted != on:
                choose(user, choice.kind.value, way, on=wanted)


@require_http_methods(["GET", "POST"])
def substitutes(request: HttpRequest) -> HttpResponse:
    """Who stands in for the visitor, and for whom the visitor stands in."""
    user = visitor(request)
    form = SubstitutionForm(request.POST or None, principal=user)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        for warning in made.warnings():
            messages.warning(request, warning)
        messages.success(
            request, _("%(name)s stands in for you.") % {"name": made.substitute}, extra_tags="substitutes"
        )
        return redirect("desk:substitutes")
    rows = Substitution.objects.select_related("principal", "substitute").order_by("-starts_at")
    found = {
        "form": form,
        "mine": rows.filter(principal=user)[:20],
        "others": rows.filter(substitute=user, ends_at__gt=clock.now())[:20],
        "now": clock.now(),
    }
    return render(request, "desk/substitutes.html", found, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end_substitution(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own absence now, or strike one that has not begun."""
    if request.method == "GET":  # where a login leads back to, after a session that ran out
        return redirect("desk:substitutes")
    row = get_object_or_404(Substitution, pk=pk, principal=visitor(request), ends_at__gt=clock.now())
    if row.starts_at >= clock.now():
        row.delete()
    else:
        row.ends_at = clock.now()
        row.save()
    messages.success(request, _("%(name)s no longer stands in for you.") % {"name": row.substitute})
    return redirect("desk:substitutes")

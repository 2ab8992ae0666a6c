"""What is looked up beside the handbook: the people, with who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from core.markup import NOTHING
from people.models import Substitution, User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the company, by department, with who is away and who stands in."""
    now = clock.now()
    rows = User.objects.staff().select_related("department", "supervisor").prefetch_related("roles", "regions")
    away = {
        row.principal_id: row
        for row in Substitution.objects.running(now).select_related("substitute").order_by("-ends_at")
    }
    listed = sorted(rows, key=lambda u: (u.department.position if u.department else 999, u.pk))
    found = {"people": [(person, away.get(person.pk)) for person in listed], "nothing": NOTHING}
    return render(request, "desk/people.html", found)

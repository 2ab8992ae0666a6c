"""The gallery of forms: every form with who fills it in and how it looks, blank, filled in beforehand and complete."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.downloads import pdf as as_pdf
from forms_templates import catalogue, versions
from forms_templates import gallery as kept

if TYPE_CHECKING:
    from django.http import HttpRequest

    from forms_templates.gallery import Sheet
    from forms_templates.language import Form
    from forms_templates.models import FormVersion

_LIST = " · "


@dataclass(frozen=True)
class Entry:
    """A form as a line of the gallery."""

    form: Form
    version: int

    @property
    def fillers(self) -> str:
        """Who fills it in, in words."""
        return _LIST.join(kept.named(code) or _("Customer") for code in kept.fillers(self.form))

    @property
    def holders(self) -> str:
        """Who keeps the originals."""
        held = Counter(holder.in_language() for holder in self.form.holders)
        return _LIST.join(f"{holder} × {number}" if number > 1 else holder for holder, number in held.items())


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """All forms."""
    return render(request, "desk/gallery.html", {"entries": [Entry(*each) for each in kept.overview()]})


@never_cache
@require_GET
def form(request: HttpRequest, code: str) -> HttpResponse:
    """One form, its pages in one of its states. Raises Http404."""
    version = _or_404(code)
    state = _state(request.GET.get("state", "blank"))
    found = {
        "entry": Entry(version.definition, version.number),
        "state": state,
        "states": _states(),
        "note": version.note,
    }
    return render(request, "desk/gallery_form.html", found | {"sheet": kept.shown(code, state)})


@never_cache
@require_GET
def pages(request: HttpRequest, code: str, state: str) -> HttpResponse:
    """The pages of a form as pictures; asked again until a worker has made them. Raises Http404."""
    version = _or_404(code)
    found = {"entry": Entry(version.definition, version.number), "state": _state(state)}
    return render(request, "desk/gallery_pages.html", found | {"sheet": kept.shown(code, state)})


@require_GET
def picture(request: HttpRequest, code: str, state: str, page: int) -> FileResponse:  # noqa: ARG001 - as every view
    """The picture of one page. Raises Http404 for one that has not been made."""
    path = _sheet(code, state).picture(page)
    if path is None:
        raise Http404
    answer = FileResponse(path.open("rb"), content_type="image/png")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@never_cache
@require_GET
def pdf(request: HttpRequest, code: str, state: str) -> HttpResponse:  # noqa: ARG001 - as every view
    """The form as PDF. Raises Http404 while it has not been made."""
    sheet = _sheet(code, state)
    if not sheet.pages or sheet.pdf is None:
        raise Http404
    return as_pdf(sheet.pdf.read_bytes(), f"{code}-{state}.pdf")


def _states() -> list[tuple[str, str]]:
    return [
        ("blank", _("Blank, to be filled in by hand")),
        ("prefilled", _("Filled in beforehand")),
        ("complete", _("Complete")),
    ]


def _state(given: str) -> str:
    if given not in kept.STATES:
        raise Http404
    return given


def _sheet(code: str, state: str) -> Sheet:
    _or_404(code)
    return kept.shown(code, _state(state))


def _or_404(code: str) -> FormVersion:
    try:
        return versions.in_force(code)
    except catalogue.UnknownForm as error:
        raise Http404 from error

"""Administration of forms and letterhead: changed as data, looked at before, kept as a new version with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forms_templates import catalogue, gallery, glyphs, logos, samples, versions
from forms_templates.chapters import chapters_of
from forms_templates.filling import form_for
from forms_templates.language import FILLERS, Form
from forms_templates.models import FormVersion, Letterhead
from forms_templates.printing.apart import printed_apart
from forms_templates.printing.job import PrintingError
from forms_templates.wording_form import UNPRINTABLE, WordingForm
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern

OUTDATED = _("Somebody else has made a later version meanwhile. Look at it, and make your change again.")
_SHOWN_WITH = "Serv103"
"""The form on which a letterhead is looked at: it prints most of what a letterhead says."""


def _pdf(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": "inline"})


@admin.register(FormVersion)
class FormVersionAdmin(ReadOnlyAdmin):
    """All versions of all forms, never changed; and the page that makes a later one."""

    list_display = ("form", "number", "made_at", "made_by", "note")
    list_filter = ("form",)
    list_select_related = ("made_by",)
    search_fields = ("form", "note")
    fields = ("form", "number", "made_at", "made_by", "note", "body")
    change_list_template = "admin/forms_templates/formversion/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Beside the list: all forms, and one form's words to change."""
        view = self.admin_site.admin_view
        more = [
            path("forms/", view(self.forms), name="forms_templates_forms"),
            path("forms/<str:code>/", view(self.words), name="forms_templates_words"),
        ]
        return [*more, *super().get_urls()]

    def _allow(self, request: HttpRequest) -> None:
        """Whoever may change versions in Django's sense. Raises PermissionDenied."""
        if not request.user.has_perm("forms_templates.change_formversion"):
            raise PermissionDenied

    def forms(self, request: HttpRequest) -> HttpResponse:
        """Every form with the version in force."""
        self._allow(request)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "forms": gallery.overview()}
        return TemplateResponse(request, "admin/forms_templates/formversion/forms.html", context)

    def words(self, request: HttpRequest, code: str) -> HttpResponse:
        """A form's words: to change, to look at, to keep as a new version."""
        self._allow(request)
        if code not in {form.code for form in catalogue.forms()}:
            raise Http404(code)
        version = versions.in_force(code)
        asked = WordingForm(version, request.POST if request.method == "POST" else None)
        if asked.is_valid():
            if answer := self._done(request, version, asked):
                return answer
        elif asked.is_bound:
            messages.error(request, gettext("Please correct what is marked below."))
        told = {"version": version, "form": asked, "parts": list(asked.parts()), "code": code}
        context = {**self.admin_site.each_context(request), "opts": self.opts, **told}
        return TemplateResponse(request, "admin/forms_templates/formversion/words.html", context)

    def _done(self, request: HttpRequest, version: FormVersion, asked: WordingForm) -> HttpResponse | None:
        """A preview, or the new version; None when it could not be."""
        made = Form.of(asked.result, version.number + 1)
        if "web" in request.POST:
            return self._web_form(request, made)
        try:
            if "pdf" in request.POST:
                house, values = versions.letterhead_in_force(), samples.values(version.form)
                return _pdf(printed_apart(asked.result, house, values, version=made.version, state="complete"))
            said = asked.cleaned_data
            basis = FormVersion(form=version.form, number=said["basis"])
            kept = versions.add(basis, asked.result, by=request.user, note=said["note"])  # type: ignore[arg-type] # logged in
        except PrintingError as error:
            asked.add_error(None, str(error))
        except versions.Outdated:
            asked.add_error(None, str(OUTDATED))
        else:
            messages.success(request, gettext("Version %(number)s is in force.") % {"number": kept.number})
            return HttpResponseRedirect(reverse("admin:forms_templates_forms"))
        return None

    def _web_form(self, request: HttpRequest, made: Form) -> HttpResponse:
        """How it is filled in: the customer's part and the company's, with sample answers, to look at only."""
        values, roles = samples.values(made.code), {role for filler in FILLERS.values() for role in filler}
        sides = [form_for(made, part, values, roles=roles) for part in ("customer", "company")]
        drawn = [{"filling": side, "chapters": chapters_of(side)} for side in sides if side.fields]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "sides": drawn, "title": made.title.zh}
        return TemplateResponse(request, "admin/forms_templates/formversion/web_form.html", context)


class LetterheadForm(forms.ModelForm[Letterhead]):
    """A letterhead as the next version of the one in force."""

    basis = forms.IntegerField(widget=forms.HiddenInput)
    logo_file = forms.FileField(label=_("New logo"), required=False, help_text=_("PNG or JPEG, at most 5 MB."))
    no_logo = forms.BooleanField(label=_("Without a logo"), required=False)

    class Meta:
        model = Letterhead
        fields = (
            *("name", "name_en", "address", "postcode", "phone", "fax", "email"),
            *("bank_account_name", "bank", "bank_account", "note"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (note := self.fields.get("note")) is not None:  # whoever only looks is asked nothing
            note.required = "pdf" not in self.data

    def clean_logo_file(self) -> bytes | None:
        """The logo, drawn anew."""
        upload = self.cleaned_data.get("logo_file")
        return logos.drawn_anew(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be printed, and a change of what is in force no more."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(said.items()):
            if isinstance(value, str) and (absent := glyphs.missing(value)):
                self.add_error(name, ValidationError(UNPRINTABLE, params={"characters": absent}))
        house = versions.letterhead_in_force()
        if said.get("basis") != house.number:
            self.add_error(None, str(OUTDATED))
        self.instance.logo = said.get("logo_file") or (b"" if said.get("no_logo") else bytes(house.logo))
        return said


@admin.register(Letterhead)
class LetterheadAdmin(ReadOnlyAdmin):
    """All letterheads there were, never changed; adding one puts it in force."""

    list_display = ("number", "name", "made_at", "made_by", "note")
    list_select_related = ("made_by",)
    search_fields = ("name", "note")
    form = LetterheadForm
    add_form_template = "admin/forms_templates/letterhead/add_form.html"
    fields = (*LetterheadForm.Meta.fields[:-1], "logo_file", "no_logo", "note", "basis")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may add letterheads in Django's sense."""
        return request.user.has_perm("forms_templates.add_letterhead")

    def get_fields(self, request: HttpRequest, obj: Letterhead | None = None) -> Any:
        """A letterhead that there was shows its logo and who made it."""
        return (
            self.fields if obj is None else (*LetterheadForm.Meta.fields, "logo_drawn", "number", "made_at", "made_by")
        )

    @admin.display(description=_("logo"))
    def logo_drawn(self, house: Letterhead) -> str:
        """Whether there is one."""
        return format_html("{} KB", len(bytes(house.logo)) // 1024 + 1) if house.logo else "-"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is in force, to be changed."""
        house = versions.letterhead_in_force()
        said = {name: getattr(house, name) for name in LetterheadForm.Meta.fields if name != "note"}
        return {**said, "basis": house.number}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """With a look at a printed page before."""
        if request.method == "POST" and "pdf" in request.POST and self.has_add_permission(request):
            asked = LetterheadForm(request.POST, request.FILES)
            if asked.is_valid():
                house = asked.save(commit=False)
                house.number = asked.cleaned_data["basis"] + 1
                form = versions.in_force(_SHOWN_WITH)
                values = samples.values(_SHOWN_WITH)
                return _pdf(printed_apart(form.body, house, values, version=form.number, state="complete"))
        answer: HttpResponse = super().add_view(request, form_url, extra_context)
        return answer

    def save_model(self, request: HttpRequest, obj: Letterhead, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Put it in force."""
        house = versions.letterhead_in_force()
        versions.add_letterhead(house, obj, by=request.user, note=obj.note)  # type: ignore[arg-type] # logged in

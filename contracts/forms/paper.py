"""What the acts on a contract's paper and on its way ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.states import SIGNED_HOW
from workflow.forms import Day, Files, Line, PastDay, Text, VerbForm

if TYPE_CHECKING:
    from datetime import date

DEPARTMENTS = (("service", _("service department")), ("finance", _("finance")), ("rd", _("R&D")))


class ReasonForm(VerbForm):
    """Why."""

    reason = Text(label=_("Reason"), rows=2, error_messages={"required": _("Say why.")})


class ObjectionForm(VerbForm):
    """What the customer wants otherwise."""

    text = Text(label=_("What the customer wants changed"), rows=3)


class ConsentForm(VerbForm):
    """Who agreed for the customer, and on which day; the letter or mail that says so comes along."""

    agreed_on = PastDay(label=_("Agreed on"))
    agreed_by = Line(label=_("Agreed for the customer by"), max_length=100)
    text = Text(label=_("Note"), rows=2, required=False)
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes


class ClassifyForm(VerbForm):
    """How far the change goes, and whom it concerns."""

    change = forms.ChoiceField(
        label=_("Extent of the change"),
        choices=[("major", _("major, or across departments")), ("minor", _("minor"))],
        widget=forms.RadioSelect,
    )
    change_departments = forms.MultipleChoiceField(
        label=_("Departments concerned"),
        choices=DEPARTMENTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = Text(label=_("Note"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        """A minor change is reviewed by somebody all the same."""
        found = super().clean() or self.cleaned_data
        if found.get("change") == "minor" and not found.get("change_departments"):
            self.add_error("change_departments", _("Say which departments review a minor change."))
        return found


class SealNoteForm(VerbForm):
    """A word to the keeper of the seal."""

    note = Text(label=_("Note"), rows=2, required=False)


class SealForm(VerbForm):
    """When it was sealed, and how many copies."""

    sealed_on = PastDay(label=_("Sealed on"))
    copies = forms.IntegerField(label=_("Copies"), min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract: Any = self.record
        self.initial.setdefault("copies", contract.originals)

    def clean_copies(self) -> int:
        """No more than were printed."""
        contract: Any = self.record
        copies: int = self.cleaned_data["copies"]
        if copies > contract.originals:
            raise forms.ValidationError(
                _("It is made in %(n)s originals: no more than those are sealed.") % {"n": contract.originals}
            )
        return copies


class PostForm(VerbForm):
    """By which courier, under which number."""

    posted_on = PastDay(label=_("Posted on"))
    courier = Line(label=_("Courier"), max_length=60)
    waybill = Line(label=_("Waybill number"), max_length=60)


class SignatureForm(VerbForm):
    """Whose side, who, and when; the scan comes along."""

    side = forms.ChoiceField(label=_("Side"), choices=[("ours", _("we")), ("theirs", _("the customer"))])
    signed_on = PastDay(label=_("Signed on"))
    signed_by = Line(label=_("Signed by (legal representative or authorised agent)"), max_length=100)
    text = Text(label=_("Note"), rows=2, required=False)
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes


class EffectiveForm(VerbForm):
    """From which day it binds."""

    effective_on = PastDay(label=_("Effective from"))

    def clean_effective_on(self) -> date:
        """Not before both have signed."""
        contract: Any = self.record
        found: date = self.cleaned_data["effective_on"]
        signed = [day for day in (contract.signed_ours_on, contract.signed_theirs_on) if day is not None]
        if signed and found < max(signed):
            raise forms.ValidationError(_("It takes effect when both have signed, not before."))
        return found


class CopyToServiceForm(VerbForm):
    """When the service department was given its copy; the copy comes along."""

    copied_on = PastDay(label=_("Copy handed over on"))
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes


class FileForm(VerbForm):
    """Under which numbers HR and finance keep the original."""

    hr_archive = Line(label=_("Archive number (HR)"), max_length=60, required=False)
    finance_archive = Line(label=_("Archive number (finance)"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        found = super().clean() or self.cleaned_data
        if not any(found.values()):
            raise forms.ValidationError(_("Give an archive number."))
        return found


class TerminateForm(VerbForm):
    """Why and from when it ends."""

    terminated_on = Day(label=_("Terminated on"))
    reason = Text(label=_("Reason"), rows=2, error_messages={"required": _("Say why.")})


class TakeBackForm(VerbForm):
    """Which document it was that came back, and how."""

    document = Line(label=_("Document"), max_length=24)
    how = forms.ChoiceField(label=_("How"), choices=SIGNED_HOW)


PAPER_FORMS: dict[str, type[VerbForm]] = {
    "cancel": ReasonForm,
    "hand_back": ReasonForm,
    "classify": ClassifyForm,
    "record_consent": ConsentForm,
    "record_agreement": ConsentForm,
    "record_objection": ObjectionForm,
    "have_sealed": SealNoteForm,
    "record_seal": SealForm,
    "post": PostForm,
    "record_signature": SignatureForm,
    "take_back": TakeBackForm,
    "take_effect": EffectiveForm,
    "copy_to_service": CopyToServiceForm,
    "file": FileForm,
    "terminate": TerminateForm,
}

"""What is written down while a ticket is worked on, and when it ends (TKT-13 to TKT-27)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.fields import GivenForm, Handler, Judged, contact_way, how_satisfied, needed
from tickets.models import Severity
from workflow.forms import Files, Line, Moment, Text, VerbForm

if TYPE_CHECKING:
    from people.models import User

LONGEST_PROMISE = timedelta(days=366)
OPINIONS = (
    ("", _("none")),
    ("praise", _("Praise")),
    ("complaint", _("Complaint")),
    ("suggestion", _("Suggestion")),
)


class RespondForm(VerbForm):
    """TKT-13, TKT-16 to TKT-18: the response is a contact, a way of resolution, a time and measures."""

    public = ("contacted_by", "way", "expected_at")
    contacted_by = contact_way()
    way = Text(label=_("Way of resolution"), rows=2, **needed(_("Say how it will be solved (TKT-16).")))
    expected_at = Moment(label=_("Expected to be resolved"), **needed(_("Say until when it will be solved (TKT-13).")))
    measures = Text(label=_("Planned measures"), rows=2, **needed(_("Say which measures are planned (TKT-13).")))

    def clean_expected_at(self) -> Any:
        """A promise lies ahead, and not out of sight."""
        expected = self.cleaned_data["expected_at"]
        if expected <= self.at:
            raise forms.ValidationError(_("The expected time must lie ahead."))
        if expected > self.at + LONGEST_PROMISE:
            raise forms.ValidationError(_("A promise for more than a year ahead is none."))
        return expected


class HandOverForm(GivenForm):
    """TKT-15: the next handler, what was done, and what is left."""

    handler = Handler(label=_("Next handler"), **needed(_("Name the next handler (TKT-15).")))
    done = Text(label=_("What was done"), rows=3, **needed(_("Say what was done so far (TKT-15).")))
    leftovers = Text(
        label=_("What is left"), rows=2, **needed(_("Say what is left to do (TKT-15); “none” is an answer too."))
    )

    def clean_handler(self) -> User | None:
        """Somebody else."""
        person = super().clean_handler()
        if person is not None and person.pk == self.record.handler_id:
            raise forms.ValidationError(_("%(person)s is the present handler."), params={"person": person})
        return person


class EscalateToRdForm(VerbForm):
    """TKT-24: the question to R&D, and what was tried."""

    question = Text(label=_("Question to R&D"), **needed(_("Say what R&D is to find out (TKT-24).")))
    tried = Text(label=_("What was tried"), **needed(_("Say what was tried (TKT-24).")))
    files = Files()  # type: ignore[assignment]  # fields are taken out of the class


class ReturnFromRdForm(GivenForm):
    """TKT-24: what R&D found, and who goes on."""

    method = Text(label=_("Method"), rows=3, **needed(_("Record R&D's method (TKT-24).")))
    advice = Text(label=_("Advice"), rows=2, **needed(_("Record R&D's advice (TKT-24).")))
    result = Text(label=_("Result"), rows=2, **needed(_("Record R&D's result (TKT-24).")))
    leftovers = Text(label=_("Leftover issues"), rows=2, required=False)
    handler = Handler(label=_("Next handler"), required=False, help_text=_("Left empty: the present handler goes on."))
    files = Files()  # type: ignore[assignment]  # fields are taken out of the class


class WaitForCustomerForm(VerbForm):
    """What is asked of the customer."""

    public = ("asked",)
    asked = Text(label=_("What we ask of the customer"), **needed(_("Say what you need from the customer (TKT-05).")))


class CustomerAnsweredForm(VerbForm):
    """The customer's answer, with the material that came (TKT-05)."""

    public = ("answer",)
    answer = Text(label=_("Answer"), **needed(_("Write down what the customer answered.")))
    files = Files()  # type: ignore[assignment]  # fields are taken out of the class


class AskForDetailsForm(VerbForm):
    """TKT-05: what is asked for, and how."""

    public = ("asked",)
    asked = Text(label=_("What we ask for"), **needed(_("Say which details are to be sent (TKT-05).")))
    contacted_by = contact_way()


class AddDetailsForm(VerbForm):
    """TKT-05: what the customer tells beside, with its files."""

    public = ("text",)
    text = Text(label=_("Details"), **needed(_("Write what is to be added.")))
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes


class LogContactForm(VerbForm):
    """TKT-20, TKT-21, TKT-23: with whom, how, and what was said."""

    contacted_by = contact_way()
    person = Line(label=_("Spoken to"), max_length=60, **needed(_("Say whom you spoke to.")))
    summary = Text(label=_("What was said"), rows=3, **needed(_("Say how the work was reported (TKT-20).")))
    opinion_kind = forms.ChoiceField(label=_("Opinion or suggestion"), choices=OPINIONS, required=False)
    opinion = Text(label=_("The customer's words"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("person", self.record.contact.name)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An opinion has its kind and its words, or there is none (TKT-26)."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        kind, words = said.get("opinion_kind"), said.get("opinion")
        if words and not kind:
            self.add_error("opinion_kind", _("Say whether it is praise, a complaint or a suggestion (TKT-26)."))
        elif kind and not words:
            self.add_error("opinion", _("Write down what the customer said (TKT-26)."))
        return said


class PressForm(VerbForm):
    """催办 (TKT-23)."""

    text = Text(label=_("What is pressing"), rows=2, **needed(_("Say what is pressing.")))


class ChangeSeverityForm(VerbForm):
    """TKT-04: another severity, and why."""

    severity = Judged(label=_("Severity"), **needed(_("Judge the severity by the criteria (TKT-04).")))
    reason = Text(label=_("Reason"), rows=2, **needed(_("Say why the severity is another (TKT-04).")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            others = Severity.objects.filter(active=True).exclude(pk=self.record.severity_id)  # type: ignore[attr-defined]
            self.fields["severity"].queryset = others  # type: ignore[attr-defined]

    def clean_severity(self) -> Any:
        """Not the present one."""
        severity = self.cleaned_data["severity"]
        if severity.pk == self.record.severity_id:  # type: ignore[attr-defined]
            raise forms.ValidationError(_("This is the present severity."))
        return severity


# --- the end -----------------------------------------------------------------------------------------------------
class ResolveForm(VerbForm):
    """TKT-14, TKT-27: method, course, result and what is left; the cause where the severity asks for it."""

    public = ("method", "result")
    method = Text(label=_("Method"), rows=2, **needed(_("Say how it was solved (TKT-27).")))
    course = Text(label=_("Course"), rows=3, **needed(_("Say what was done, step by step (TKT-14).")))
    result = Text(label=_("Result"), rows=2, **needed(_("Say what came of it (TKT-27).")))
    leftovers = Text(label=_("Leftover issues"), rows=2, required=False)
    cause = Text(
        label=_("Cause"), rows=2, required=False, **needed(_("Say what caused it: this severity asks for it."))
    )
    files = Files()  # type: ignore[assignment]  # fields are taken out of the class

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticket: Any = self.record
        if ticket.emergency:
            self.fields["cause"].error_messages["required"] = _("Say what caused the emergency (OFH-07).")
        self.fields["cause"].required = ticket.emergency or ticket.severity.cause_required


class ConfirmForm(VerbForm):
    """How satisfied the customer is, from 1 to 5."""

    public = ("satisfaction", "comment")
    satisfaction = how_satisfied(_("Ask the customer how satisfied they are."))
    comment = Text(label=_("Customer's comment"), rows=2, required=False)


class ReasonForm(VerbForm):
    """Why it is taken up again, or cancelled."""

    public = ("reason",)
    reason = Text(label=_("Reason"), rows=2, **needed(_("Say why.")))

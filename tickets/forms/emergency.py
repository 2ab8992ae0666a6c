"""What is asked of the engineer on duty, and afterwards of the account manager (OFH-01 to OFH-14)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from duty import roster
from people.models import User
from tickets import services
from tickets.forms.fields import Judged, how_satisfied, needed
from tickets.forms.intake import AboutForm
from tickets.models import Channel, IssueSubtype, Outcome, Severity, Speed
from vault.models import Access
from workflow.forms import Files, Line, Text, VerbForm
from workflow.widgets import Email

CRITERIA = ("product_related", "major_failure", "teaching_disturbed")
USUAL = "fault"
"""The subtype that an emergency mostly is."""


class RecordEmergencyForm(AboutForm):
    """OFH-01 to OFH-03, OFH-14: the criteria first, then who calls and what is wrong; it is critical in any case.

    `severity` belongs to the other ending of the page: an ordinary ticket, where the criteria are not met.
    """

    public = ("title", "body", "contact", "phone", "email", "fax", "site")
    product_related = forms.BooleanField(label=_("It concerns the product"), required=False)
    major_failure = forms.BooleanField(label=_("A major failure: the system cannot be used normally"), required=False)
    teaching_disturbed = forms.BooleanField(label=_("Teaching is seriously disturbed"), required=False)
    severity = Judged(label=_("Severity"), required=False)
    files = Files()  # type: ignore[assignment]  # fields are taken out of the class
    field_order = (*CRITERIA, "customer", "contact", "phone", "email", "fax", "issue_type", "subtype", "title", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            usual = IssueSubtype.objects.filter(code=USUAL, active=True).first()
            if usual is not None:
                self.initial.setdefault("subtype", usual.pk)
                self.initial.setdefault("issue_type", usual.issue_type_id)

    def clean(self) -> dict[str, Any]:
        """What is recorded: by the emergency hotline, as critical, whatever was sent (OFH-14)."""
        said = super().clean()
        self._check_who_and_when()
        self._check_criteria(said)
        said["channel"] = Channel.objects.filter(code=services.EMERGENCY_HOTLINE).first()
        said["severity"] = Severity.objects.filter(code=services.CRITICAL).first()
        if said["channel"] is None or said["severity"] is None:
            self.add_error(None, _("The emergency channel or the critical severity is missing; tell an administrator."))
        if on_file := self._on_file(said):
            said["access"] = on_file
        return said

    def _check_who_and_when(self) -> None:
        if self.actor.user is None or self.actor.on_behalf_of is not None:
            self.add_error(None, _("An emergency is recorded by the engineer on duty in person (OFH-02)."))
        if not roster.off_hours(self.at):
            self.add_error(
                None, _("The department is open: within working hours issues go to a customer specialist (OFH-02).")
            )

    def _check_criteria(self, said: dict[str, Any]) -> None:
        if not said.get("product_related"):
            self.add_error("product_related", _("An emergency concerns the product (OFH-01)."))
        if not (said.get("major_failure") or said.get("teaching_disturbed")):
            self.add_error(
                "major_failure", _("An emergency is a major failure, or seriously disturbs teaching (OFH-01).")
            )
        if self.errors.keys() & set(CRITERIA):
            self.add_error(
                None,
                _("This is no emergency. Record it as an ordinary ticket: it is dispatched from %(at)s on (OFH-13).")
                % {"at": f"{clock.local(next_working_moment(self.at)):%m-%d %H:%M}"},
            )

    def _on_file(self, said: dict[str, Any]) -> Access | None:
        """The access details, if exactly one set is on file for the platform or the customer: they need no asking."""
        customer, site = said.get("customer"), said.get("site")
        if customer is None:
            return None
        rows = Access.objects.of(customer.pk)
        found = list((rows.filter(site=site) if site else rows)[:2])
        return found[0] if len(found) == 1 else None


def next_working_moment(at: Any) -> Any:
    """When ordinary work goes on."""
    working = roster.schedule()
    return working.next_working_moment(at) if working is not None else at


class TellByPhoneForm(VerbForm):
    """OFH-08: whom one spoke to, and what was said."""

    person = Line(label=_("Spoken to"), max_length=60, **needed(_("Say whom you spoke to.")))
    summary = Text(label=_("What was said"), rows=3, **needed(_("Say what the customer was told (OFH-08).")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("person", self.record.contact.name)  # type: ignore[attr-defined]


class TellByEmailForm(VerbForm):
    """OFH-08: what is written to the customer, and to which address."""

    public = ("summary",)
    email = Email(label=_("Email"), max_length=254, **needed(_("Ask for an email address (OFH-08).")))
    summary = Text(label=_("What is written"), rows=4, **needed(_("Say what the customer is told (OFH-08).")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticket: Any = self.record
        if not self.is_bound:
            self.initial.setdefault("email", ticket.email or ticket.contact.email)
            self.initial.setdefault("summary", ticket.result)


class CryForHelpForm(VerbForm):
    """OFH-11: what the trouble is, in detail, and who else is told."""

    trouble = forms.ChoiceField(
        label=_("What the trouble is"),
        choices=(
            ("stubborn", _("It is stubborn")),
            ("untimed", _("It cannot be said how long it takes")),
            ("unknown", _("There is no known solution")),
        ),
        widget=forms.RadioSelect,
        **needed(_("Say what the trouble is (OFH-11).")),
    )
    details = Text(label=_("In detail"), rows=4, **needed(_("Describe it in detail (OFH-11).")))
    people = forms.ModelMultipleChoiceField(
        User.objects.staff().order_by("department", "initials"),
        label=_("Who else is told"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The account manager and your supervisor are told in any case."),
    )

    def clean_people(self) -> list[User]:
        """The people, read."""
        return list(self.cleaned_data["people"])


class FollowUpForm(VerbForm):
    """OFH-09, OFH-10: what the customer says of response speed, result and satisfaction, and what they wish."""

    speed = forms.TypedChoiceField(
        label=_("Response speed"),
        choices=Speed,
        coerce=int,
        widget=forms.RadioSelect,
        **needed(_("Ask the customer how quickly we responded (OFH-09).")),
    )
    outcome = forms.ChoiceField(
        label=_("Result"),
        choices=Outcome,
        widget=forms.RadioSelect,
        **needed(_("Ask the customer whether it is solved (OFH-09).")),
    )
    asked_satisfaction = how_satisfied(_("Ask the customer how satisfied they are (OFH-09)."))
    opinions = Text(
        label=_("Opinions"),
        rows=2,
        **needed(_("Write down what the customer thinks; “none” is an answer too (OFH-10).")),
    )
    suggestions = Text(label=_("Suggestions"), rows=2, required=False)

"""How a ticket comes into being: recorded, corrected, answered at once, or dispatched (TKT-01 to TKT-12)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Organisation, Site
from duty.parties import DUTY_ENGINEER
from tickets import services
from tickets.forms.fields import GivenForm, Handler, Judged, SubtypeChoice, needed
from tickets.models import Channel, IssueSubtype, IssueType
from workflow.forms import Files, Line, Text, VerbForm
from workflow.widgets import Choice, Email, Found, Number, Typeahead, Typed

if TYPE_CHECKING:
    from collections.abc import Sequence


class AboutForm(VerbForm):
    """Who asks and what about: the ground of recording and of correcting."""

    customer = Found(
        Organisation.objects.filter(active=True),
        names=("name", "short_name"),
        label=_("Customer"),
        widget=Typeahead("customers"),
        **needed(_("Name the customer (TKT-02).")),
    )
    contact = Found(
        Contact.objects.filter(active=True).select_related("organisation"),
        names=(),
        free=True,
        label=_("Contact"),
        widget=Typeahead("contacts", narrowed_by="customer", eager=True),
        help_text=_("A name that is not in the list makes a new contact."),
        **needed(_("Name the contact (TKT-02).")),
    )
    phone = Number(label=_("Phone"))
    email = Email(label=_("Email"), required=False, max_length=254)
    fax = Number(label=_("Fax"))
    issue_type = Choice(
        IssueType.objects.filter(active=True),
        label=_("Issue type"),
        **needed(_("Say which type of issue it is (TKT-03).")),
    )
    subtype = SubtypeChoice(
        IssueSubtype.objects.filter(active=True)
        .select_related("issue_type")
        .order_by("issue_type__position", "issue_type", "position"),
        label=_("Subtype"),
        required=False,
    )
    title = Line(label=_("Title"), **needed(_("Say in a line what it is about.")))
    body = Text(label=_("Description"), rows=6, **needed(_("Describe the issue in the customer's words.")))
    site = Found(
        Site.objects.filter(active=True),
        names=(),
        label=_("Platform"),
        widget=Typeahead("sites", narrowed_by="customer", eager=True),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_customer(said)
        if not self.errors.keys() & {"customer", "contact", "phone", "email", "fax"}:
            self._check_contact(said)
        self._check_type(said)
        site, customer = said.get("site"), said.get("customer")
        if site is not None and customer is not None and site.organisation_id != customer.pk:
            self.add_error("site", _("This platform belongs to another customer."))
        return said

    def _check_customer(self, said: dict[str, Any]) -> None:
        user, contact = self.actor.user, said.get("contact")
        if user is not None and user.is_customer and self.has_error("contact", "required"):
            contact = self._implied(said, "contact", Contact.objects.filter(user=user, active=True).first())
        if isinstance(contact, Contact) and self.has_error("customer", "required"):
            self._implied(said, "customer", contact.organisation)
        customer = said.get("customer")
        if customer is None:
            return
        if not customer.active:
            self.add_error("customer", _("This customer is not active any more."))
        elif (
            user is not None
            and user.is_customer
            and not Organisation.objects.for_actor(user).filter(pk=customer.pk).exists()
        ):
            self.add_error("customer", _("Issues can be raised for your own organisation only."))

    def _implied(self, said: dict[str, Any], name: str, value: Any) -> Any:
        """Take what follows from something else for what was left empty."""
        if value is not None:
            del self.errors[name]
            said[name] = value
        return value

    def _check_contact(self, said: dict[str, Any]) -> None:
        contact, customer = said["contact"], said["customer"]
        if isinstance(contact, Contact) and contact.organisation_id != customer.pk:
            self.add_error("contact", _("This contact belongs to another customer."))
            return
        if isinstance(contact, Contact) and not any(said.get(way) for way in ("phone", "fax", "email")):
            said["phone"], said["fax"], said["email"] = contact.mobile or contact.phone, contact.fax, contact.email
        if not any(said.get(way) for way in ("phone", "fax", "email")):
            self.add_error("phone", _("Give at least one way to reach the contact: phone, fax or email (TKT-02)."))
        elif isinstance(contact, Typed):
            said["contact"] = _named(customer, str(contact), said)

    def _check_type(self, said: dict[str, Any]) -> None:
        issue_type, subtype = said.get("issue_type"), said.get("subtype")
        if subtype is not None and self.has_error("issue_type", "required"):
            issue_type = self._implied(said, "issue_type", subtype.issue_type)
        if issue_type is None or "subtype" in self.errors:
            return
        if subtype is not None and subtype.issue_type_id != issue_type.pk:
            self.add_error("subtype", _("This subtype belongs to another type (TKT-03)."))
        elif subtype is None and issue_type.subtypes.filter(active=True).exists():
            self.add_error("subtype", _("Choose a subtype: this type has some (TKT-03)."))


def _named(customer: Organisation, name: str, said: dict[str, Any]) -> Contact:
    """The contact of that name who has one of the numbers given, or a new one; it is kept with the ticket."""
    name = name[:60]
    ways = {said[way] for way in ("phone", "fax", "email") if said[way]}
    for known in customer.contacts.filter(name=name, active=True):
        if ways & {known.phone, known.mobile, known.fax, known.email}:
            return known
    phone = said["phone"]
    mobile = phone if re.fullmatch(r"1\d{10}", re.sub(r"\D", "", phone)) else ""
    return Contact(
        organisation=customer,
        name=name,
        phone="" if mobile else phone,
        mobile=mobile,
        fax=said["fax"],
        email=said["email"],
    )


class RecordForm(AboutForm):
    """TKT-01 to TKT-05: what is written down when an issue is accepted.

    The fields in `endings` belong to the act that follows at once on the intake page, which asks for them again by its
    own form; recording keeps none of them.
    """

    public: tuple[str, ...] = ("title", "body", "contact", "phone", "email", "fax", "site")
    endings: tuple[str, ...] = ("handler", "method", "result")
    channel = Choice(
        Channel.objects.filter(active=True, intake=True),
        label=_("Channel"),
        **needed(_("Say by which channel the issue arrived (TKT-01).")),
    )
    severity = Judged(label=_("Severity"), **needed(_("Judge the severity by the criteria (TKT-04).")))
    files = Files()  # type: ignore[assignment]  # fields are taken out of the class
    handler = Handler(required=False, help_text=_("Left empty: whom type, region and workload point to."))
    method = Text(label=_("Method"), rows=2, required=False)
    result = Text(label=_("Result"), rows=2, required=False)
    field_order: Sequence[str] = (
        *("customer", "contact", "phone", "email", "fax", "channel", "severity", "issue_type", "subtype"),
        *("title", "body", "site", "files", *endings),
    )

    def clean(self) -> dict[str, Any]:
        """What is recorded."""
        said = super().clean()
        self._check_channel(said)
        return {name: value for name, value in said.items() if name not in self.endings}

    def _check_channel(self, said: dict[str, Any]) -> None:
        """What comes by the emergency hotline is written down by the engineer on duty, and nobody else (OFH-02)."""
        channel, user = said.get("channel"), self.actor.user
        if channel is None or channel.code != services.EMERGENCY_HOTLINE or user is None:
            return
        if self.actor.on_behalf_of is not None or not DUTY_ENGINEER.includes(user, self.record):
            self.add_error(
                "channel", _("Calls on the emergency hotline are recorded by the engineer on duty in person (OFH-02).")
            )


class CorrectForm(AboutForm):
    """What was recorded, to be put right; what is not sent stays, and only what differs is said."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        present = {name: getattr(kwargs["record"], name) for name in self.base_fields}
        if data is not None:
            blank = [name for name in self.base_fields if name not in data and f"{name}_text" in data]
            present |= dict.fromkeys(blank)
            data = present | dict(data.items())
        super().__init__(data, files, initial=present, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Only what differs. Raises ValidationError if nothing does."""
        said = super().clean()
        changed = {name: value for name, value in said.items() if value != getattr(self.record, name)}
        if not changed and not self.errors:
            raise forms.ValidationError(_("Nothing differs from what is recorded."))
        return changed


class AnswerAtOnceForm(VerbForm):
    """TKT-06, TKT-27: a basic question, answered at intake."""

    public = ("method", "result")
    method = Text(label=_("Method"), rows=2, **needed(_("Say how it was solved (TKT-27).")))
    result = Text(label=_("Result"), rows=2, **needed(_("Say what came of it (TKT-27).")))


class DispatchForm(GivenForm):
    """TKT-07 to TKT-12: the handler; left empty, the one whom the routing proposes."""

    handler = Handler(required=False)
    text = Text(label=_("Note"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            proposal = services.propose(self.record)
            self.initial.setdefault("handler", proposal.user)
            self.fields["handler"].help_text = str(proposal.why)

    def clean(self) -> dict[str, Any]:
        """Let the routing name the handler. Raises ValidationError if there is nobody."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("handler") is None and "handler" not in self.errors:
            proposal = services.propose(self.record)
            if proposal.user is None:
                self.add_error("handler", str(proposal.why))
            said["handler"] = proposal.user
            said["text"] = said.get("text") or proposal.why
        return said

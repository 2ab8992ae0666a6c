"""What is asked when tickets join and part: which one goes on for both, and what the second issue is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets import services
from tickets.flow import UNRESOLVED, State
from tickets.forms.fields import needed
from tickets.forms.intake import RecordForm
from tickets.models import Ticket
from workflow.forms import Line, Moment, Text, VerbForm
from workflow.records import RecordChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

TAKEN_OVER = ("customer", "contact", "phone", "email", "fax", "site", "channel", "severity", "issue_type", "subtype")


class MergeForm(VerbForm):
    """The ticket that goes on for both: another one of the same customer, still worked on, and no less severe."""

    public = ("merged_into",)
    merged_into = RecordChoice(
        label=_("Ticket that goes on"),
        help_text=_("Open tickets of the same customer, the most alike first. The customer is told where it goes on."),
        **needed(_("Name the ticket that goes on for both.")),
    )
    text = Text(label=_("Note for colleagues"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["merged_into"].seen_by(self.actor, self.record, same="1")  # type: ignore[attr-defined]

    @classmethod
    def beside(cls, data: Mapping[str, Any]) -> list[int]:
        """The ticket that goes on."""
        return RecordChoice.named(data, "merged_into")

    def clean_merged_into(self) -> Ticket:
        """The ticket. Raises ValidationError saying why it cannot go on for this one."""
        given = self.cleaned_data["merged_into"]
        said = {"number": given.number, "customer": self.record.customer}
        if given.pk == self.record.pk:
            raise forms.ValidationError(_("A ticket is not merged into itself."))
        if given.kind != services.KIND or given.customer_id != self.record.customer_id:
            raise forms.ValidationError(
                _("%(number)s is no ticket of %(customer)s: only tickets of one customer are merged."), params=said
            )
        other: Any = Ticket.objects.select_related("severity", "merged_into").get(pk=given.pk)
        self._check_state(other)
        self._check_severity(other)
        return cast("Ticket", other)

    def _check_state(self, other: Ticket) -> None:
        said = {"number": other.number, "state": State(other.state).label, "into": other.merged_into}
        if other.state == State.MERGED:
            raise forms.ValidationError(_("%(number)s has itself been merged, into %(into)s."), params=said)
        if other.state == State.RESOLVED:
            raise forms.ValidationError(_("%(number)s is resolved. Reopen it first, if it goes on."), params=said)
        if other.state not in UNRESOLVED:
            raise forms.ValidationError(
                _("%(number)s is “%(state)s”: nobody works on it any more, so it cannot go on for this one."),
                params=said,
            )

    def _check_severity(self, other: Ticket) -> None:
        """No promise is made longer by merging (TKT-16 to TKT-18). Severities are in the order of their weight."""
        mine: Any = self.record
        if other.severity.position < mine.severity.position:
            raise forms.ValidationError(
                _("%(number)s is only “%(theirs)s”, this one “%(mine)s”. Change its severity first (TKT-04)."),
                params={"number": other.number, "theirs": other.severity, "mine": mine.severity},
            )


class TakeInForm(VerbForm):
    """What a duplicate has brought, as it stands on the timeline of the ticket that goes on."""

    public = ("merged",)
    merged = Line(label=_("Merged ticket"), max_length=24)
    title = Line(label=_("Title"))
    body = Text(label=_("Description"))
    contact = Line(label=_("Contact"), max_length=60, required=False)
    phone = Line(label=_("Phone"), max_length=40, required=False)
    waiting_since = Moment(label=_("Waiting since"), required=False)


class SplitForm(RecordForm):
    """The second issue: who asks is known, what it is about is written anew."""

    public = ("title",)
    secret = TAKEN_OVER
    endings = ()
    handler = method = result = files = None  # type: ignore[assignment] # Django's way of leaving fields out
    field_order = ("title", "body", *TAKEN_OVER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        origin: Any = self.record
        known = {name: getattr(origin, name) for name in TAKEN_OVER}
        if origin.channel.code == services.EMERGENCY_HOTLINE:
            known["channel"] = None  # only the engineer on duty writes down what comes by it (OFH-02)
        self.initial = {name: getattr(value, "pk", value) for name, value in known.items()} | dict(self.initial)
        self.fields["customer"].disabled = True
        self.fields["title"].label = _("Title of the second issue")

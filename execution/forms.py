"""What is asked at the acts on executions and on the items of their plans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Contract
from core import clock
from execution.flow import LEADERS, Progress
from execution.flow.lanes import OF_THE_SPECIALIST, way_of
from people.models import User
from workflow.forms import Files, Line, Text, VerbForm
from workflow.records import RecordChoice
from workflow.widgets import Found, Typeahead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from execution.models import Plan, PlanItem
    from workflow.models import Record

SPECIALISTS, MANAGERS = ("customer_specialist",), ("account_manager", "senior_account_manager")
LONGEST_TERM = timedelta(days=3653)
"""No item is due later than ten years from now: whoever says so has mistyped the year."""


class ItemChoice(forms.ChoiceField):
    """One of the plan's items. All can be named, so that the form can say why one does not go; some are offered."""

    plan: Plan

    def __init__(self) -> None:
        words = {"required": gettext_lazy("Choose the item."), "invalid_choice": gettext_lazy("There is no such item.")}
        super().__init__(label=gettext_lazy("Item"), error_messages=words)

    def to_python(self, value: Any) -> Any:
        """The item."""
        found = self.plan.find(getattr(value, "pk", value)) if value not in self.empty_values else None
        if value not in self.empty_values and found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found

    def validate(self, value: Any) -> None:
        """One is named; whether it goes is for the form to say."""
        forms.Field.validate(self, value)


class ItemForm(VerbForm):
    """An act on one item: `why_not` says of each that does not go, what stands against it."""

    item = ItemChoice()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        execution: Any = self.record
        chosen: Any = self.fields["item"]
        chosen.plan = execution.plan
        offered = [item for item in execution.plan.items if not self.why_not(item)]
        chosen.choices = [("", _("Choose…")), *((item.pk, str(item)) for item in offered)]
        if len(offered) == 1:
            chosen.initial = offered[0].pk

    def why_not(self, item: PlanItem) -> str:
        """What stands against the act on an item; empty if nothing does."""
        raise NotImplementedError

    def clean_item(self) -> PlanItem:
        """An item that it can be done to, by this person."""
        item: PlanItem = self.cleaned_data["item"]
        if words := self.why_not(item):
            raise forms.ValidationError(words)
        return item

    def settled(self, item: PlanItem) -> str:
        """That nothing is to be done of it any more."""
        return _("“%(item)s” is %(progress)s already.") % _named(item) if item.is_settled else ""

    def blocked(self, item: PlanItem) -> str:
        """What it waits for, and whose that is."""
        execution: Any = self.record
        first = execution.plan.blockers(item)
        named = ", ".join(f"{each} ({each.owner})" if each.owner is not None else str(each) for each in first)
        return _("“%(item)s” comes after: %(first)s.") % {**_named(item), "first": named} if first else ""

    def not_theirs(self, item: PlanItem) -> str:
        """That it is somebody else's to do: its owner, the account manager or a director may, and those of its lane."""
        user = self.actor.on_behalf_of or self.actor.user
        record: Any = self.record
        if user is None or user.pk in {item.owner_id, record.handler_id} or LEADERS.includes(user, record):
            return ""
        if item.lane in OF_THE_SPECIALIST and user.pk == record.specialist_id:
            return ""
        if record.customer is not None and user.pk == record.customer.account_manager_id:
            return ""
        return _("“%(item)s” is for %(owner)s to do.") % {**_named(item), "owner": item.owner or _("nobody yet")}


def _named(item: PlanItem) -> dict[str, str]:
    return {"item": str(item), "progress": str(Progress(item.progress).label)}


class Day(forms.DateField):
    """A day on the department's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class BeginItemForm(ItemForm):
    """That somebody has begun it by hand."""

    text = Text(label=gettext_lazy("Note"), rows=2, required=False)

    def why_not(self, item: PlanItem) -> str:
        """Not begun, not blocked, one's own, and of no process."""
        if item.progress == Progress.IN_PROGRESS:
            return _("“%(item)s” is %(progress)s already.") % _named(item)
        return self.settled(item) or self.by_hand(item) or self.not_theirs(item) or self.blocked(item)

    def by_hand(self, item: PlanItem) -> str:
        """That it is done by a process, and not by hand."""
        return "" if item.is_by_hand else _("“%(item)s” is done by its own process: begin that.") % _named(item)


class FinishItemForm(BeginItemForm):
    """When it was done, and what proves it: in words, and with the papers."""

    text = None  # type: ignore[assignment] # Django's way to leave out an inherited field
    done_on = Day(label=gettext_lazy("Done on"))
    evidence = Text(
        label=gettext_lazy("Evidence"),
        rows=3,
        error_messages={"required": gettext_lazy("Say what proves that it is done.")},
        help_text=gettext_lazy("Such as the number of the waybill or of the signed form; the papers come below."),
    )
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = clock.local(self.at).date()

    def why_not(self, item: PlanItem) -> str:
        """Not done, not blocked, one's own, and of no process."""
        return self.settled(item) or self.by_hand(item) or self.not_theirs(item) or self.blocked(item)

    def clean_done_on(self) -> date:
        """Not a day to come, and none before the contract took effect."""
        found: date = self.cleaned_data["done_on"]
        execution: Any = self.record
        if found > clock.local(self.at).date():
            raise forms.ValidationError(_("This day has not come yet."))
        effective = execution.carries_out.effective_on
        if effective is not None and found < effective:
            raise forms.ValidationError(_("The contract has been in force since %(day)s only.") % {"day": effective})
        return found


class BeginProcessForm(ItemForm):
    """Which item's process is begun."""

    def why_not(self, item: PlanItem) -> str:
        """Done by a process, not begun, not blocked, one's own."""
        without = way_of(item.lane) is None or item.record_id is not None
        none = _("“%(item)s” has no process to begin.") % _named(item) if without else ""
        return self.settled(item) or none or self.not_theirs(item) or self.blocked(item)


class LinkProcessForm(BeginProcessForm):
    """Which record it is done by: of its lane's process, and of the same customer."""

    other = RecordChoice(
        label=gettext_lazy("Record"), error_messages={"required": gettext_lazy("Name the other record.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].seen_by(self.actor, self.record, same="1")  # type: ignore[attr-defined]

    @classmethod
    def beside(cls, data: Mapping[str, Any]) -> list[int]:
        """The other record."""
        return RecordChoice.named(data, "other")

    def clean(self) -> dict[str, Any]:
        """It can be what the item is done by."""
        found = super().clean() or self.cleaned_data
        item, other = found.get("item"), found.get("other")
        if item is not None and other is not None and (words := self._unfit(item, other)):
            self.add_error("other", words)
        return found

    def _unfit(self, item: PlanItem, other: Record) -> str:
        way = way_of(item.lane)
        if way is None or other.kind != way.kind:
            return _("%(number)s is of another process.") % {"number": other.number}
        if other.customer_id != self.record.customer_id:
            return _("%(number)s is another customer's.") % {"number": other.number}
        return ""


class ReopenItemForm(ItemForm):
    """What is opened again, and why."""

    reason = Text(label=gettext_lazy("Reason"), rows=2, error_messages={"required": gettext_lazy("Say why.")})

    def why_not(self, item: PlanItem) -> str:
        """Only what is settled; what follows a record is opened there."""
        if item.record_id is not None:
            return _("“%(item)s” follows its record: open that again.") % _named(item)
        return "" if item.is_settled else _("“%(item)s” is open.") % _named(item)


class AssignItemForm(ItemForm):
    """Who sees to it from now on."""

    person = Found(
        User.objects.staff(),
        label=gettext_lazy("Owner"),
        names=("display_name", "username"),
        widget=Typeahead("people"),
        error_messages={"required": gettext_lazy("Name the person.")},
    )

    def why_not(self, item: PlanItem) -> str:
        """What is still to be done."""
        return self.settled(item)


class SetDueForm(ItemForm):
    """By which day; without one it has no time limit."""

    due_on = Day(label=gettext_lazy("Due on"), required=False)
    reason = Text(label=gettext_lazy("Reason"), rows=2, required=False)

    def why_not(self, item: PlanItem) -> str:
        """What is still to be done."""
        return self.settled(item)

    def clean_due_on(self) -> date | None:
        """Not a day that is over, and none that nobody here will see."""
        found: date | None = self.cleaned_data["due_on"]
        now = clock.local(self.at).date()
        if found is not None and found < now:
            raise forms.ValidationError(_("This day is over."))
        if found is not None and found > now + LONGEST_TERM:
            raise forms.ValidationError(_("This day is more than ten years away."))
        return found


class WaiveItemForm(ItemForm):
    """What need not be done, and why."""

    reason = Text(label=gettext_lazy("Reason"), rows=2, error_messages={"required": gettext_lazy("Say why.")})

    def why_not(self, item: PlanItem) -> str:
        """What is still to be done."""
        return self.settled(item)


class FreeItemForm(WaiveItemForm):
    """What goes ahead although something else would come first, and by which word of the contract."""

    def why_not(self, item: PlanItem) -> str:
        """What something else blocks."""
        execution: Any = self.record
        free = "" if execution.plan.blockers(item) else _("Nothing stands in the way of “%(item)s”.") % _named(item)
        return self.settled(item) or free


class FollowItemForm(ItemForm):
    """How far the record of an item has come."""

    progress = forms.ChoiceField(choices=[(each.value, each.label) for each in Progress if each != Progress.WAIVED])
    number = Line(label=gettext_lazy("Record"), max_length=24, required=False)
    done_on = Day(label=gettext_lazy("Done on"), required=False)

    def why_not(self, item: PlanItem) -> str:
        """What is done by a record, and was not waived."""
        if item.record_id is None or item.progress == Progress.WAIVED:
            return _("“%(item)s” follows no record.") % _named(item)
        return ""


class StartForm(VerbForm):
    """Of which contract; there is one execution of each."""

    contract = forms.ModelChoiceField(
        Contract.objects.filter(carried_out_by__isnull=True).select_related("customer__account_manager", "handler"),
        label=gettext_lazy("Contract"),
    )


class AmendForm(VerbForm):
    """By which amendment."""

    contract = forms.ModelChoiceField(Contract.objects.filter(amends__isnull=False), label=gettext_lazy("Amendment"))


class HandOverForm(VerbForm):
    """Who is responsible from now on: for the customer's side, for the paper's side, or for both."""

    handler = forms.ModelChoiceField(
        User.objects.staff().filter(roles__code__in=MANAGERS).distinct(),
        label=gettext_lazy("Account manager"),
        required=False,
        empty_label=gettext_lazy("as before"),
    )
    specialist = forms.ModelChoiceField(
        User.objects.staff().filter(roles__code__in=SPECIALISTS).distinct(),
        label=gettext_lazy("Customer specialist"),
        required=False,
        empty_label=gettext_lazy("as before"),
    )
    reason = Text(label=gettext_lazy("Reason"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        found = super().clean() or self.cleaned_data
        if not self.errors and not (found.get("handler") or found.get("specialist")):
            raise forms.ValidationError(_("Name an account manager or a customer specialist."))
        return found


class SignatureForm(VerbForm):
    """With which name Serv101 is signed."""

    signed_by = Line(
        label=gettext_lazy("Name under Serv101"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write your name.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.actor.on_behalf_of or self.actor.user
        self.fields["signed_by"].initial = str(user) if user is not None else ""


class ConfirmForm(SignatureForm):
    """The account manager's name, and what is left over."""

    open_items = Text(
        label=gettext_lazy("Left over, and what is planned"),
        rows=2,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Such as an instalment that is due later, and who keeps an eye on it."),
    )


class SignForm(SignatureForm):
    """The director's name and opinion; what is signed is a click away."""

    opinion = Line(label=gettext_lazy("Opinion"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        execution: Any = self.record
        if (paper := execution.confirmation) is not None:
            words = _("Read %(number)s before you sign it.") % {"number": paper.number}
            url = reverse("desk:record", args=[paper.kind, paper.number])
            self.fields["signed_by"].help_text = format_html('<a href="{}" target="_blank">{}</a>', url, words)


class PaperForm(VerbForm):
    """Which paper it was."""

    document = Line(label=gettext_lazy("Document"), max_length=24)


class TerminateForm(VerbForm):
    """With which contract it ends, and why."""

    contract = Line(label=gettext_lazy("Contract"), max_length=24)
    reason = Text(label=gettext_lazy("Reason"), required=False)


EXECUTION_FORMS: dict[str, type[VerbForm]] = {
    "start": StartForm,
    "hand_over": HandOverForm,
    "begin_item": BeginItemForm,
    "finish_item": FinishItemForm,
    "begin_process": BeginProcessForm,
    "link_process": LinkProcessForm,
    "reopen_item": ReopenItemForm,
    "assign_item": AssignItemForm,
    "set_due": SetDueForm,
    "waive_item": WaiveItemForm,
    "free_item": FreeItemForm,
    "follow_item": FollowItemForm,
    "amend": AmendForm,
    "confirm": ConfirmForm,
    "sign": SignForm,
    "receive_signed": PaperForm,
    "archive": PaperForm,
    "terminate": TerminateForm,
}

"""What is asked at the acts on the items of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from execution.flow import Progress
from execution.flow.lanes import way_of
from execution.forms.fields import LONGEST_TERM, ItemForm, words_of
from people.models import User
from workflow.forms import Day, Files, Line, PastDay, Text
from workflow.records import RecordChoice
from workflow.widgets import Found, Typeahead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from execution.models import PlanItem
    from workflow.models import Record


class BeginItemForm(ItemForm):
    """That somebody has begun it by hand."""

    text = Text(label=gettext_lazy("Note"), rows=2, required=False)

    def why_not(self, item: PlanItem) -> str:
        """Not begun, not blocked, one's own, and of no process."""
        if item.progress == Progress.IN_PROGRESS:
            return _("“%(item)s” is %(progress)s already.") % words_of(item)
        return self.settled(item) or self.by_hand(item) or self.not_theirs(item) or self.blocked(item)

    def by_hand(self, item: PlanItem) -> str:
        """That it is done by a process, and not by hand."""
        return "" if item.is_by_hand else _("“%(item)s” is done by its own process: begin that.") % words_of(item)


class FinishItemForm(BeginItemForm):
    """When it was done, and what proves it: in words, and with the papers."""

    text = None  # type: ignore[assignment] # Django's way to leave out an inherited field
    done_on = PastDay(label=gettext_lazy("Done on"))
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
        """Not before the contract took effect."""
        found: date = self.cleaned_data["done_on"]
        execution: Any = self.record
        effective = execution.carries_out.effective_on
        if effective is not None and found < effective:
            raise forms.ValidationError(_("The contract has been in force since %(day)s only.") % {"day": effective})
        return found


class BeginProcessForm(ItemForm):
    """Which item's process is begun."""

    def why_not(self, item: PlanItem) -> str:
        """Done by a process, not begun, not blocked, one's own."""
        without = way_of(item.lane) is None or item.record_id is not None
        none = _("“%(item)s” has no process to begin.") % words_of(item) if without else ""
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
            return _("“%(item)s” follows its record: open that again.") % words_of(item)
        return "" if item.is_settled else _("“%(item)s” is open.") % words_of(item)


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
        free = "" if execution.plan.blockers(item) else _("Nothing stands in the way of “%(item)s”.") % words_of(item)
        return self.settled(item) or free


class FollowItemForm(ItemForm):
    """How far the record of an item has come."""

    progress = forms.ChoiceField(choices=[(each.value, each.label) for each in Progress if each != Progress.WAIVED])
    number = Line(label=gettext_lazy("Record"), max_length=24, required=False)
    done_on = Day(label=gettext_lazy("Done on"), required=False)

    def why_not(self, item: PlanItem) -> str:
        """What is done by a record, and was not waived."""
        if item.record_id is None or item.progress == Progress.WAIVED:
            return _("“%(item)s” follows no record.") % words_of(item)
        return ""

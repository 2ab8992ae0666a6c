"""What the forms of items share: which item, and what stands against an act on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import listed
from execution.flow import LEADERS, Progress
from execution.flow.lanes import OF_THE_SPECIALIST
from workflow.forms import VerbForm

if TYPE_CHECKING:
    from execution.models import Plan, PlanItem

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
        return _("“%(item)s” is %(progress)s already.") % words_of(item) if item.is_settled else ""

    def blocked(self, item: PlanItem) -> str:
        """What it waits for, and whose that is."""
        execution: Any = self.record
        first = execution.plan.blockers(item)
        named = listed(f"{each} ({each.owner})" if each.owner is not None else str(each) for each in first)
        return _("“%(item)s” comes after: %(first)s.") % {**words_of(item), "first": named} if first else ""

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
        return _("“%(item)s” is for %(owner)s to do.") % {
            **words_of(item),
            "owner": item.owner or _("nobody responsible yet"),
        }


def words_of(item: PlanItem) -> dict[str, str]:
    """What messages say of an item: what it is, and how far."""
    return {"item": str(item), "progress": str(Progress(item.progress).label)}

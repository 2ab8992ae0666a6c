"""What the acts of a review ask for, beside the decision itself (`deciding`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.text import listed
from workflow.approvals import discussion
from workflow.approvals.board import Board
from workflow.approvals.deciding import AdviceForm, AgainstForm, AgreeForm, SendBackForm
from workflow.approvals.parties import author_of, named
from workflow.approvals.seats import ADDED, MOST_PRESSED
from workflow.colleagues import Colleague, Colleagues
from workflow.forms import Line, Text, VerbForm
from workflow.models import Seat

if TYPE_CHECKING:
    from workflow.models import Step

_LAST_ENTRY = 2**31 - 1
"""No timeline is longer."""


class _PersonForm(VerbForm):
    """One of the staff who could decide: not the author, and active."""

    person = Colleague(error_messages={"required": _("Choose a colleague.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_author(self, "person")


def _without_author(form: VerbForm, name: str) -> None:
    field: Any = form.fields[name]
    field.queryset = field.queryset.exclude(pk=author_of(form.record) or 0)


class ConsultForm(_PersonForm):
    """Whom one asks for an opinion, and what."""

    question = Line(label=_("Question"), max_length=500, error_messages={"required": _("Say what you ask.")})


class TransferForm(_PersonForm):
    """To whom the seat goes, and why."""

    reason = Line(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})


class AddSignerForm(VerbForm):
    """Who decides as well, in which order, and why."""

    people = Colleagues()
    where = forms.ChoiceField(
        label=_("In which order"),
        choices=[
            (Seat.Origin.BEFORE.value, _("before me")),
            (Seat.Origin.AFTER.value, _("after me")),
            (Seat.Origin.BESIDE.value, _("at the same time")),
        ],
        widget=forms.RadioSelect,
        initial=Seat.Origin.BESIDE.value,
    )
    reason = Line(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_author(self, "people")


class _Seats(forms.ModelChoiceField[Seat]):
    """A seat, by whose it is and how it came about."""

    def label_from_instance(self, obj: Any) -> str:
        """The person or the role, with how the seat came about."""
        return f"{named(obj)} · {obj.get_origin_display()}"


class _SeatForm(VerbForm):
    seat = _Seats(
        Seat.objects.none(),
        label=_("Seat"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a seat."), "invalid_choice": _("Nobody is asked there any more.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = Board.of(self.record).step
        if step is not None:
            self.fields["seat"].queryset = self.seats(step)  # type: ignore[attr-defined]

    def seats(self, step: Step) -> Any:
        """The seats to choose from."""
        return step.seats.filter(outcome=Seat.Outcome.OPEN).select_related("user")


class RemoveSignerForm(_SeatForm):
    """Who is not asked any more, and why."""

    reason = Line(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})

    def seats(self, step: Step) -> Any:
        """Those who were added."""
        return super().seats(step).filter(origin__in=ADDED)


class ReassignForm(_SeatForm, _PersonForm):
    """Whose seat goes to whom, and why."""

    reason = Line(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})


class VacancyForm(_SeatForm):
    """The seat of somebody who has left."""


class WithdrawForm(VerbForm):
    """Why it is taken back."""

    reason = Line(label=_("Reason"), max_length=500, required=False)


class PressForm(VerbForm):
    """A word with the reminder; how many are left is said beside it."""

    text = Line(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = Board.of(self.record).waiting
        left = max((MOST_PRESSED - seat.pressed for seat in waiting), default=0)
        told = {"who": listed(named(seat) for seat in waiting), "n": left}
        words = ngettext("%(who)s: %(n)s reminder is left.", "%(who)s: %(n)s reminders are left.", left)
        self.fields["text"].help_text = words % told


def _hidden(kind: type[forms.Field], label: Any, **said: Any) -> Any:
    """What the page knows by itself; it has a name, since the timeline tells it."""
    return kind(label=label, widget=forms.HiddenInput, **said)


class RemarkForm(VerbForm):
    """What one remarks on which place of the content, or answers to which remark."""

    place = forms.CharField(
        label=_("Where in the text"), required=False, widget=forms.HiddenInput, max_length=discussion.LONGEST_PLACE
    )
    about = forms.IntegerField(
        label=_("To entry number"), required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1
    )
    text = Text(label=_("Your remark"), rows=2, max_length=4000, error_messages={"required": _("Write your remark.")})

    def clean(self) -> dict[str, Any]:
        """An answer is given to a remark that is not settled."""
        found = super().clean() or self.cleaned_data
        if found.get("about") is not None and discussion.open_remark(self.record, found["about"]) is None:
            self.add_error(None, _("This remark is settled, or is not there."))
        return found


class SettleForm(VerbForm):
    """Which remark is settled, and how."""

    about = _hidden(forms.IntegerField, _("To entry number"), min_value=1, max_value=_LAST_ENTRY)
    text = Line(label=_("How it was settled"), max_length=500, required=False)

    def clean_about(self) -> int:
        """One that is not settled yet."""
        about: int = self.cleaned_data["about"]
        if discussion.open_remark(self.record, about) is None:
            raise forms.ValidationError(_("This remark is settled, or is not there."))
        return about


REVIEW_FORMS: dict[str, type[VerbForm]] = {
    "agree": AgreeForm,
    "send_back": SendBackForm,
    "reject": AgainstForm,
    "advise": AdviceForm,
    "consult": ConsultForm,
    "transfer": TransferForm,
    "add_signer": AddSignerForm,
    "remove_signer": RemoveSignerForm,
    "withdraw": WithdrawForm,
    "reassign": ReassignForm,
    "press_decision": PressForm,
    "fill_vacancy": VacancyForm,
    "remark": RemarkForm,
    "settle_remark": SettleForm,
}
"""The forms of the acts of `Reviewing`, for a process's manifest."""

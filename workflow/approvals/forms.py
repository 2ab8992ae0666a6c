"""What the acts of a review ask for. Each item of the present step's checklist becomes a question with a remark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.models import User
from workflow.approvals.board import Board
from workflow.approvals.parties import author_of
from workflow.approvals.rounds import CONCERN
from workflow.forms import Line, Text, VerbForm
from workflow.models import Seat, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms.boundfield import BoundField

VERDICTS = (("pass", _("passes")), (CONCERN, _("concern")), ("na", _("not applicable")))


class _Colleagues(forms.ModelChoiceField[User]):
    """One of the staff who could decide: not the author, and active."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", User.objects.none())
        kwargs.setdefault("empty_label", _("Choose…"))
        super().__init__(**kwargs)


def _others(form: VerbForm) -> Any:
    return User.objects.staff().exclude(pk=author_of(form.record) or 0).order_by("department", "initials", "pk")


class DecisionForm(VerbForm):
    """A decision on the version that was seen, its checklist and an opinion.

    `seen` is the fingerprint of the version on the page: what was written since is not decided on by accident.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    opinion = Text(label=_("Opinion"), rows=3, required=False)
    needs_answers = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = Board.of(self.record).step
        self.checks: list[dict[str, str]] = list(step.checks) if step is not None else []
        chinese = (get_language() or "zh").startswith("zh")
        for number, item in enumerate(self.checks):
            label = item["zh"] if chinese else item["en"]
            self.fields[f"verdict_{number}"] = forms.ChoiceField(
                choices=VERDICTS, label=label, required=self.needs_answers, widget=forms.RadioSelect
            )
            self.fields[f"comment_{number}"] = Line(label=_("Remark"), required=False, max_length=300)

    def items(self) -> Iterator[tuple[dict[str, str], BoundField, BoundField]]:
        """Each item with its verdict and its remark."""
        for number, item in enumerate(self.checks):
            yield item, self[f"verdict_{number}"], self[f"comment_{number}"]

    def clean(self) -> dict[str, Any]:
        """Gather the answers; what is a concern is explained, and the version is the one that was seen."""
        found = super().clean() or self.cleaned_data
        answers: dict[str, Any] = {}
        for number, item in enumerate(self.checks):
            verdict, comment = found.pop(f"verdict_{number}", ""), found.pop(f"comment_{number}", "")
            if verdict == CONCERN and not comment:
                self.add_error(f"comment_{number}", _("Say what the concern is."))
            if verdict:
                answers[item["code"]] = {"verdict": verdict, "comment": comment}
        self._refuse_unseen(found.pop("seen", ""))
        found["answers"] = answers
        return found

    def _refuse_unseen(self, seen: str) -> None:
        of = Board.of(self.record).round
        if seen and of is not None and seen != of.version.digest:
            self.add_error(None, _("There is a newer version than the one you read: read it first."))


class AgreeForm(DecisionForm):
    """Agreement: every item answered, and no concern among them."""

    def clean(self) -> dict[str, Any]:
        """No concern goes with an agreement."""
        found = super().clean()
        for number, item in enumerate(self.checks):
            if found["answers"].get(item["code"], {}).get("verdict") == CONCERN:
                self.add_error(f"verdict_{number}", _("With a concern on record nobody agrees: send it back."))
        return found


class AgainstForm(DecisionForm):
    """A decision against: in words, the checklist as far as it was gone through."""

    needs_answers = False
    opinion = Text(label=_("Opinion"), rows=3, error_messages={"required": _("Say what stands against it.")})


class SendBackForm(AgainstForm):
    """To whom it goes back: its author, or an earlier step of this round."""

    back_to = forms.ModelChoiceField(
        Step.objects.none(), label=_("Back to"), required=False, empty_label=_("The author, for a new version")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = Board.of(self.record).step
        if step is not None:
            earlier = Step.objects.filter(round_id=step.round_id, position__lt=step.position)
            self.fields["back_to"].queryset = earlier.exclude(stage__in=_own(self.record))  # type: ignore[attr-defined]


def _own(record: Any) -> list[str]:
    return [stage.code for stage in record.stages if stage.own]


class AdviceForm(VerbForm):
    """The opinion that one was asked for."""

    opinion = Text(label=_("Opinion"), rows=3, error_messages={"required": _("Write your opinion.")})


class _PersonForm(VerbForm):
    person = _Colleagues(label=_("Colleague"), error_messages={"required": _("Choose a colleague.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = _others(self)  # type: ignore[attr-defined]


class ConsultForm(_PersonForm):
    """Whom one asks for an opinion, and what."""

    question = Line(label=_("Question"), max_length=500, error_messages={"required": _("Say what you ask.")})


class TransferForm(_PersonForm):
    """To whom the seat goes, and why."""

    reason = Line(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})


class AddSignerForm(VerbForm):
    """Who decides as well, in which order, and why."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Colleagues"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one colleague.")},
    )
    where = forms.ChoiceField(
        label=_("When"),
        choices=[
            (Seat.Origin.BEFORE.value, _("before me")),
            (Seat.Origin.AFTER.value, _("after me")),
            (Seat.Origin.BESIDE.value, _("at the same time")),
        ],
    )
    reason = Line(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = _others(self)  # type: ignore[attr-defined]


class _SeatForm(VerbForm):
    seat = forms.ModelChoiceField(
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
        from workflow.approvals.seats import ADDED

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
    """A word with the reminder."""

    text = Line(label=_("Note"), max_length=200, required=False)


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
}
"""The forms of the acts of `Reviewing`, for a process's manifest."""

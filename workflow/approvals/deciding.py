"""The forms by which people decide: the checklist of the step that was read, an opinion, and where it goes back to.

All decisions ask the same, so that one sheet is filled in and sent by whichever button fits. What somebody has begun to
write is what the sheet begins with when it is opened again (暂存).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workflow.approvals.board import Board
from workflow.approvals.rounds import CONCERN
from workflow.forms import Line, Text, VerbForm
from workflow.models import Ground, OpinionDraft
from workflow.widgets import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms.boundfield import BoundField

    from people.actors import Actor
    from workflow.models import Record, Seat, Step

VERDICTS = (("pass", _("passes")), (CONCERN, _("concern")), ("na", _("not applicable")))
LONGEST_REMARK = 300


def in_words(item: Mapping[str, str], name: str = "") -> str:
    """What an item asks, or the name of its `list`, in the reader's language."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return item.get(f"{name}_{language}" if name else language, "")


def seat_of(record: Record, actor: Actor, *, consulted: bool = False) -> Seat | None:
    """The waiting seat that an actor would take, for whomever."""
    user = actor.on_behalf_of or actor.user
    return Board.of(record).seat_of(user, consulted=consulted) if user is not None else None


def draft_of(seat: Seat | None, actor: Actor) -> OpinionDraft | None:
    """What the actor has begun to write on a seat; nobody else's."""
    if seat is None or actor.user is None:
        return None
    return OpinionDraft.objects.filter(seat=seat, user=actor.user).select_related("ground").first()


@dataclass
class Group:
    """The items of one checklist, each with its verdict and its remark."""

    name: str
    rule: str
    items: list[tuple[BoundField, BoundField]] = field(default_factory=list)


class OpinionForm(VerbForm):
    """The base of forms that begin with what one has begun to write."""

    consulted = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft: OpinionDraft | None = None
        if not self.is_bound:
            self.draft = draft_of(seat_of(self.record, self.actor, consulted=self.consulted), self.actor)
        if self.draft is not None:
            self.initial.setdefault("opinion", self.draft.text)


class Grounds(Choice):
    """The kinds of reasons that are offered for a process, told apart by their codes."""

    kind = ""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("Say what kind of reason it is.")}
        super().__init__(Ground.objects.filter(active=True), to_field_name="code", error_messages=messages, **kwargs)

    def words(self) -> list[Ground]:
        """Those of the process, and those of every process."""
        return self.among(self.kind)

    def among(self, kind: str) -> list[Ground]:
        """Those that are offered for a process."""
        return [word for word in super().words() if word.kind in {"", kind}]


def ground_of(record: Record, code: str) -> Ground | None:
    """The kind of reason of a code, if it is offered for a record."""
    field: Any = DecisionForm.base_fields["ground"]
    return next((each for each in field.among(record.kind) if each.code == code), None)


class DecisionForm(OpinionForm):
    """A decision on the version that was seen, its checklist and an opinion.

    `seen` is the fingerprint of the version on the page and `step` the step that was open there: what was written
    since, or has become somebody else's turn, is not decided on by accident.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    step = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    opinion = Text(label=_("Opinion"), rows=3, required=False)
    ground = Grounds(label=_("Kind of reason"), required=False)
    back_to = forms.TypedChoiceField(label=_("Send back to"), required=False, empty_value=None)
    needs_answers = True
    needs_ground = False
    goes_back = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        board = Board.of(self.record)
        self.present = board.step
        self.shown = self._shown(board)
        self.checks: list[dict[str, str]] = list(self.shown.checks) if self.shown is not None else []
        drafted = self.draft.answers if self.draft is not None else {}
        for number, item in enumerate(self.checks):
            self._ask(number, item, drafted.get(item["code"], {}))
        self._ways_back(board)
        self._grounds()
        if self.present is not None:
            self.initial.setdefault("seen", board.going.version.digest)
            self.initial.setdefault("step", self.present.pk)

    def _shown(self, board: Board) -> Step | None:
        """The step whose checklist is shown: the one that was open on the page, also after it is over."""
        given = str(self.data.get("step", "")) if self.is_bound else ""
        return next((step for step in board.steps if str(step.pk) == given), board.step)

    def _ask(self, number: int, item: dict[str, str], drafted: Mapping[str, str]) -> None:
        verdict, comment = f"verdict_{number}", f"comment_{number}"
        self.fields[verdict] = forms.ChoiceField(
            choices=VERDICTS,
            label=in_words(item),
            required=self.needs_answers,
            widget=forms.RadioSelect,
            error_messages={"required": _("Answer this item.")},
        )
        self.fields[comment] = Line(label=_("Remark"), required=False, max_length=LONGEST_REMARK)
        if drafted:
            self.initial[verdict], self.initial[comment] = drafted.get("verdict", ""), drafted.get("comment", "")

    def _ways_back(self, board: Board) -> None:
        """To its author, or to a step of this round that lies before the present one."""
        own = {stage.code for stage in self.record.stages if stage.own}  # type: ignore[attr-defined] # its flow's
        before = self.present.position if self.present is not None else 0
        steps = {str(step.pk): step for step in board.steps if step.position < before and step.stage not in own}
        field: Any = self.fields["back_to"]
        field.choices = [("", _("The author, for a new version")), *((pk, step.name) for pk, step in steps.items())]
        field.coerce = steps.__getitem__
        self.can_go_back = bool(steps)

    def _grounds(self) -> None:
        """The kinds of reasons of this process; where none is in offer, none is asked for."""
        field: Any = self.fields["ground"]
        field.kind = self.record.kind
        field.required = self.needs_ground and bool(field.words())
        if self.draft is not None and self.draft.ground is not None:
            self.initial.setdefault("ground", self.draft.ground.code)

    def groups(self) -> list[Group]:
        """The items by checklist, in the order in which they are asked."""
        found: dict[str, Group] = {}
        for number, item in enumerate(self.checks):
            group = found.setdefault(item["list"], Group(in_words(item, "list"), item["rule"]))
            group.items.append((self[f"verdict_{number}"], self[f"comment_{number}"]))
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        """Gather the answers; what is a concern is explained, and version and step are those that were seen."""
        found = super().clean() or self.cleaned_data
        answers: dict[str, Any] = {}
        for number, item in enumerate(self.checks):
            verdict, comment = found.pop(f"verdict_{number}", ""), found.pop(f"comment_{number}", "")
            if verdict == CONCERN and not comment:
                self.add_error(f"comment_{number}", _("Say what the concern is."))
            if verdict:
                answers[item["code"]] = {"verdict": verdict, "comment": comment}
        self._refuse_unseen(found.pop("seen", ""), found.pop("step", ""))
        if not self.goes_back:
            found.pop("back_to", None)
        if not self.needs_ground:
            found.pop("ground", None)
        found["answers"] = answers
        return found

    def _refuse_unseen(self, seen: str, step: str) -> None:
        of = Board.of(self.record).round
        if seen and of is not None and seen != of.version.digest:
            self.add_error(None, _("There is a newer version than the one you read: read it first."))
        elif step and self.present is not None and step != str(self.present.pk):
            self.add_error(None, _("The step that you read is over. Open the record again: another step is yours now."))


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
    """A decision against: of which kind and in which words, the checklist as far as it was gone through."""

    needs_answers = False
    needs_ground = True
    opinion = Text(label=_("Opinion"), rows=3, error_messages={"required": _("Say what stands against it.")})


class SendBackForm(AgainstForm):
    """To whom it goes back: its author, or an earlier step of this round."""

    goes_back = True


class AdviceForm(OpinionForm):
    """The opinion that one was asked for."""

    opinion = Text(label=_("Opinion"), rows=3, error_messages={"required": _("Write your opinion.")})
    consulted = True

"""The forms of the acts that every process knows: a note, files, copies, links, the excuse of a miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from workflow import registry
from workflow.colleagues import Colleagues
from workflow.forms import Files, Line, Text, VerbForm
from workflow.links import between
from workflow.models import Deadline, Link, Record, Relation
from workflow.models.links import BY_HAND
from workflow.records import RecordChoice

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoteForm(VerbForm):
    """A note for colleagues."""

    text = Text(label=_("Note"), rows=3, error_messages={"required": _("Write your note.")})


class AttachForm(VerbForm):
    """Files, with a word about them."""

    files = Files(  # type: ignore[assignment] # a field: the class takes it off its attributes
        required=True, label=_("Files"), error_messages={"required": _("Choose at least one file.")}
    )
    text = Text(label=_("Note"), rows=2, required=False)


class CopyForm(VerbForm):
    """抄送: colleagues who are to read along."""

    people = Colleagues()
    text = Text(label=_("Note"), rows=2, required=False)


class LinkForm(VerbForm):
    """What the record is to which other; a reader names only what the reader may see."""

    relation = forms.ChoiceField(
        label=_("This record is"),
        choices=[(relation.value, relation.label) for relation in BY_HAND],
        initial=Relation.RELATED.value,
    )
    other = RecordChoice(label=_("Other record"), error_messages={"required": _("Name the other record.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].seen_by(self.actor, self.record)  # type: ignore[attr-defined]

    @classmethod
    def beside(cls, data: Mapping[str, Any]) -> list[int]:
        """The other record."""
        return RecordChoice.named(data, "other")

    def clean_other(self) -> Record:
        """Another one than this, and not linked to it yet."""
        other: Record = self.cleaned_data["other"]
        if other.pk == self.record.pk:
            raise forms.ValidationError(_("A record is not linked to itself."))
        if Link.objects.filter(between(self.record.pk, other.pk)).exists():
            raise forms.ValidationError(_("%(number)s is linked already."), params={"number": other.number})
        return other


class UnlinkForm(VerbForm):
    """Which link is taken back, and why."""

    other = forms.ModelChoiceField(
        Record.objects.none(),
        label=_("Linked record"),
        empty_label=_("Choose…"),
        error_messages={
            "required": _("Choose the link that is taken back."),
            "invalid_choice": _("This link cannot be taken back: it is gone, or says what was done."),
        },
    )
    reason = Text(label=_("Reason"), rows=2, error_messages={"required": _("Say why the link is taken back.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = Link.objects.filter(relation__in=BY_HAND)
        keys = by_hand.filter(one=self.record.pk).values("other_id")
        keys = keys.union(by_hand.filter(other=self.record.pk).values("one_id"), all=True)
        seen = RecordChoice.visible_to(self.actor).filter(pk__in=keys)
        self.fields["other"].queryset = seen.order_by("-id")  # type: ignore[attr-defined]

    @classmethod
    def beside(cls, data: Mapping[str, Any]) -> list[int]:
        """The other record."""
        return RecordChoice.named(data, "other")


class LinkedForm(VerbForm):
    """The other side of a link, as it stands on the timeline: number and relation, and nothing of the content."""

    other = Line(label=_("Record"), max_length=24)
    relation = forms.ChoiceField(label=_("This record is"), choices=Relation.choices)


class UnlinkedForm(VerbForm):
    """The other side of a link that was taken back."""

    other = Line(label=_("Record"), max_length=24)
    reason = Text(label=_("Reason"))


class HearForm(VerbForm):
    """Who wrote what in another system; long texts are cut before they come here.

    What was changed there later names the entry that it changes: that entry stays as it is. A file comes by itself.
    """

    EDITED, DELETED, REFUSED = "edited", "deleted", "refused"

    person = Line(label=_("Comment by"), max_length=120)
    change = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        choices=[
            (EDITED, _("An earlier comment was edited")),
            (DELETED, _("An earlier comment was deleted")),
            (REFUSED, _("A file was not taken over; it can be looked at there")),
        ],
    )
    earlier = Line(label=_("Earlier entry"), max_length=200, required=False)
    text = Text(label=_("What was written"), required=False)
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes

    def clean(self) -> dict[str, Any]:
        """Something must have been said, or have come."""
        said = super().clean() or self.cleaned_data
        if not self.errors and not any(said.get(name) for name in ("text", "files", "change")):
            self.add_error("text", _("There is nothing in it."))
        return said


class _Missed(forms.ModelChoiceField[Deadline]):
    """A missed deadline, by its name and its due time."""

    def label_from_instance(self, obj: Any) -> str:
        """What was missed, and when it was due."""
        flow: Any = registry.get(obj.record.kind).model
        return f"{flow.timer(obj.timer).label} – {clock.local(obj.due_at):%Y-%m-%d %H:%M}"


class ExcuseForm(VerbForm):
    """Why a miss of this record is forgiven."""

    deadline = _Missed(
        Deadline.objects.none(),
        label=_("Missed deadline"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose which miss is excused.")},
    )
    reason = Text(label=_("Reason"), rows=2, error_messages={"required": _("Say why the miss is excused.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missed = Deadline.objects.filter(record=self.record.pk, missed_at__isnull=False, excused_at__isnull=True)
        self.fields["deadline"].queryset = missed.select_related("record").order_by("due_at")  # type: ignore[attr-defined]


COMMON_FORMS: Mapping[str, type[VerbForm]] = {
    "note": NoteForm,
    "attach": AttachForm,
    "copy_to": CopyForm,
    "link": LinkForm,
    "unlink": UnlinkForm,
    "linked": LinkedForm,
    "unlinked": UnlinkedForm,
    "hear": HearForm,
    "excuse": ExcuseForm,
}
"""What a process whose flow is `Common` puts into its manifest."""

"""The forms of the acts that every process knows: a note, files, copies, the excuse of a miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import User
from workflow import registry
from workflow.forms import Files, Line, Text, VerbForm
from workflow.models import Deadline

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

    people = forms.ModelMultipleChoiceField(
        User.objects.staff().order_by("department", "initials"),
        label=_("Colleagues"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one colleague.")},
    )
    text = Text(label=_("Note"), rows=2, required=False)


class HearForm(VerbForm):
    """Who wrote what in another system; long texts are cut before they come here."""

    person = Line(label=_("Comment by"), max_length=120)
    text = Text(label=_("What was written"))


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
    "hear": HearForm,
    "excuse": ExcuseForm,
}
"""What a process whose flow is `Common` puts into its manifest."""

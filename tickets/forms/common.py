"""The forms of the acts that every process knows: a note, files, copies, the excuse of a miss."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import User
from tickets.flow import TicketFlow
from tickets.forms.fields import needed
from workflow.forms import Files, Text, VerbForm
from workflow.models import Deadline


class NoteForm(VerbForm):
    """A note for colleagues."""

    text = Text(label=_("Note"), rows=3)


class AttachForm(VerbForm):
    """Files, with a word about them."""

    files = Files(  # type: ignore[assignment]  # fields are taken out of the class
        required=True, label=_("Files"), **needed(_("Choose at least one file."))
    )
    text = Text(label=_("Note"), rows=2, required=False)


class CopyForm(VerbForm):
    """抄送: colleagues who are to read along."""

    people = forms.ModelMultipleChoiceField(
        User.objects.staff().order_by("department", "initials"),
        label=_("Colleagues"),
        widget=forms.CheckboxSelectMultiple,
        **needed(_("Choose at least one colleague.")),
    )
    text = Text(label=_("Note"), rows=2, required=False)


class _Missed(forms.ModelChoiceField[Deadline]):
    """A missed deadline, by its name and its due time."""

    def label_from_instance(self, obj: Any) -> str:
        """What was missed, and when it was due."""
        labels = {timer.code: timer.label for timer in TicketFlow.timers}
        return f"{labels.get(obj.timer, obj.timer)} – {clock.local(obj.due_at):%Y-%m-%d %H:%M}"


class ExcuseForm(VerbForm):
    """Why a miss of this record is forgiven."""

    deadline = _Missed(Deadline.objects.none(), label=_("Missed deadline"))
    reason = Text(label=_("Reason"), rows=2, **needed(_("Say why the miss is excused.")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missed = Deadline.objects.filter(record=self.record.pk, missed_at__isnull=False, excused_at__isnull=True)
        self.fields["deadline"].queryset = missed.order_by("due_at")  # type: ignore[attr-defined]

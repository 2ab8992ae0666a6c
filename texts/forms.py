"""How a canned text is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from texts import places
from texts.models import ANY_VERB, MOST, NAME_IS_TAKEN, SHARED_NAME_IS_TAKEN, CannedText, may_share
from workflow import registry
from workflow.forms import Line, Text
from workflow.parties import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from people.models import User


def _hint() -> str:
    return gettext("What the record fills in: %(known)s") % {"known": places.known()}


def writable() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The acts whose forms ask for a text, by process, as choices."""
    for process in registry.all_processes():
        flow: Any = process.model
        found = [
            (f"{process.kind}/{code}", str(flow.verbs[code].label))
            for code, form in process.forms.items()
            if any(isinstance(field, Text) for field in form.base_fields.values())
            and not flow.verbs[code].creates
            and not set(SYSTEM.codes) & set(flow.verbs[code].by.codes)
        ]
        everything = (f"{process.kind}/{ANY_VERB}", gettext("everything"))
        yield str(process.plural), [everything, *sorted(found, key=lambda choice: choice[1])]


class CannedTextForm(forms.ModelForm[CannedText]):
    """Name, text, where it is offered, and (for who looks after what is shared) whether it is everybody's."""

    name = Line(
        label=_("Name to find it by"), max_length=60, error_messages={"required": _("Give it a name to find it by.")}
    )
    text = Text(
        label=_("Words"),
        rows=8,
        max_length=MOST,
        help_text=lazy(_hint, str)(),
        error_messages={"required": _("Write the text.")},
    )
    shared = forms.BooleanField(label=_("Shared: everybody may use it"), required=False)
    active = forms.BooleanField(label=_("Offered beside text fields"), required=False, initial=True)
    offered_at = forms.MultipleChoiceField(
        label=_("Only at these forms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a tick it is offered everywhere."),
    )

    class Meta:
        model = CannedText
        fields = ("name", "text", "active", "offered_at")

    def __init__(self, *args: Any, writer: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.writer = writer
        self.fields["offered_at"].choices = list(writable())  # type: ignore[attr-defined]
        if may_share(writer):
            self.initial.setdefault("shared", self.instance.pk is not None and self.instance.shared)
        else:
            del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        """Whose it is, and whether the name is free there."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk is None or "shared" in self.fields:
            self.instance.owner = None if said.get("shared") else self.writer
        owner = self.instance.owner
        if CannedText.objects.filter(owner=owner, name=said.get("name", "")).exclude(pk=self.instance.pk).exists():
            self.add_error("name", NAME_IS_TAKEN if owner is not None else SHARED_NAME_IS_TAKEN)
        return said

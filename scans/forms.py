"""What is asked about pages that found no document by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents import verification
from documents.flow import State
from documents.models import Document
from scans.models import Page, Why
from workflow.forms import Line, Text, VerbForm
from workflow.records import RecordChoice
from workflow.widgets import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.models import Record

TAKING = (State.TO_SIGN, State.SIGNED, State.ARCHIVED)
"""The states in which a document takes a scan."""
TURNS = ((90, _("to the right")), (180, _("upside down")), (270, _("to the left")))


class ArriveForm(VerbForm):
    """Which pages, and why they wait."""

    title = Line(label=_("Title"))
    why = forms.ChoiceField(label=_("Reason"), choices=Why.choices)
    pages = Line(label=_("Pages"))
    about = forms.ModelChoiceField(Document.objects.all(), label=_("Document"), required=False)


class DocumentChoice(RecordChoice):
    """A document by its number, by words of its title, or by the short code that is printed on it."""

    def to_python(self, value: Any) -> Any:
        """The document's record."""
        return super().to_python(Typed(_number_of(str(value))) if isinstance(value, Typed) else value)

    @staticmethod
    def named(data: Mapping[str, Any], name: str) -> list[int]:
        """The key of the document that the data name."""
        said = str(data.get(f"{name}_text") or "")
        return RecordChoice.named({**data, f"{name}_text": _number_of(said)}, name)


def _number_of(said: str) -> str:
    found = verification.find(said)
    return found.number if found is not None else said


class AssignForm(VerbForm):
    """To which document the pages belong."""

    document = DocumentChoice(
        label=_("Document"),
        help_text=_("Type the number, the short code beside the QR code or words of the title."),
        error_messages={"required": _("Name the document.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].seen_by(self.actor, self.record, kind="document", state=",".join(TAKING))  # type: ignore[attr-defined]

    @classmethod
    def beside(cls, data: Mapping[str, Any]) -> list[int]:
        """The document."""
        return DocumentChoice.named(data, "document")

    def clean_document(self) -> Record:
        """A document that is out to be signed, or has been."""
        found: Record = self.cleaned_data["document"]
        if found.kind != "document":
            raise forms.ValidationError(_("%(number)s is not a document."), params={"number": found.number})
        document = found.concrete
        if document.state not in TAKING:
            words = _("%(number)s is “%(state)s” and takes no signed copy.")
            state = State(document.state).label
            raise forms.ValidationError(words, params={"number": document.number, "state": state})
        return document


class TurnForm(VerbForm):
    """Which page is turned, and how far."""

    page = forms.IntegerField(label=_("Page"), min_value=1)
    turn = forms.TypedChoiceField(label=_("Turn"), choices=TURNS, coerce=int)

    def clean_page(self) -> int:
        """One of the scan's own pages."""
        number: int = self.cleaned_data["page"]
        if not Page.objects.filter(part__scan=self.record.pk, number=number).exists():
            raise forms.ValidationError(_("There is no such page."))
        return number


class DiscardForm(VerbForm):
    """Why the pages are not kept."""

    reason = Text(label=_("Reason"), rows=2, max_length=2000, error_messages={"required": _("Say why.")})

"""What is asked when articles are written and read over, and when gathered material is worked through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import richtext
from knowledge import services
from knowledge.models import Audience, Topic
from workflow.forms import Files, Line, Text, VerbForm
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

_HOW = format_lazy(
    _("A heading begins with {heading}, a list with {list} or {numbered}; {bold} is bold. A picture: {picture}"),
    heading="##",
    list="-",
    numbered="1.",
    bold="**x**",
    picture="![x](x.png)",
)


class TextArea(forms.Textarea):
    """A text area with the way to see what becomes of the text. `of` is the record whose pictures it may call."""

    of = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The area, a button that shows the text as it will look, and the place for it."""
        area = super().render(name, value, attrs, renderer)
        key = (attrs or {}).get("id", f"id_{name}")
        return format_html(
            '{}<div class="preview-do"><button type="button" class="btn btn-small" hx-post="{}?of={}"'
            ' hx-target="#{}_preview" hx-swap="innerHTML" hx-include="closest form"'
            ' hx-params="{},csrfmiddlewaretoken">{}</button></div>'
            '<div id="{}_preview" class="richtext preview-of" aria-live="polite"></div>',
            area,
            reverse("desk:knowledge-preview"),
            self.of,
            key,
            name,
            gettext("Preview"),
            key,
        )


class Prose(Text):
    """A text with headings, lists, tables and pictures, with its preview."""

    widget = TextArea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"rows": 16, "max_length": richtext.LONGEST, "help_text": _HOW, **kwargs})


class _Topics(forms.ModelChoiceField[Topic]):
    """A topic, with what it is part of."""

    def label_from_instance(self, obj: Topic) -> str:
        """Its name behind the name of the whole."""
        return f"{obj.within.name} / {obj.name}" if obj.within is not None else obj.name


class ArticleForm(VerbForm):
    """What is written of an article (TKT-25)."""

    title = Line(label=_("Title"), error_messages={"required": _("Say in a line which question it answers.")})
    topic = _Topics(
        Topic.objects.filter(active=True).select_related("within"), label=_("Topic"), empty_label=_("Choose…")
    )
    product = Line(label=_("Product"), max_length=100, required=False)
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices, initial=Audience.STAFF)
    tags = Line(label=_("Tags"), required=False, help_text=_("Words by which it is found, with commas between."))
    body = Prose(label=_("Text"), error_messages={"required": _("Write the text.")})
    files = Files(label=_("Pictures and files"))  # type: ignore[assignment] # a field: the class takes it off its attributes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["body"].widget
        area.of = self.record.number


class WriteForm(ArticleForm):
    """A new article; from a record that somebody may see, its text is filled in."""

    source = forms.ModelChoiceField(
        Record.objects.none(), label=_("Made of"), to_field_name="number", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.actor.user
        seen = Record.objects.for_actor(user) if user is not None else Record.objects.all()
        self.fields["source"].queryset = seen  # type: ignore[attr-defined]
        number = self.initial.get("source")
        record = seen.filter(number=number).first() if number and not self.is_bound else None
        found = services.origin(record) if record is not None else None
        if found is None or found.draft is None:
            self.initial.pop("source", None)
        else:
            self.initial.update(found.draft())

    def clean_source(self) -> Record | None:
        """Only what an article can be made of."""
        record: Record | None = self.cleaned_data["source"]
        if record is None:
            return None
        found = services.origin(record)
        if found is None or found.draft is None:
            raise forms.ValidationError(_("No article can be made of %(number)s."), params={"number": record.number})
        return record


class EditForm(ArticleForm):
    """The text as it stands, to be bettered; only what differs is said."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        record = kwargs["record"]
        present = {name: getattr(record, name) for name in ("title", "topic", "product", "audience", "tags", "body")}
        if data is not None:
            data = present | dict(data.items())
        super().__init__(data, files, initial=present, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Only what differs, and new files. Raises ValidationError if nothing does."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        changed = {
            name: value for name, value in said.items() if name == "files" or value != getattr(self.record, name)
        }
        if not any(changed.values()) and changed.keys() <= {"files"} and not self.errors:
            raise forms.ValidationError(_("Nothing differs from what is written."))
        return changed


WRITING = ("write", "edit", "take_over", "revise")


class ApproveForm(VerbForm):
    """A second person's word (TKT-25)."""

    text = Text(label=_("Note"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        """Nobody approves what they have written, in whose name ever they did either. Raises ValidationError."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if Entry.objects.filter(record=self.record.pk, verb__in=WRITING, actor=self.actor.user).exists():
            raise forms.ValidationError(_("Somebody else than the author reviews an article (TKT-25)."))
        return said


class BecauseForm(VerbForm):
    """Why."""

    reason = Text(label=_("Reason"), rows=2, error_messages={"required": _("Say why.")})


class GatherForm(VerbForm):
    """The period for which the system has gathered."""

    title = Line(label=_("Title"))
    begins = forms.DateField(label=_("From"))
    ends = forms.DateField(label=_("Until before"))


class GatherOpinionsForm(GatherForm):
    """The period, and the text made of the counts."""

    text = Text(label=_("Summary"), required=False)


class FinishDigestForm(VerbForm):
    """What was made of a digest (TKT-25)."""

    made = Text(
        label=_("What was made of it"),
        rows=3,
        help_text=_("Which articles were written, and what was left and why; “nothing” is an answer too."),
        error_messages={"required": _("Say what was made of it (TKT-25).")},
    )


class SummariseForm(VerbForm):
    """The words of a summary (TKT-26)."""

    text = Prose(label=_("Summary"), error_messages={"required": _("Write the summary (TKT-26).")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("text", self.record.text)  # type: ignore[attr-defined]

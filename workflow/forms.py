"""The forms of verbs: what an act asks for, checked at the gate for the browser, the API and imports alike."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import clean_line, clean_text
from workflow import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from people.actors import Actor
    from workflow.models import Record

MAX_TEXT = 1_048_576
"""Characters of a long text; a pasted log file of a megabyte still passes."""


class Line(forms.CharField):
    """One line of text; control characters are dropped, inner white space becomes single spaces."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The cleaned line."""
        return clean_line(super().to_python(_without_nul(value)) or "")


class Text(forms.CharField):
    """Several lines of text of any script."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_TEXT)
        rows = kwargs.pop("rows", 4)
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        """The cleaned text."""
        return clean_text(super().to_python(_without_nul(value)) or "").strip()


def _without_nul(value: Any) -> Any:
    """Django refuses NUL with a message that helps nobody; a pasted one is simply dropped."""
    return value.replace("\x00", "") if isinstance(value, str) else value


class Moment(forms.DateTimeField):
    """A point in time, typed or picked on the department's wall clock."""

    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        kwargs.setdefault("input_formats", [f"%Y-%m-%d{sep}{time}" for sep in "T " for time in ("%H:%M", "%H:%M:%S")])
        super().__init__(**kwargs)


FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


class Day(forms.DateField):
    """A day of the calendar, such as a record of the department can mean."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError for what is none, or lies outside of all that the department does."""
        day: date | None = super().to_python(value if value is None or isinstance(value, date) else str(value))
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Look at the year: nothing of the department's lies there."))
        return day


class PastDay(Day):
    """A day on which something has happened: not a later one than today."""

    def validate(self, value: date | None) -> None:
        """Refuse a day to come."""
        super().validate(value)
        if value is not None and value > clock.local(clock.now()).date():
            raise forms.ValidationError(_("This day has not come yet."))


_SIZES = _("Images, PDF, Office documents or text, at most {size} MB each.")


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files; each is judged by its content, not by its name."""

    widget = _ManyFiles

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("Attachments"))
        kwargs.setdefault("help_text", format_lazy(_SIZES, size=files.max_megabytes()))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[files.Checked]:
        """The files with what they proved to be. Raises ValidationError naming the file that is not acceptable."""
        given: list[UploadedFile[Any]] = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > files.MAX_FILES:
            raise forms.ValidationError(_("At most %(limit)s files at a time."), params={"limit": files.MAX_FILES})
        return [files.check(super(Files, self).clean(one, initial)) for one in given]


class VerbForm(forms.Form):
    """The base of every verb's form. It knows the record, who acts and when.

    A field named in `secret` is never written to the timeline; of an entry that the customer may see, the customer sees
    the fields named in `public`.
    """

    secret: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    layout = "components/fields.html"
    """The template that draws its fields."""
    required_css_class = "required"
    error_css_class = "in-error"

    def __init__(self, *args: Any, record: Record, actor: Actor, at: datetime, **kwargs: Any) -> None:
        self.record = record
        self.actor = actor
        self.at = at
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @classmethod
    def beside(cls, data: Mapping[str, Any]) -> list[int]:  # noqa: ARG003 - most acts touch one record
        """The keys of other records that the act will touch, as far as the data name them: locked with the record."""
        return []

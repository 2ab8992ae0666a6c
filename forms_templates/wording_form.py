"""The page on which an administrator changes a form's words: two fields a text, a tick a duty, room for an option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.text import clean_text
from forms_templates import catalogue, glyphs, wording
from forms_templates.language import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms.boundfield import BoundField

    from forms_templates.models import FormVersion
    from forms_templates.wording import Path

_LOOKS = {"pdf", "web"}
"""The buttons that only show what would be."""
_WITHIN_ITEM = 4
"""A path of so many steps leads to a question, a longer one to something of it."""
_LANGUAGES = {"zh": _("Chinese"), "en": _("English")}
ANOTHER = _("another option")
_LONG = 60
_MOST = 4000
_SORTS = {
    "title": _("Title"),
    "footer": _("Footer"),
    "holders": _("Who keeps an original"),
    "sections": _("Section"),
    "items": _("Question or text"),
    "columns": _("Column"),
    "options": _("Option"),
    "rows": _("Row"),
    "help": _("Hint"),
    "unit": _("Unit"),
    "of": _("Heading"),
}
"""What a text is, by the last name on its path."""
UNPRINTABLE = _("The printing font does not have: %(characters)s")


@dataclass(frozen=True, slots=True)
class Line:
    """A text with its two fields; `told` says what it stands for."""

    told: str
    zh: BoundField
    en: BoundField
    duty: BoundField | None = None
    more: tuple[BoundField, BoundField] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The texts of a section, or of the form as a whole."""

    title: str
    lines: list[Line]


class WordingForm(forms.Form):
    """Everything that may be changed of a version; what comes out is the body of the next one."""

    note = forms.CharField(label=_("Why"), max_length=200, help_text=_("Stands in the history of the form."))
    basis = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, version: FormVersion, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"basis": version.number}, label_suffix="")
        self.body = version.body
        self.result: dict[str, Any] = version.body
        self.words = wording.words_of(self.body)
        self.duties = wording.duties_of(self.body)
        self.choices = wording.choices_of(self.body)
        self.fields["note"].required = not _LOOKS & self.data.keys()
        for number, words in enumerate(self.words):
            for language in ("zh", "en"):
                told = f"{self._told(words.paths[0])} ({_LANGUAGES[language]})"
                said = getattr(words, language)
                self.fields[f"w{number}-{language}"] = _field(said, told, required=not words.optional)
        for number, duty in enumerate(self.duties):
            self.fields[f"d{number}"] = forms.BooleanField(label=_("Required"), required=False, initial=duty.required)
        for number, choices in enumerate(self.choices):
            for language in ("zh", "en"):
                told = f"{_in_language(wording.at(self.body, choices.path))} › {ANOTHER} ({_LANGUAGES[language]})"
                self.fields[f"o{number}-{language}"] = _field("", told, required=False)

    def clean(self) -> dict[str, Any]:
        """Both languages or neither, characters that can be printed, and a definition that holds."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in (f"{sort}{number}" for sort, many in self._pairs() for number in range(many)):
            zh, en = said.get(f"{name}-zh", ""), said.get(f"{name}-en", "")
            if bool(zh) != bool(en) and not self.errors.keys() & {f"{name}-zh", f"{name}-en"}:
                self.add_error(f"{name}-{'en' if zh else 'zh'}", _("Write it in both languages, or in neither."))
            if absent := glyphs.missing(zh):
                self.add_error(f"{name}-zh", ValidationError(UNPRINTABLE, params={"characters": absent}))
        if not self.errors:
            self._make(said)
        return said

    def _pairs(self) -> tuple[tuple[str, int], ...]:
        return ("w", len(self.words)), ("o", len(self.choices))

    def _make(self, said: dict[str, Any]) -> None:
        words = {each.paths: self._pair(said, f"w{number}") for number, each in enumerate(self.words)}
        duties = {each.path: bool(said[f"d{number}"]) for number, each in enumerate(self.duties)}
        options = {
            each.path: pair for number, each in enumerate(self.choices) if any(pair := self._pair(said, f"o{number}"))
        }
        altered = {d.path: duties[d.path] for d in self.duties if duties[d.path] != d.required}
        try:
            self.result = wording.changed(self.body, wording.Change(words, altered, options))
            catalogue.checked(self.result)
        except wording.StillNeededError as error:
            number = next(
                n
                for n, each in enumerate(self.words)
                if self._is_option(each, error.key) and not any(words[each.paths])
            )
            self.add_error(f"w{number}-zh", _("A condition of the form, or one of its rows, needs this option."))
        except DefinitionError as error:
            self.add_error(None, str(error))

    def _is_option(self, words: wording.Words, key: str) -> bool:
        return words.optional and wording.at(self.body, words.paths[0]).get("key") == key

    @staticmethod
    def _pair(said: dict[str, Any], name: str) -> tuple[str, str]:
        return said[f"{name}-zh"], said[f"{name}-en"]

    def parts(self) -> Iterator[Part]:
        """The fields as the page shows them: the form as a whole, then section after section."""
        duties = {duty.path: self[f"d{number}"] for number, duty in enumerate(self.duties)}
        more = {c.path: (self[f"o{n}-zh"], self[f"o{n}-en"]) for n, c in enumerate(self.choices)}
        found: dict[Path, list[Line]] = {}
        for number, words in enumerate(self.words):
            path = words.paths[0]
            place = path[:2] if path[0] == "sections" else ()
            line = Line(
                told=self._told(path),
                zh=self[f"w{number}-zh"],
                en=self[f"w{number}-en"],
                duty=duties.get(path),
                more=more.get(path[:-2]) if self._is_last_option(path) else None,
            )
            found.setdefault(place, []).append(line)
        for place, lines in sorted(found.items(), key=lambda each: (each[0] != (), each[0])):
            yield Part(_in_language(wording.at(self.body, place)) if place else "", lines)

    def _is_last_option(self, path: Path) -> bool:
        at = wording.at(self.body, path[:-1])
        return path[-2:-1] == ("options",) and path[-1] == len(at) - 1

    def _told(self, path: Path) -> str:
        """What a text is, and below a question of which."""
        sort = _SORTS[next(step for step in reversed(path) if step in _SORTS)]
        owner = wording.at(self.body, path[:4]) if len(path) > _WITHIN_ITEM else None
        return f"{_in_language(owner)} › {sort}" if owner else str(sort)


def _in_language(row: Mapping[str, Any]) -> str:
    return str(row["zh"] if (get_language() or "zh").startswith("zh") else row["en"])


class _Words(forms.CharField):
    """Text with its lines, without control characters and without space around it."""

    def to_python(self, value: Any) -> Any:
        """The text as it is kept."""
        said = super().to_python(value)
        return clean_text(said).strip() if isinstance(said, str) else said


def _field(said: str, told: str, *, required: bool) -> forms.CharField:
    """A field of a text; `told` names it to who does not see where it stands."""
    wide = len(said.encode("gbk", "replace"))  # a Chinese character is as wide as two letters
    rows = min(8, said.count("\n") + wide // _LONG + 1)
    widget = (
        forms.Textarea(attrs={"rows": rows, "aria-label": told}) if rows > 1 else forms.TextInput({"aria-label": told})
    )
    return _Words(initial=said, required=required, max_length=_MOST, widget=widget)

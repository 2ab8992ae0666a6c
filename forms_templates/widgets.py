"""The fields by which single answers are given on the screen: typed, picked, ticked, uploaded or drawn."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import fold
from forms_templates import drawing, glyphs, uploads
from vault.forms import SecretLine
from workflow.files import MAX_FILES
from workflow.forms import Line, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from forms_templates.language import Column, Item
    from workflow.files import Checked

LINE, LONG, NAME, PROSE = 200, 4000, 60, 200_000
"""Characters of one line, of a long answer, of a person's name and of a text of many pages."""
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,6})?(万)?")
_LARGEST = Decimal(10) ** 12
_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?")
RATES = (
    (5, _("Very satisfied")),
    (4, _("Satisfied")),
    (3, _("So-so")),
    (2, _("Dissatisfied")),
    (1, _("Very dissatisfied")),
)
CHECKS = (("yes", _("Yes")), ("no", _("No")), ("na", _("Not applicable")))
OPINIONS = (("agree", _("Agree")), ("disagree", _("Disagree")))
TRUTHS = (("yes", _("Yes")), ("no", _("No")))


def printable(text: str) -> None:
    """Raise ValidationError for characters that the printing font does not have: said now, and not at the printer."""
    if strange := glyphs.missing(text):
        raise forms.ValidationError(
            _("These characters cannot be printed; please write them otherwise: %(characters)s"),
            params={"characters": " ".join(strange[:20])},
            code="unprintable",
        )


def _whole(field: forms.Field) -> Any:
    """The field, in which a browser lets one type on: what is too long is said at the field, and never cut off."""
    field.widget.attrs.pop("maxlength", None)
    return field


class Whole(forms.CharField):
    """A whole number that is not negative; thousands may be parted by commas."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        """The number. Raises ValidationError."""
        text = fold(super().clean(value)).replace(",", "").replace(" ", "")
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004 - thousands of millions are no count
            raise forms.ValidationError(_("Give a whole number, such as 1200."))
        return int(text)


class Money(forms.CharField):
    """An amount in yuan: 300000, 300,000.00, ¥300,000 or 30万. Kept with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str | None:
        """The amount as text. Raises ValidationError."""
        text = re.sub(r"^(人民币|rmb|cny|¥)|\s|元整?$", "", fold(super().clean(value)).replace(" ", ""))
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        amount = Decimal(f"{found[1].replace(',', '')}{found[2] or ''}") * (10000 if found[3] else 1) if found else None
        if amount is None or amount != amount.quantize(Decimal("0.01")) or amount >= _LARGEST:
            raise forms.ValidationError(_("Give an amount in yuan, such as 300,000.00."))
        return f"{amount:.2f}"


class Day(forms.DateField):
    """A day of the calendar, picked, or typed as 2026-11-28 or 2026年11月28日."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str | None:
        """The day as text. Raises ValidationError."""
        text = fold(str(value or "")).strip()
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            return date(*map(int, found.groups())).isoformat() if found else self._refuse()
        except ValueError:
            return self._refuse()

    @staticmethod
    def _refuse() -> str:
        raise forms.ValidationError(_("Give a date, such as 2026-11-28."))


class WallClock(Moment):
    """A moment on the wall clock, kept as it is read there."""

    def clean(self, value: Any) -> str | None:
        """The moment as text. Raises ValidationError."""
        moment: datetime | None = super().clean(value)
        return None if moment is None else f"{clock.local(moment):%Y-%m-%dT%H:%M}"


class Pick(forms.ChoiceField):
    """One of several; `mean` turns the key that was sent into the answer."""

    def __init__(self, *, mean: Callable[[str], Any] = str, **kwargs: Any) -> None:
        self.mean = mean
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The answer. Raises ValidationError for what is not among the choices."""
        said = super().clean(value)
        return self.mean(said) if said else None


class Tick(forms.MultipleChoiceField):
    """Some of several."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)


class Several(forms.FileInput):
    """A place for several files; a telephone offers its camera beside its pictures."""

    allow_multiple_selected = True


class Photographs(forms.FileField):
    """Photographs and PDF files, each judged by its content, made smaller and freed from what a camera notes down."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:  # noqa: ARG002 - Django's signature
        """What may be kept. Raises ValidationError naming the file that may not."""
        given = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MAX_FILES:
            raise forms.ValidationError(_("At most %(limit)s files at a time."), params={"limit": MAX_FILES})
        return [uploads.judged(one) for one in given]


class Drawn(forms.CharField):
    """A signature as a canvas hands it over; the picture is made anew from its dots."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> bytes:
        """The picture as PNG, empty if nothing was drawn. Raises ValidationError."""
        text = str(value or "")
        return drawing.redrawn(text) if text else b""


def _options(item: Item | Column) -> list[tuple[str, str]]:
    return [(option.key, option.in_language()) for option in item.options]


def _boxes(choices: Sequence[tuple[Any, Any]], *, mean: Callable[[str], Any] = str) -> Pick:
    return Pick(choices=choices, widget=forms.RadioSelect, mean=mean)


def _lines(item: Any) -> int:
    return max(3, min(8, getattr(item, "lines", 0) or 3))


_SIMPLE: dict[str, Callable[[Any], forms.Field]] = {
    "text": lambda item: Line(max_length=LINE, validators=[printable]),  # noqa: ARG005 - every line is alike
    "long": lambda item: Text(max_length=LONG, rows=_lines(item), validators=[printable]),
    "prose": lambda item: Text(max_length=PROSE, rows=16, validators=[printable]),  # noqa: ARG005
    "int": lambda item: Whole(max_length=20),  # noqa: ARG005
    "money": lambda item: Money(max_length=40),  # noqa: ARG005
    "date": lambda item: Day(),  # noqa: ARG005
    "moment": lambda item: WallClock(),  # noqa: ARG005
    "choice": lambda item: _boxes(_options(item)),
    "choices": lambda item: Tick(choices=_options(item)),
    "yes_no": lambda item: _boxes(TRUTHS, mean=_true),  # noqa: ARG005
    "rate": lambda item: _boxes(RATES, mean=int),  # noqa: ARG005
    "secret": lambda item: SecretLine(),  # noqa: ARG005
    "check": lambda item: _boxes(CHECKS),  # noqa: ARG005
    "approval": lambda item: _boxes(OPINIONS),  # noqa: ARG005
    "files": lambda item: Photographs(),  # noqa: ARG005
    "signature": lambda item: Line(max_length=NAME, validators=[printable]),  # noqa: ARG005
}


def _true(key: str) -> bool:
    return key == "yes"


def field_of(item: Item) -> Any:
    """The field in which an item's answer, or the chief part of it, is given."""
    made = _whole(_SIMPLE[item.kind](item))
    made.required = made.widget.is_required = False
    made.label = item.in_language()
    made.help_text = item.help.in_language() if item.help else ""
    return made


def cell_of(column: Column) -> Any:
    """The field of a cell: what would be a row of boxes on the page is a list to pick from."""
    made = _whole(_SIMPLE[column.kind](column))
    if isinstance(made, Pick):
        offered: Any = made.choices
        made = Pick(choices=[("", "—"), *offered], mean=made.mean)
    if column.kind == "long":
        made.widget.attrs["rows"] = 2
    made.required = made.widget.is_required = False
    made.label = column.in_language()
    return made


def typed(kind: str, value: Any) -> Any:
    """An answer as its field shows it."""
    if kind == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    return value

"""Inputs that every process needs: one of very many rows, numbers that can be dialled, words of a vocabulary.

How a page finds what is typed (assets/js/finder.js): a `Typeahead` is a hidden input with the key of the chosen row
and a text input in which one types. The text input carries `data-typeahead`, the name of a search under
`/find/<name>/`, and `data-target`, the id of the hidden input. `data-with` names another field of the form whose value
narrows the search; `data-eager` searches as soon as the input has the focus (`open`: also if it has it when the form
comes). The text input is named `<field>_text`; the browser's drafts keep it with the key. What was typed and not chosen
arrives as `Typed`, and is accepted only where exactly one row has that very name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.held import Held
from core.prepared import fetch
from core.text import clean_line
from workflow.forms import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db import models
    from django.utils.safestring import SafeString

LONGEST = 200
_NUMBER = re.compile(r"\+?[\d ()-]+(?:(?:转|ext\.?|x|#)\s*\d{1,6})?", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-"))
_LONGEST_KEY = 18
"""Digits of a key; a longer number is none."""
_MOBILE = 11
"""Digits of a Chinese mobile number, which begins with 1; a service number like 12345 is shorter than nine."""


class Typed(str):
    """What somebody typed into a finder without choosing a row."""

    __slots__ = ()


class Typeahead(forms.Widget):
    """A hidden input with the key of the chosen row, and the text input in which it is looked for."""

    def __init__(
        self, typeahead: str, *, narrowed_by: str = "", eager: bool = False, attrs: Mapping[str, Any] | None = None
    ) -> None:
        """`typeahead` is the search under `/find/`; `narrowed_by` the field of the form that narrows it."""
        super().__init__(dict(attrs or {}))
        self.typeahead = typeahead
        self.narrowed_by = narrowed_by
        self.eager = eager
        self.choices: Any = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """The key that was chosen; else what was typed, as `Typed`; else None."""
        if (chosen := data.get(name)) not in (None, ""):
            return chosen
        text = clean_line(str(data.get(f"{name}_text") or ""))[:LONGEST]
        return Typed(text) if text else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - Django's signature
        """Whether neither of the two inputs was sent."""
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        """The label belongs to the input in which one types."""
        return f"{id_}_text" if id_ else id_

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002
    ) -> SafeString:
        """The two inputs in the box that the search opens its list in."""
        given = self.build_attrs(self.attrs, attrs)
        key = given.pop("id", f"id_{name}")
        text = {
            **given,
            "type": "text",
            "name": f"{name}_text",
            "id": f"{key}_text",
            "value": self.label_of(value),
            "maxlength": LONGEST,
            "autocomplete": "off",
            "data-typeahead": self.typeahead,
            "data-target": key,
        }
        if self.narrowed_by:
            text["data-with"] = self.narrowed_by
        if self.eager:
            text["data-eager"] = True
        chosen = "" if value is None or isinstance(value, Typed) else str(value)
        hidden = {"type": "hidden", "name": name, "id": key, "value": chosen}
        return format_html('<span class="finder"><input{}><input{}></span>', flatatt(hidden), flatatt(text))

    def label_of(self, value: Any) -> str:
        """The name of a chosen row; what was typed, where nothing was chosen."""
        if value in (None, ""):
            return ""
        if isinstance(value, Typed):
            return str(value)
        rows = getattr(self.choices, "queryset", None)
        try:
            row = rows.filter(pk=value).first() if rows is not None else None
        except (ValueError, TypeError, OverflowError):
            row = None
        return str(row) if row is not None else ""


class Found(forms.ModelChoiceField[Any]):
    """A row found by typing. `names` are the fields in which a text that was typed and not chosen is compared.

    With `free`, such a text that no row bears is passed on as `Typed`, for the form to make something of.
    A row itself is accepted as it is; whether it may be chosen is then for the form to say.
    """

    def __init__(
        self, queryset: models.QuerySet[Any], *, names: tuple[str, ...], free: bool = False, **kwargs: Any
    ) -> None:
        messages = {
            "unchosen": _("“%(text)s” is not found. Type a part of the name, and choose one of the list."),
            "several": _("“%(text)s” is the name of several. Choose one of the list."),
            "invalid_choice": _("This is not there, or cannot be chosen here. Choose one of the list."),
        }
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        super().__init__(queryset, **kwargs)
        self.names = names
        self.free = free
        self._declared = queryset
        self._narrowed = False

    def to_python(self, value: Any) -> Any:
        """The row. Raises ValidationError when a text does not name exactly one."""
        if isinstance(value, Typed):
            return self._by_name(value)
        if isinstance(value, self.queryset.model):
            return value
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY:
            return self._by_key(int(value))
        try:
            return super().to_python(value)
        except OverflowError as error:  # a number that no key can be
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error

    def _by_key(self, key: int) -> Any:
        """The row of a key; where every form asks among the same rows, by a query that is prepared once."""
        declared = self._declared
        if self._narrowed:
            found = list(self.queryset.filter(pk=key))
        else:
            found = fetch(("found", id(declared)), lambda pk: declared.filter(pk=pk), key)
        if not found:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found[0]

    def __deepcopy__(self, memo: Any) -> Found:
        """A form's own copy asks among the same rows, unless the form narrows them."""
        copied: Found = super().__deepcopy__(memo)
        copied._narrowed = self._narrowed
        return copied

    def _narrow(self, queryset: Any) -> None:
        super()._set_queryset(queryset)  # type: ignore[misc] # Django's own way of setting it
        self._narrowed = True

    queryset = property(forms.ModelChoiceField._get_queryset, _narrow)  # type: ignore[attr-defined]

    def validate(self, value: Any) -> None:
        """A row is not looked for a second time."""
        forms.Field.validate(self, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another row was chosen."""
        return str(self.prepare_value(initial) or "") != str(self.prepare_value(data) or "")

    def _by_name(self, text: Typed) -> Any:
        for name in self.names:
            rows = list(self.queryset.filter(**{name: str(text)})[:2])
            if len(rows) == 1:
                return rows[0]
            if rows and not self.free:
                raise forms.ValidationError(self.error_messages["several"], code="several", params={"text": text})
        if self.free:
            return text
        raise forms.ValidationError(self.error_messages["unchosen"], code="unchosen", params={"text": text})


class Number(Line):
    """A phone or fax number, kept as it is dialled: plain digits, dashes and an extension."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False, **kwargs})
        self.widget.input_type = "tel"

    def to_python(self, value: Any) -> str:
        """The number in half-width characters. Raises ValidationError for what nobody could dial."""
        text = unicodedata.normalize("NFKC", super().to_python(value)).translate(_DASHES)
        if not text:
            return ""
        text = clean_line(text)
        main = "".join(c for c in re.split(r"转|ext|x|#", text, flags=re.IGNORECASE)[0] if c.isdigit())
        if not _NUMBER.fullmatch(text) or not 5 <= len(main) <= 15 or len(set(main)) == 1:  # noqa: PLR2004
            raise forms.ValidationError(_("This is no number that can be dialled, such as 010-62751234 ext. 801."))
        if main.startswith("1") and not text.startswith("+") and 9 <= len(main) != _MOBILE:  # noqa: PLR2004
            raise forms.ValidationError(
                _("A mobile number has 11 digits; this one has %(n)s."), params={"n": len(main)}
            )
        return text


class Email(forms.EmailField):
    """An address for mail; full-width characters are made half-width, and the domain is in lower case."""

    default_error_messages = {"invalid": _("This is not an email address.")}

    def to_python(self, value: Any) -> str:
        """The address."""
        name, at, domain = unicodedata.normalize("NFKC", super().to_python(value) or "").rpartition("@")
        return f"{name}{at}{domain.lower()}"


class _Held(ModelChoiceIterator[Any]):
    """The words of a vocabulary as they are held in memory."""

    field: Choice

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from map(self.choice, self.field.words())


class Choice(forms.ModelChoiceField[Any]):
    """A word of a vocabulary that is offered for new records; a row itself is accepted without asking again.

    The vocabulary must keep a history, by which it is known when to read it again (core.held).
    """

    iterator: Any = _Held

    def __init__(self, queryset: models.QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, **{"empty_label": _("Choose…"), **kwargs})
        related: Any = queryset.query.select_related or ()
        joined = [queryset.model._meta.get_field(name).related_model for name in related]
        self._held = Held(lambda: list(queryset.all()), queryset.model, *joined)

    def words(self) -> list[Any]:
        """What can be chosen, in its order."""
        return self._held.now()

    def to_python(self, value: Any) -> Any:
        """The row. Raises ValidationError if it is not offered any more."""
        if value in self.empty_values:
            return None
        if isinstance(value, self.queryset.model):  # type: ignore[union-attr]
            if value.active:
                return value
        else:
            for word in self.words():
                if str(self.prepare_value(word)) == str(value):
                    return word
        raise forms.ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
        )

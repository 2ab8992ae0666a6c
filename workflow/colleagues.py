"""Choosing colleagues by typing: one, or several, whose names then stand beside the input."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from core.text import clean_line
from people.models import User
from workflow.widgets import LONGEST, Found, Typeahead, Typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

_BETWEEN = re.compile(r"[,，、;；]")
_MOST = 50
"""How many can be chosen at once."""


class Colleague(Found):
    """One of the staff, by name, pinyin initials or login."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Colleague"))
        kwargs.setdefault("widget", Typeahead("people", eager=True))
        super().__init__(User.objects.staff(), names=("display_name", "username"), **kwargs)


class SeveralTyped(forms.Widget):
    """A ticked box for each who has been chosen, and the text input in which the next one is looked for.

    What is typed and not chosen arrives as names: without scripts, names are typed with commas between them.
    """

    def __init__(self, typeahead: str) -> None:
        """`typeahead` is the search under `/find/`."""
        super().__init__()
        self.typeahead = typeahead
        self.choices: Any = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:  # noqa: ARG002 - Django's signature
        """The keys that were chosen, then the names that were typed."""
        chosen = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        chosen = list(chosen) if isinstance(chosen, list | tuple) else [chosen]
        names = _BETWEEN.split(str(data.get(f"{name}_text") or ""))
        return [*chosen, *(Typed(text) for each in names if (text := clean_line(each)[:LONGEST]))]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody chosen looks like nothing sent: only a field of the text's name tells."""
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
        """The chosen ones, and the input in the box that the search opens its list in."""
        given = self.build_attrs(self.attrs, attrs)
        key = given.pop("id", f"id_{name}")
        given.pop("required", None)
        typed = ", ".join(str(one) for one in value or () if isinstance(one, Typed))
        text = {
            **given,
            "type": "text",
            "name": f"{name}_text",
            "id": f"{key}_text",
            "value": typed,
            "maxlength": LONGEST,
            "autocomplete": "off",
            "data-typeahead": self.typeahead,
            "data-many": name,
            "data-eager": True,
        }
        chips = format_html_join("", _CHIP, ((name, row.pk, row) for row in self._rows(value)))
        return format_html(
            '<span class="finder finder-many"><span class="chosen" data-chosen>{}</span><input{}></span>',
            chips,
            flatatt(text),
        )

    def _rows(self, value: Any) -> Iterable[Any]:
        keys = [str(getattr(one, "pk", one)) for one in value or () if not isinstance(one, Typed)]
        rows = getattr(self.choices, "queryset", None)
        return rows.filter(pk__in=[key for key in keys if key.isascii() and key.isdigit()]) if rows and keys else ()


_CHIP = '<label class="chip"><input type="checkbox" name="{}" value="{}" checked> <bdi>{}</bdi></label>'


class Colleagues(forms.ModelMultipleChoiceField[User]):
    """Several of the staff."""

    widget = SeveralTyped("people")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Colleagues"))
        kwargs.setdefault("help_text", _("Type a name or its initials, one after the other."))
        messages = {
            "required": _("Choose at least one colleague."),
            "unchosen": _("“%(text)s” is not found. Type a part of the name, and choose one of the list."),
            "several": _("“%(text)s” is the name of several. Choose one of the list."),
            "many": _("At most %(limit)s at a time."),
        }
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        super().__init__(User.objects.staff(), **kwargs)

    def clean(self, value: Any) -> Any:
        """The people. Raises ValidationError for a name that is not exactly one colleague's."""
        given = list(value or ())
        if len(given) > _MOST:
            raise forms.ValidationError(self.error_messages["many"], code="many", params={"limit": _MOST})
        keys = [self._named(one) if isinstance(one, Typed) else getattr(one, "pk", one) for one in given]
        return super().clean(keys)

    def _named(self, text: Typed) -> int:
        for name in ("display_name", "username"):
            found = list(self.queryset.filter(**{name: str(text)}).values_list("pk", flat=True)[:2])  # type: ignore[union-attr] # it has one
            if len(found) == 1:
                return int(found[0])
            if found:
                raise forms.ValidationError(self.error_messages["several"], code="several", params={"text": text})
        raise forms.ValidationError(self.error_messages["unchosen"], code="unchosen", params={"text": text})

"""The inputs that contracts need: days, amounts exact to the fen, counts, and a switch that can be sent as off."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.text import fold

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

MOST = Decimal("999999999.99")
"""The largest amount of a contract."""
_AMOUNT = re.compile(r"-?(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,8})?(万)?")
_FEN = Decimal("0.01")


class Amount(forms.CharField):
    """An amount in yuan, exact to the fen: 300000, 300,000.00, ¥300,000 or 30万; never negative."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "amount"})
    adds_up = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False, **kwargs})
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> Decimal | None:
        """The amount. Raises ValidationError."""
        text = str(super().clean(f"{value:f}" if isinstance(value, Decimal) else value))
        text = re.sub(r"^(人民币|rmb|cny|¥)|元整?$", "", re.sub(r"\s", "", fold(text)))
        return self._read(text) if text else None

    @staticmethod
    def _read(text: str) -> Decimal:
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("Give an amount in yuan, such as 300,000.00."), code="no_amount")
        amount = Decimal(f"{found[1].replace(',', '')}{found[2] or ''}") * (10000 if found[3] else 1)
        if text.startswith("-") and amount:
            raise forms.ValidationError(_("An amount is not negative."), code="negative")
        if amount > MOST:
            raise forms.ValidationError(_("An amount is 999,999,999.99 at most."), code="too_much")
        if amount != amount.quantize(_FEN):
            raise forms.ValidationError(_("Amounts are exact to the fen: two decimals."), code="decimals")
        return amount.quantize(_FEN)

    def prepare_value(self, value: Any) -> Any:
        """With two decimals."""
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class Count(forms.IntegerField):
    """A whole number of something, from `least` to `most`; full-width digits and thousands' commas will do."""

    def __init__(self, *, least: int = 1, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=least, max_value=most, **{"required": False, **kwargs})
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "count"})

    def to_python(self, value: Any) -> int | None:
        """The number. Raises ValidationError."""
        if isinstance(value, str):
            value = fold(value).replace(",", "").strip()
            if len(value) > 12:  # noqa: PLR2004 - no count has so many digits
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class Share(forms.DecimalField):
    """A share in per cent, to two places."""

    adds_up = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **{"required": False, **kwargs})
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "count"})

    def to_python(self, value: Any) -> Any:
        """The share; a sign for per cent may stand behind it."""
        return super().to_python(fold(str(value)).strip().removesuffix("%") if value is not None else value)


class Switch(forms.CheckboxInput):
    """A box to tick that also says when it is not ticked, so that an act can tell “off” from “not asked”."""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - Django's signature
        """Whether it was not asked at all."""
        return name not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box after its own denial."""
        box = super().render(name, value, attrs, renderer)
        return format_html('<input type="hidden" name="{}" value="false">{}', name, box)


def switch(label: Any, **more: Any) -> forms.BooleanField:
    """Yes or no."""
    return forms.BooleanField(label=label, required=False, widget=Switch(), **more)

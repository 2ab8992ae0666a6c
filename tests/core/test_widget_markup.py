"""Inputs made in Python are what Django's templates would have made of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from core.widget_markup import PlainMarkup

HOSTILE = "\"><script>alert('x')</script>&amp;"
CHOICES = [("", "–"), ("a", "First & <b>"), ("Group <1>", [("b", HOSTILE), (3, "Three")])]


class Everything(forms.Form):
    """One of each input that the house uses."""

    line = forms.CharField(max_length=20, help_text="Help")
    number = forms.IntegerField(min_value=1)
    mail = forms.EmailField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField()
    moment = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-x": HOSTILE, "hidden": False}))
    yes = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES, required=False)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs={"class": "judged"}))
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False)
    file = forms.FileField(required=False)


def drawn(renderer: Any, data: Any, **kwargs: Any) -> dict[str, str]:
    form = Everything(data, renderer=renderer, **kwargs)
    # White space around tags is the templates' affair; that within a text area is the reader's.
    return {
        field.name: str(field) if field.name == "text" else re.sub(r"\s*([<>])\s*", r"\1", str(field)) for field in form
    }


@pytest.mark.parametrize("prefix", [None, "p"])
@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {
            **dict.fromkeys(("line", "mail", "secret", "hidden", "text", "number", "day", "moment"), HOSTILE),
            "yes": "on",
            "one": "b",
            "several": ["a", "3"],
            "radio": "a",
            "boxes": ["b"],
        },
        {"text": "\n two lines\n", "one": "nothing of the kind", "radio": "3"},
    ],
)
def test_the_markup_is_the_same_as_by_templates(data: Any, prefix: str | None) -> None:
    given = {f"{prefix}-{name}" if prefix else name: value for name, value in data.items()} if data else data
    ours, djangos = (drawn(renderer, given, prefix=prefix) for renderer in (PlainMarkup(), DjangoTemplates()))
    assert ours == djangos


def test_what_it_does_not_know_goes_through_the_templates() -> None:
    assert 'type="file"' in drawn(PlainMarkup(), None)["file"]

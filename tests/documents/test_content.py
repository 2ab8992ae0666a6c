"""A document's own page shows what is answered on every form, in both languages, however little that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from documents import reading
from forms_templates import catalogue, samples

if TYPE_CHECKING:
    from forms_templates.language import Form

CODES = [form.code for form in catalogue.forms()]


@dataclass
class Paper:
    """What the page knows of a final document."""

    definition: Form
    values: dict[str, Any] = field(default_factory=dict)
    is_final: bool = True


def bare(form: Form) -> dict[str, Any]:
    """Tables with the rows that are there from the beginning, and in each only its first cell."""
    tables = [item for item in form.items() if item.kind == "table"]
    found = {item.key: [dict([*row.items()][:1]) for row in item.beginning({})] for item in tables}
    return {key: rows for key, rows in found.items() if rows}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_form_can_be_read_on_the_screen_whatever_is_answered(code: str, language: str) -> None:
    form = catalogue.form(code)
    with override(language):
        for values in (samples.values(code, "ordinary"), samples.values(code, "extreme"), bare(form), {}):
            page = reading.content(Paper(form, values))
            tables = [item for item in form.items() if item.kind == "table" and values.get(item.key)]
            assert page.count("<table>") == len(tables)

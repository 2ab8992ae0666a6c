"""Every form of the catalogue can be filled in on the screen, by the customer and by everybody of the house."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from forms_templates import catalogue, samples
from forms_templates.filling import FillingForm, form_for
from forms_templates.language import FILLERS, Form

FORMS = [form.code for form in catalogue.forms()]
EVERYBODY = frozenset(role for roles in FILLERS.values() for role in roles)
PARTS = ("customer", "company")


def shown(code: str, part: str, values: dict[str, Any], data: Any = None) -> tuple[Form, FillingForm]:
    """A form's part as somebody has it before them who may fill in all of it."""
    form = catalogue.form(code)
    return form, form_for(form, part, values, roles=EVERYBODY, name="李专员", data=data, partial=True, places=True)


def sent(filling: FillingForm) -> MultiValueDict[str, Any]:
    """What a browser sends of a form as it stands there."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for bound in filling:
        value = bound.value()
        data.setlist(bound.html_name, list(value) if isinstance(value, list) else [] if value is None else [str(value)])
    for key, table in filling.tables.items():
        data[f"{key}-rows"] = table.order
    return data


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("code", FORMS)
def test_it_is_drawn_with_every_question_at_its_place(code: str, part: str) -> None:
    form, filling = shown(code, part, {})
    page = render_to_string("forms_templates/filling.html", {"filling": filling, "chapters": filling.chapters()})
    for item in filling.asked:
        if item.key in filling.tables:
            assert f'name="{item.key}-rows"' in page
        else:
            assert f'name="{item.key}"' in page
    private = {item.key for section in form.sections if section.private for item in section.items}
    assert part == "company" or not private & {item.key for item in filling.asked}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("code", FORMS)
def test_answers_that_are_there_come_back_as_they_were(code: str, part: str) -> None:
    form = catalogue.form(code)
    values = {key: value for key, value in samples.values(code, "ordinary").items() if _comes_back(form, key)}
    _form, before = shown(code, part, values)
    _form, after = shown(code, part, values, sent(before))
    assert after.is_valid(), after.errors
    assert {key: values[key] for key in after.changes() if values.get(key) != after.answers().get(key)} == {}


def _comes_back(form: Form, key: str) -> bool:
    """Whether an answer is typed at all: secrets, files, opinions and signatures are not sent back by a page."""
    return form.item(key).kind not in {"secret", "files", "approval", "signature", "seal"}

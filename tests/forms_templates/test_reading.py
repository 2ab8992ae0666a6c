"""Definitions are read strictly, with shared blocks put in."""

from __future__ import annotations

from typing import Any

import pytest

from forms_templates import catalogue
from forms_templates.catalogue import expanded
from forms_templates.language import DefinitionError, Form

BLOCKS: dict[str, list[dict[str, Any]]] = {
    "customer": [
        {"key": "name", "zh": "名称", "en": "Name", "required": True},
        {"key": "fax", "zh": "传真", "en": "Fax", "by": "SYS"},
        {"key": "email", "zh": "邮件", "en": "E-mail", "required": True},
    ]
}


def _form(*items: dict[str, Any]) -> dict[str, Any]:
    section = {"key": "one", "zh": "一", "en": "One", "items": list(items)}
    return {"code": "Test", "title": {"zh": "试", "en": "Test"}, "sections": [section]}


def _items(*items: dict[str, Any]) -> dict[str, Any]:
    return {item.key: item for item in Form.of(expanded(_form(*items), BLOCKS)).items()}


def test_a_block_gives_all_its_items_or_those_that_are_named() -> None:
    assert list(_items({"use": "customer"})) == ["name", "fax", "email"]
    assert list(_items({"use": "customer", "only": ["email", "name"]})) == ["email", "name"]
    assert list(_items({"use": "customer", "but": ["fax"]})) == ["name", "email"]


def test_what_differs_is_said_for_all_or_for_one() -> None:
    found = _items({"use": "customer", "by": "CU", "with": {"fax": {"required": True, "by": "CS"}}})
    assert [item.by for item in found.values()] == ["CU", "CS", "CU"]
    assert found["fax"].required


def test_a_condition_takes_the_place_of_always() -> None:
    found = _items(
        {
            "use": "customer",
            "only": ["name", "fax"],
            "with": {"name": {"required_when": {"items": ["fax"], "filled": True}}},
        }
    )
    assert not found["name"].required
    assert found["name"].is_required({"fax": "1"})


@pytest.mark.parametrize(
    "wrong", [{"use": "nobody"}, {"use": "customer", "only": ["phone"]}, {"use": "customer", "with": {"phone": {}}}]
)
def test_a_block_or_key_that_there_is_not_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError, match="Test: "):
        expanded(_form(wrong), BLOCKS)


def test_half_a_sentence_after_a_comma_is_refused() -> None:
    with pytest.raises(DefinitionError, match="unknown"):
        Form.of(_form({"key": "a", "zh": "甲", "en": "A", "or so": None}))


def test_a_form_that_is_not_in_the_catalogue_is_unknown() -> None:
    with pytest.raises(catalogue.UnknownForm):
        catalogue.form("Serv999")


def test_what_is_handed_out_can_be_changed_without_changing_the_catalogue() -> None:
    catalogue.data("Serv103")["title"]["zh"] = "别的"
    assert catalogue.form("Serv103").title.zh == catalogue.data("Serv103")["title"]["zh"] != "别的"

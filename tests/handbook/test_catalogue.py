"""The rule catalogue: what it gives, and what it refuses to load."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from django.utils.translation import override

from handbook import catalogue
from handbook.catalogue import Kind, UnknownRule, parse, process, processes, rule, rules
from handbook.sources import HandbookError

SOUND: list[dict[str, Any]] = [
    {
        "id": "TKT",
        "zh": "受理",
        "en": "Intake",
        "app": "tickets",
        "rules": [{"id": "TKT-01", "kind": "record", "who": ["trainer", "system"], "zh": "一", "en": "One"}],
    }
]


def changed(**fields: Any) -> list[dict[str, Any]]:
    """The sound data with other fields in its one rule."""
    rows = copy.deepcopy(SOUND)
    rows[0]["rules"][0].update(fields)
    return rows


def test_every_rule_of_the_handbook_is_there() -> None:
    assert len(rules()) == 216
    ids = "TKT OFH EXE LIC DLV INS UPG IMP TRN ACC TRI CON PAY FRM"
    assert " ".join(each.id for each in processes()) == ids


def test_a_rule_is_found_by_its_id() -> None:
    found = rule("TKT-17")
    assert found.kind is Kind.DEADLINE
    assert found.limit == {"severity": "urgent", "respond_within": "8h"}
    assert found.who == ("support_engineer", "trainer", "account_manager", "consultant")
    assert found.process == "TKT"
    assert str(found) == "TKT-17"


def test_a_rule_speaks_the_language_of_the_reader() -> None:
    with override("zh-hans"):
        assert rule("TKT-06").text == "专员能当场回答的基础问题可直接解决并结单"
        assert process("TKT").name == "用户问题受理"
    with override("en"):
        assert rule("TKT-06").text.startswith("A specialist may answer")
        assert process("TKT").name == "Issue intake"


def test_a_chinese_sentence_is_whole_after_its_first_comma() -> None:
    assert rule("TKT-17").zh == "紧迫问题受理后8小时内响应，并确定解决方案"


def test_no_sentence_ends_in_the_middle() -> None:
    for each in rules():
        assert each.zh.strip(" ,，;；:：") == each.zh, each.id
        assert each.zh.count("(") == each.zh.count(")"), each.id
        assert each.en.count("(") == each.en.count(")"), each.id


def test_our_own_readings_are_marked() -> None:
    assert rule("TKT-27").inferred
    assert not rule("TKT-17").inferred


@pytest.mark.parametrize("name", ["TKT-99", "", "tkt-17", "TKT"])
def test_an_unknown_rule_is_a_key_error_of_its_own(name: str) -> None:
    with pytest.raises(UnknownRule):
        rule(name)
    assert issubclass(UnknownRule, KeyError)


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(UnknownRule):
        process("XYZ")


def test_nobody_can_change_a_rule() -> None:
    with pytest.raises(FrozenInstanceError):
        rule("TKT-17").zh = "另"  # type: ignore[misc]
    with pytest.raises(TypeError):
        rule("TKT-17").limit["respond_within"] = "80h"  # type: ignore[index]
    assert hash(rule("TKT-17"))


def test_sound_data_is_read() -> None:
    assert parse(SOUND)[0].rules[0].en == "One"


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (changed(who=["nobody_knows"]), "unknown actors"),
        (changed(who=[]), "nobody acts"),
        (changed(kind="wish"), "unknown kind"),
        (changed(zh=""), "empty"),
        ([{**SOUND[0], "rules": [{**SOUND[0]["rules"][0], "并记下渠道": None}]}], "unknown"),
        (changed(id="OFH-01"), "stands under TKT"),
        (SOUND + SOUND, "is there twice"),
        ([{**SOUND[0], "rules": SOUND[0]["rules"] * 2}], "is there twice"),
        ([{key: value for key, value in SOUND[0].items() if key != "app"}], "missing"),
    ],
)
def test_data_that_is_not_sound_is_refused(rows: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(HandbookError, match=complaint):
        parse(rows)


def test_the_catalogue_is_read_once() -> None:
    assert catalogue.processes() is catalogue.processes()

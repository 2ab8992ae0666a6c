"""Every rule of the handbook that the project keeps has a test that carries its name."""

from __future__ import annotations

import re

from handbook import catalogue
from tests.architecture.house import sources

KEPT = [f"TKT-{number:02d}" for number in range(1, 28)]
KEPT += [f"OFH-{number:02d}" for number in range(1, 15)]
KEPT += [f"EXE-{number:02d}" for number in range(1, 12)]
_MARK = re.compile(r"""mark\.rule\(\s*(.*?)\)""", re.DOTALL)


def _carried() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in sources(".py", tests=True):
        if source.package == "tests":
            for mark in _MARK.findall(source.text):
                for rule in re.findall(r"[A-Z]{3}-\d\d", mark):
                    found.setdefault(rule, []).append(source.name)
    return found


def test_every_rule_of_the_ticket_desk_is_carried_by_a_test() -> None:
    assert [rule for rule in KEPT if rule not in _carried()] == []


def test_a_test_names_only_rules_that_the_handbook_has() -> None:
    known = {rule.id for rule in catalogue.rules()}
    assert {rule: where for rule, where in _carried().items() if rule not in known} == {}


def test_every_rule_of_the_ticket_desk_is_named_by_what_keeps_it() -> None:
    rooms = {"execution", "tickets", "notifications", "desk", "duty", "knowledge", "portal", "reactions", "vault"}
    own = {*rooms, "workflow"}
    told = "\n".join(source.text for source in sources(".py") if source.package in own)
    assert [rule for rule in KEPT if rule not in told] == []

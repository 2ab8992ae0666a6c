"""Roles and vocabularies of the handbook."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from handbook import vocabulary
from handbook.catalogue import rule
from handbook.checks import handbook_is_sound
from handbook.sources import HandbookError


def test_all_roles_are_there_with_their_departments() -> None:
    assert len(vocabulary.roles()) == 21
    assert vocabulary.role("trainer").department == "service"
    with override("zh-hans"):
        assert vocabulary.role("trainer").name == "培训师"
    with override("en"):
        assert vocabulary.role("trainer").name == "Trainer"


def test_an_unknown_role_is_a_key_error_of_its_own() -> None:
    with pytest.raises(vocabulary.UnknownRole):
        vocabulary.role("emperor")
    assert issubclass(vocabulary.UnknownRole, KeyError)


def test_relations_and_outsiders_may_act_but_are_no_roles() -> None:
    codes = {each.code for each in (*vocabulary.relations(), *vocabulary.outsiders())}
    assert {"duty_engineer", "handler", "customer_contact"} <= codes
    assert codes <= vocabulary.actors()
    assert not codes & {each.code for each in vocabulary.roles()}


@pytest.mark.rule("TKT-03")
def test_issues_have_five_types_and_all_but_other_have_sub_types() -> None:
    types = {each.code: each for each in vocabulary.issue_types()}
    assert list(types) == ["technical", "application", "requirement", "training_request", "other"]
    assert {code: len(each.subtypes) for code, each in types.items()} == {
        "technical": 6,
        "application": 4,
        "requirement": 6,
        "training_request": 4,
        "other": 0,
    }


def test_issue_types_say_who_handles_and_who_is_told() -> None:
    routes = {each.code: (each.handler, each.notify) for each in vocabulary.issue_types()}
    assert routes == {
        "technical": ("support_engineer", "account_manager"),
        "application": ("trainer", "account_manager"),
        "requirement": ("account_manager", ""),
        "training_request": ("trainer", "account_manager"),
        "other": ("account_manager", ""),
    }


@pytest.mark.rule("TKT-04")
def test_severities_have_criteria_in_both_languages() -> None:
    found = {each.code: each for each in vocabulary.severities()}
    assert list(found) == ["general", "urgent", "critical"]
    assert found["urgent"].criterion.zh == "重要功能无法使用，系统仍可继续使用"
    assert all(each.criterion.en for each in found.values())


@pytest.mark.parametrize(("severity", "rule_id"), [("general", "TKT-16"), ("urgent", "TKT-17"), ("critical", "TKT-18")])
def test_a_severity_and_its_rule_name_the_same_time(severity: str, rule_id: str) -> None:
    limit = next(each for each in vocabulary.severities() if each.code == severity).respond_within
    assert rule(rule_id).limit["severity"] == severity
    assert vocabulary.hours(rule(rule_id).limit["respond_within"]) == limit


@pytest.mark.parametrize("text", ["", "0h", "8", "-8h", "8 h", "eight"])
def test_a_limit_that_is_no_number_of_hours_is_refused(text: str) -> None:
    with pytest.raises(HandbookError):
        vocabulary.hours(text)


def test_hours_are_read() -> None:
    assert vocabulary.hours("24h") == timedelta(days=1)


def test_other_vocabularies_are_found_by_name() -> None:
    assert [each.code for each in vocabulary.terms("purchase_modes")] == ["annual", "buyout"]
    assert [each.code for each in vocabulary.channels() if each.off_hours] == ["emergency_hotline"]
    assert {each.code for each in vocabulary.contract_kinds() if each.review == "short"} == {
        "annual_renewal",
        "service_product",
        "service_fee",
    }
    assert [each.term for each in vocabulary.licence_stages()][:2] == ["1 month", "3 months"]
    with pytest.raises(vocabulary.UnknownTerm):
        vocabulary.terms("colours")


def test_the_system_check_finds_nothing_wrong() -> None:
    assert handbook_is_sound(None) == []


def test_the_system_check_reports_a_role_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        message = "TKT-01: unknown actors ['emperor']"
        raise HandbookError(message)

    monkeypatch.setattr("handbook.checks._SECTIONS", (broken,))
    (found,) = handbook_is_sound(None)
    assert found.id == "handbook.E001"
    assert "emperor" in found.msg

"""Answers that follow from other answers."""

from __future__ import annotations

import pytest

from forms_templates import catalogue, computed
from forms_templates.language import DefinitionError, Form


def test_days_of_a_trial_count_both_ends() -> None:
    form = catalogue.form("Serv102")
    assert computed.completed(form, {"trial_from": "2026-03-01", "trial_to": "2026-03-31"})["trial_days"] == 31


def test_nothing_follows_from_what_is_not_answered_or_contradicts_itself() -> None:
    form = catalogue.form("Serv102")
    assert "trial_days" not in computed.completed(form, {"trial_from": "2026-03-01"})
    assert "trial_days" not in computed.completed(form, {"trial_from": "2026-03-02", "trial_to": "2026-03-01"})


def test_what_somebody_sends_in_place_of_a_calculation_is_not_taken() -> None:
    form = catalogue.form("Serv102")
    assert "trial_days" not in computed.completed(form, {"trial_days": 9999})


@pytest.mark.parametrize(("day", "late"), [("2026-05-23", False), ("2026-05-24", True)])
def test_feedback_is_late_after_the_third_day(day: str, late: bool) -> None:
    found = computed.completed(catalogue.form("Serv502"), {"training_to": "2026-05-20", "returned_on": day})
    assert found["over_three_days"] is late


@pytest.mark.parametrize(("day", "kept"), [("2026-05-22", True), ("2026-05-23", False)])
def test_a_report_is_in_time_until_the_second_day(day: str, kept: bool) -> None:
    found = computed.completed(catalogue.form("Serv503"), {"training_to": "2026-05-20", "submitted_on": day})
    assert found["within_two_days"] is kept


def test_shares_and_durations_are_written_as_people_say_them() -> None:
    attended = computed.completed(catalogue.form("Serv503"), {"planned_people": 45, "actual_people": 43})
    assert attended["attendance_rate"] == "95.6%"
    assert "attendance_rate" not in computed.completed(
        catalogue.form("Serv503"), {"planned_people": 0, "actual_people": 3}
    )
    down = {"started_at": "2026-05-20T22:00", "completed_at": "2026-05-22T00:45"}
    assert computed.completed(catalogue.form("Serv305"), down)["downtime"] == "1天2小时45分钟"


def test_a_form_with_a_calculation_that_there_is_not_is_refused() -> None:
    data = catalogue.data("Serv102")
    data["sections"][1]["items"][-1]["computed"] = "guesswork"
    with pytest.raises(DefinitionError, match="guesswork"):
        computed.check(Form.of(data))

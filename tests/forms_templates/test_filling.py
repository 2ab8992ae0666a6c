"""A definition as a web form: whatever is typed is read, kept, or refused at its place."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from forms_templates.filling import FillingForm, form_for
from tests.invitations.probe import WHOLE, probe

NOTHING: dict[str, Any] = {}


def filled(
    *, values: dict[str, Any] | None = None, partial: bool = True, files: Any = None, **typed: Any
) -> FillingForm:
    """The customer's part as somebody has typed it."""
    data = MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in typed.items()})
    form = form_for(probe(), "customer", values or {}, data=data, files=files, partial=partial, places=partial)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("300000", "300000.00"),
        ("300,000", "300000.00"),
        ("¥300,000.5", "300000.50"),
        ("￥３００，０００", "300000.00"),
        ("30万", "300000.00"),
        ("1.2345万元", "12345.00"),
        ("人民币 30 万元整", "300000.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert filled(budget=typed).answers() == {"budget": kept}


@pytest.mark.parametrize("typed", ["3,00,000", "-5", "1e9", "三十万", "12.345", "9999999999999", "=1+1"])
def test_what_is_no_amount_is_refused_at_its_field(typed: str) -> None:
    form = filled(budget=typed, admin_name="王老师")
    assert list(form.errors) == ["budget"]
    assert form.answers() == {"admin_name": "王老师"}


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("wanted_on", "2026-11-28", "2026-11-28"),
        ("wanted_on", "2026/1/5", "2026-01-05"),
        ("wanted_on", "2026年11月8日", "2026-11-08"),
        ("meeting", "2026-11-28T09:30", "2026-11-28T09:30"),
        ("visits", "1,200", 1200),
        ("firewall", "no", False),
        ("happy", "4", 4),
        ("layout", "many", "many"),
        ("features", ["web", "db"], ["web", "db"]),
        ("admin_name", "=HYPERLINK(1)\x00", "=HYPERLINK(1)"),
    ],
)
def test_an_answer_of_each_kind(field: str, typed: Any, kept: Any) -> None:
    given: dict[str, Any] = {field: typed}
    assert filled(**given).answers() == {field: kept}


@pytest.mark.parametrize(
    ("field", "typed"),
    [("wanted_on", "2026-02-30"), ("visits", "-1"), ("layout", "seven"), ("happy", "9"), ("meeting", "soon")],
)
def test_what_cannot_be_read_is_said_at_its_field_and_what_was_there_stays(field: str, typed: str) -> None:
    given: dict[str, Any] = {field: typed}
    form = filled(values={field: "before"}, **given)
    assert list(form.errors) == [field]
    assert form.answers() == {field: "before"}
    assert form[field].value() == typed


def test_a_name_of_three_hundred_characters_is_refused_with_its_limit() -> None:
    form = filled(admin_name="王" * 300)
    assert "200" in str(form.errors["admin_name"])
    assert "maxlength" not in str(form["admin_name"])
    assert form["admin_name"].value() == "王" * 300


def test_fields_that_the_form_does_not_have_are_nothing() -> None:
    form = filled(admin_name="王老师", release="9.1", check_result="好", customer_name="别的大学", state="archived")
    assert form.answers() == {"admin_name": "王老师"}


def test_a_check_a_secret_and_a_signature_are_answers_of_several_parts(held_clock: Any) -> None:
    typed: dict[str, Any] = {"ready": "no", "ready-note": "下周", "os_password": "pa55", "customer_signature": "王老师"}
    form = filled(**typed)
    answers = form.answers()
    assert answers["ready"] == {"answer": "no", "note": "下周"}
    assert answers["os_password"] == {"kept": True, "access": None}
    assert form.secrets()["os_password"].reveal() == "pa55"
    assert answers["customer_signature"] == {"name": "王老师", "at": "2026-03-02T02:00:00+00:00", "how": "typed"}
    assert "pa55" not in str(form)


def test_what_must_be_answered_is_asked_for_only_when_all_is_sent() -> None:
    assert filled(visits="3").errors == {}
    refused = filled(partial=False, visits="3")
    assert set(refused.errors) == {"admin_name", "layout", "servers-0-host", "customer_signature"}
    assert filled(partial=False, **WHOLE).errors == {}


def test_a_condition_asks_for_more_and_lets_go_again() -> None:
    many = filled(partial=False, **{**WHOLE, "layout": "many"})
    assert list(many.errors) == ["storage"]
    one = filled(partial=False, **{**WHOLE, "storage": "x" * 300})
    assert one.errors == {}
    assert "storage" not in one.answers()


def test_rows_are_added_and_taken_out_without_moving_the_others() -> None:
    typed: dict[str, Any] = {"servers-rows": "0,2,5", "servers-0-host": "a", "servers-2-host": "c"}
    typed["servers-5-host"] = "f"
    hosts = [row.get("host") for row in filled(**typed).answers()["servers"]]
    assert hosts == ["a", None, "c", None, None, "f"]
    again = filled(values={"servers": filled(**typed).answers()["servers"]}, partial=False, **typed)
    assert [row["host"] for row in again.answers()["servers"]] == ["a", "c", "f"]


def test_a_cell_that_must_be_filled_is_asked_for_in_rows_that_say_anything() -> None:
    form = filled(partial=False, **{**WHOLE, "servers-1-host": "", "servers-1-memory": "32"})
    assert list(form.errors) == ["servers-1-host"]


def test_the_customer_sees_nothing_of_the_companys_parts() -> None:
    values = {"release": "9.1-geheim", "check_result": "内部-geheim", "customer_name": "北京大学"}
    form = form_for(probe(), "customer", values)
    page = str([[(q.item.key, q.said) for q in chapter.questions] for chapter in form.chapters()])
    assert "geheim" not in page
    assert "北京大学" in page
    assert [chapter.section.key for chapter in form.chapters()] == ["basics", "servers_part", "sign"]


def test_staff_are_asked_what_their_roles_fill_in_and_read_the_rest() -> None:
    form = form_for(probe(), "company", {"admin_name": "王老师"}, roles={"support_engineer"}, name="王工")
    assert {item.key for item in form.asked} == {"release", "check_result"}
    said = {question.item.key: question.said for chapter in form.chapters() for question in chapter.questions}
    assert said["admin_name"] == "王老师"
    corrected = form_for(probe(), "company", {}, roles={"customer_specialist"})
    assert {item.key for item in corrected.asked} == {"customer_name"}


def test_an_answer_taken_back_is_gone() -> None:
    form = filled(values={"visits": 3, "budget": "1.00"}, budget="1.00", visits="")
    assert form.changes() == {"visits": None}
    assert form.merged(form.values) == {"budget": "1.00"}


def _dropped(*keys: str) -> dict[str, Any]:
    return {"photos-drop": list(keys)}


def test_files_that_were_sent_stay_until_they_are_taken_out() -> None:
    kept = [{"name": "a.jpg", "attachment": 7}, {"name": "b.jpg", "attachment": 8}]
    assert filled(values={"photos": kept}, **_dropped("7")).answers() == {"photos": [kept[1]]}


def test_a_fake_image_is_refused_by_name() -> None:
    fake = SimpleUploadedFile("盖章页.jpg", b"<html>not a picture</html>", "image/jpeg")
    form = filled(files=MultiValueDict({"photos": [fake]}), admin_name="王老师")
    assert "盖章页.jpg" in str(form.errors["photos"])
    assert form.answers() == {"admin_name": "王老师"}

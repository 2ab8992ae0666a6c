"""An administrator changes words, options, footers and letterhead as data; nobody else does, and nothing is edited."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from forms_templates import catalogue, versions, wording
from forms_templates.models import FormVersion, Letterhead
from forms_templates.printing import Print
from forms_templates.wording_form import WordingForm
from tests.forms_templates.paper import text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/admin/forms_templates/formversion/forms/Serv103/"
LETTERHEAD = "/admin/forms_templates/letterhead/add/"


@pytest.fixture
def office(cast: Cast) -> Client:
    """A browser of an administrator."""
    client = Client()
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _filled(code: str = "Serv103") -> dict[str, Any]:
    """What a browser sends back when nothing has been touched."""
    form = WordingForm(versions.in_force(code))
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, False)} | {"note": "改用语"}


def _field_of(path: tuple[Any, ...], code: str = "Serv103") -> str:
    body = versions.in_force(code).body
    return next(f"w{n}" for n, words in enumerate(wording.words_of(body)) if path in words.paths)


def test_words_become_a_new_version_with_a_reason_and_the_old_one_stays(office: Client, cast: Cast) -> None:
    first = versions.in_force("Serv103")
    title = _field_of(("title",))
    answer = office.post(PAGE, {**_filled(), f"{title}-zh": "到货确认单"})
    assert answer.status_code == 302
    second = versions.in_force("Serv103")
    assert (second.number, second.definition.title.zh, second.note) == (2, "到货确认单", "改用语")
    assert second.made_by == cast.admin
    assert FormVersion.objects.get(form="Serv103", number=1).body == first.body
    assert {**second.body, "title": first.body["title"]} == first.body


def test_options_are_renamed_added_and_taken_away_and_duties_changed(office: Client) -> None:
    form = catalogue.form("Serv103")
    at_section, at_item = next(
        (s, i)
        for s, section in enumerate(form.sections)
        for i, item in enumerate(section.items)
        if item.key == "edition"
    )
    path = ("sections", at_section, "items", at_item)
    sent = _filled()
    renamed, gone = _field_of((*path, "options", 0)), _field_of((*path, "options", 4))
    sent |= {f"{renamed}-zh": "基础版", f"{gone}-zh": "", f"{gone}-en": "", "o0-zh": "定制版", "o0-en": "Custom"}
    duty = next(n for n, each in enumerate(wording.duties_of(form.data)) if each.path == path)
    del sent[f"d{duty}"]
    assert office.post(PAGE, sent).status_code == 302
    item = versions.in_force("Serv103").definition.item("edition")
    assert [option.zh for option in item.options] == [
        "基础版",
        *[o.zh for o in form.item("edition").options[1:4]],
        "定制版",
    ]
    assert [option.key for option in item.options[:4]] == [o.key for o in form.item("edition").options[:4]]
    assert not item.required


def test_an_option_that_a_condition_names_cannot_be_taken_away(office: Client) -> None:
    form = catalogue.form("Serv102")
    path = next(
        ("sections", s, "items", i, "options", 0)
        for s, section in enumerate(form.sections)
        for i, item in enumerate(section.items)
        if item.key == "install_mode"
    )
    field = _field_of(path, "Serv102")
    answer = office.post(PAGE.replace("103", "102"), {**_filled("Serv102"), f"{field}-zh": "", f"{field}-en": ""})
    assert "errorlist" in answer.content.decode()
    assert versions.in_force("Serv102").number == 1


@pytest.mark.parametrize(
    "wrong", [{"w0-zh": ""}, {"w0-en": ""}, {"w0-zh": "表😀"}, {"note": ""}, {"o0-zh": "只有中文"}, {"basis": "7"}]
)
def test_what_is_wrong_is_said_and_keeps_what_was_typed(office: Client, wrong: dict[str, str]) -> None:
    answer = office.post(PAGE, {**_filled(), "w1-zh": "打字打到一半", **wrong})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "errorlist" in page or "errornote" in page
    assert "打字打到一半" in page
    assert versions.in_force("Serv103").number == 1


def test_a_change_is_looked_at_printed_and_on_the_screen_before_it_is_saved(office: Client) -> None:
    title = _field_of(("title",))
    sent = {**_filled(), f"{title}-zh": "到货确认单", "note": ""}
    printed = office.post(PAGE, {**sent, "pdf": "1"})
    assert printed["Content-Type"] == "application/pdf"
    assert "到货确认单" in text(Print(printed.content, 1))
    assert "草稿" in text(Print(printed.content, 1))
    shown = office.post(PAGE, {**sent, "web": "1"}).content.decode()
    assert "到货确认单" in shown
    assert 'name="receiver_position"' in shown
    assert versions.in_force("Serv103").number == 1


def test_of_two_administrators_the_second_is_told(office: Client) -> None:
    sent = _filled()
    assert office.post(PAGE, {**sent, f"{_field_of(('title',))}-zh": "甲"}).status_code == 302
    assert office.post(PAGE, {**sent, f"{_field_of(('title',))}-zh": "乙"}).status_code == 200
    assert versions.in_force("Serv103").definition.title.zh == "甲"


@pytest.mark.parametrize("page", ["", "forms/", "forms/Serv103/"])
def test_who_is_no_administrator_comes_to_none_of_it(cast: Cast, page: str) -> None:
    client = Client()
    client.force_login(cast.specialist, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/admin/forms_templates/formversion/{page}").status_code in (302, 403)
    assert client.get(LETTERHEAD).status_code in (302, 403)


def test_versions_can_be_read_and_neither_changed_nor_removed(office: Client) -> None:
    version = versions.in_force("Serv103")
    assert office.get("/admin/forms_templates/formversion/").status_code == 200
    assert office.get("/admin/forms_templates/formversion/forms/").status_code == 200
    assert office.get("/admin/forms_templates/formversion/forms/Serv999/").status_code == 404
    page = f"/admin/forms_templates/formversion/{version.pk}/"
    assert office.get(f"{page}change/").status_code == 200
    assert office.post(f"{page}change/", {"note": "x"}).status_code == 403
    assert office.post(f"{page}delete/", {"post": "yes"}).status_code == 403


# --- letterhead ------------------------------------------------------------------------------------------------------
def _picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (2000, 500), "navy").save(out, kind)
    return out.getvalue()


def _house(**more: Any) -> dict[str, Any]:
    return {
        "name": "北京新公司",
        "fax": "010-1",
        "note": "更名",
        "basis": versions.letterhead_in_force().number,
        **more,
    }


def test_a_letterhead_is_put_in_force_with_its_logo_drawn_anew(office: Client) -> None:
    assert "北京赛尔毕博信息技术有限公司" in office.get(LETTERHEAD).content.decode()
    logo = SimpleUploadedFile("logo.jpg", _picture("JPEG") + b"hidden words")
    assert office.post(LETTERHEAD, _house(logo_file=logo)).status_code == 302
    house = versions.letterhead_in_force()
    assert (house.number, house.name, house.note) == (2, "北京新公司", "更名")
    kept = Image.open(BytesIO(bytes(house.logo)))
    assert (kept.format, max(kept.size) <= 1200, b"hidden" in bytes(house.logo)) == ("PNG", True, False)
    assert office.post(LETTERHEAD, _house(name="再改")).status_code == 302
    assert bytes(versions.letterhead_in_force().logo) == bytes(house.logo)
    assert office.post(LETTERHEAD, _house(no_logo="on")).status_code == 302
    assert not versions.letterhead_in_force().logo
    assert list(Letterhead.objects.values_list("number", flat=True)) == [4, 3, 2, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"logo_file": SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")},
        {"logo_file": SimpleUploadedFile("logo.gif", b"GIF89a" + b"\0" * 50)},
        {"name": ""},
        {"name": "公司😀"},
        {"note": ""},
        {"basis": "9"},
    ],
)
def test_a_letterhead_that_is_wrong_is_not_put_in_force(office: Client, wrong: dict[str, Any]) -> None:
    answer = office.post(LETTERHEAD, _house(**wrong))
    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert versions.letterhead_in_force().number == 1


def test_a_letterhead_is_looked_at_on_paper_before(office: Client) -> None:
    answer = office.post(LETTERHEAD, _house(note="", pdf="1"))
    assert answer["Content-Type"] == "application/pdf"
    assert "北京新公司" in text(Print(answer.content, 1))
    assert versions.letterhead_in_force().number == 1

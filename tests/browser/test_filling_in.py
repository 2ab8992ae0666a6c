"""Serv301 on a phone: sent by the specialist, filled in behind a personal link in two sittings, signed, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from documents import issuing
from documents.models import Document, Signature
from invitations.models import Draft, Invitation
from people.actors import Actor
from tests.browser.house import PICTURE
from tests.browser.test_accessibility import LANGUAGES, look_closely, reader
from tests.invitations.conftest import photograph, probe_version, send_again
from tests.support.browser import PHONE
from tests.support.processes import wait_until
from vault.models import Access

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.cast import Cast, University
    from tests.support.browser import Window

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON_A_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
LINES = {
    "bb_admin_name": "王老师",
    "bb_admin_phone": "010-62750001",
    "bb_admin_email": "wang@pku.example",
    "technician_name": "孙老师",
    "technician_phone": "010-62750002",
    "technician_email": "sun@pku.example",
    "wanted_on": "2026-12-20",
    "os_detail": "6.4 64位 中文",
    "database_release": "11g",
    "hostname": "bb.pku.example",
    "http_port": "80",
    "https_port": "443",
    "opened_ports": "80, 443, 22",
    "os_account": "root",
    "institution_en": "Peking University",
}


def issued(cast: Cast, university: University, form: str) -> Document:
    """A document for the university."""
    return issuing.issue(form, customer=university.organisation, actor=Actor(cast.specialist))


def saved(page: Page) -> None:
    """Wait until the page says that all is saved."""
    expect(page.locator("[data-saved]")).to_contain_text("已保存", timeout=10_000)


def fill_first_half(page: Page) -> None:
    """What one knows without asking colleagues."""
    for name, text in list(LINES.items())[:7]:
        page.fill(f"[name={name}]", text)
    page.locator("[name=layout]").first.check()
    page.select_option("[name=hardware-0-purpose]", index=1)
    for field in page.locator("[name^='hardware-0-']:is(input)").all():
        field.fill("16")


def answer_the_rest(page: Page) -> None:
    """Everything that is still asked for."""
    for name, text in list(LINES.items())[7:]:
        page.fill(f"[name={name}]", text)
    for box in page.locator("[data-needed]:not([hidden]) .choices").all():
        if not box.locator("input:checked").count():
            box.locator("input").first.check()
    for field in page.locator(".row-card input[type=text]:visible").all():
        if not field.input_value():
            field.fill("10.0.0.5")


def draw(page: Page) -> None:
    """Draw a signature."""
    pad = page.locator("[data-pad] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 30, steps=5)
    page.mouse.up()


def sent_to(staff: Window, document: Document) -> str:
    """The specialist sends it to the contact and takes the link along; its address."""
    page = staff.go(f"/document/{document.number}/")
    page.locator("[data-verb=send_out]").click()
    page.select_option("#act [name=contact]", label="张老师")
    page.locator("#act [data-default]").click()
    staff.at("/links/")
    page.locator("main form button.btn-main").click()
    link = page.locator("[data-link]").input_value()
    return f"/f/{link.rstrip('/').rpartition('/')[2]}/"


def first_sitting(guest: Window, address: str) -> None:
    """Half of it is filled in, and the telephone is put away."""
    page = guest.go(address)
    assert guest.wider_than_the_screen() == []
    fill_first_half(page)
    page.locator("button.row-add").first.tap()
    page.fill("[name=hardware-1-model]", "PowerEdge")
    saved(page)
    page.goto("about:blank")


def second_sitting(guest: Window, address: str) -> None:
    """The rest, by a line that breaks down meanwhile."""
    page = guest.go(address)
    expect(page.locator("[name=bb_admin_name]")).to_have_value("王老师")
    expect(page.locator("[name=hardware-1-model]")).to_have_value("PowerEdge")
    page.locator("[data-row='1'] .row-drop").tap()
    guest.context.set_offline(True)
    page.fill("[name=jdk]", "1.5")
    expect(page.locator("[data-saved].trouble")).to_contain_text("网络未连接", timeout=10_000)
    guest.context.set_offline(False)
    saved(page)
    page.fill("[name=os_password]", "pa55-on-a-phone")
    answer_the_rest(page)
    page.fill("[name=customer_signature]", "王老师")
    draw(page)
    with page.expect_navigation():
        page.locator("button[value=send].btn-main").tap()
    expect(page.locator("main")).to_contain_text("谢谢您")
    expect(page.locator("main")).to_contain_text("bb.pku.example")


@pytest.mark.rule("FRM-04")
def test_serv301_goes_out_is_filled_in_on_a_phone_and_comes_back(
    cast: Cast, university: University, window: Open
) -> None:
    document = issued(cast, university, "Serv301")
    staff, guest = window(cast.specialist), window(**ON_A_PHONE)
    address = sent_to(staff, document)
    first_sitting(guest, address)
    assert Draft.objects.get(document=document).values["bb_admin_name"] == "王老师"
    second_sitting(guest, address)
    document = Document.objects.get(pk=document.pk)
    assert document.state == "submitted"
    assert (document.values["jdk"], len(document.values["hardware"])) == ("1.5", 1)
    assert Signature.objects.get(document=document).how == "drawn"
    access = Access.objects.get(organisation=university.organisation)
    assert (access.username, access.address) == ("root", "bb.pku.example")
    assert access.password.reveal() == "pa55-on-a-phone"
    page = staff.go(f"/document/{document.number}/")
    expect(page.locator("main")).to_contain_text("bb.pku.example")
    assert "pa55-on-a-phone" not in page.content()


def test_photographs_go_at_once_and_questions_come_and_go(
    cast: Cast, university: University, window: Open, tmp_path: Path
) -> None:
    probe_version(cast.admin)
    document = issued(cast, university, "Serv103")
    send_again(document, cast, university)
    guest = window(**ON_A_PHONE)
    page = guest.go(f"/f/{Invitation.objects.get(document=document).token}/")
    storage = page.locator("[data-question=storage]")
    expect(storage).to_be_hidden()
    page.locator("[name=layout][value=many]").check()
    expect(storage).to_be_visible()
    with guest.expects(422):
        fake: Any = {"name": "假.jpg", "mimeType": "image/jpeg", "buffer": PICTURE[:20]}
        page.set_input_files("[name=photos]", fake)
        expect(page.locator("#id_photos_error")).to_contain_text("假.jpg")
    huge = tmp_path / "大.jpg"
    huge.write_bytes(b"\xff\xd8\xff" + b"\x00" * (50 * 1024 * 1024))
    page.set_input_files("[name=photos]", huge)
    expect(page.locator("#id_photos_error")).to_contain_text("20 MB")
    page.set_input_files("[name=photos]", {"name": "盖章页.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    expect(page.locator("[data-question=photos]")).to_contain_text("盖章页.jpg")
    page.fill("[name=budget]", "很多")
    expect(page.locator("#id_budget_error")).to_contain_text("30万", timeout=10_000)
    page.fill("[name=budget]", "30万")
    wait_until(lambda: Draft.objects.get(document=document).values.get("budget") == "300000.00")
    assert guest.wider_than_the_screen() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_the_pages_of_filling_in(
    cast: Cast, university: University, window: Open, language: str
) -> None:
    probe_version(cast.admin)
    document = issued(cast, university, "Serv103")
    send_again(document, cast, university)
    invitation = Invitation.objects.get(document=document)
    found = []
    guest = reader(window, None, language)
    page = guest.go(f"/f/{invitation.token}/")
    page.locator("[name=layout][value=many]").check()
    found += look_closely(guest)
    with guest.expects(422):
        page.locator("button[value=send].btn-main").click()
        expect(page.locator(".note-error")).to_be_visible()
    found += look_closely(guest)
    with guest.expects(404):
        guest.go(f"/f/{'x' * 43}/")
    found += look_closely(guest)
    staff = reader(window, cast.specialist, language)
    for address in (f"/document/{document.number}/fill/?for=customer", f"/links/{invitation.pk}/"):
        staff.go(address)
        found += look_closely(staff)
    contact = reader(window, cast.contact, language)
    for address in ("/portal/forms/", f"/portal/forms/{document.number}/"):
        contact.go(address)
        found += look_closely(contact)
    assert not found, "\n".join(found)

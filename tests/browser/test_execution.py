"""A contract is carried out in the browser: taken up, done in place on the board, confirmed, signed; on a phone too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from core import clock
from execution.models import Execution
from tests.browser.test_accessibility import LANGUAGES, examine, reader
from tests.cast import act
from tests.contracts.conftest import Signers, sign_on, walk, writer
from tests.execution.conftest import PROMISES, finish, hand_over_copy
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.browser.conftest import Stand
    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def begun(stand: Stand, django_db_blocker: Any) -> Callable[[str], Execution]:
    """Contracts whose copies the service department has been given."""
    with django_db_blocker.unblock():
        signers: Signers = sign_on(stand.cast)

    def begin(title: str) -> Execution:
        draft: Callable[..., Contract] = writer(stand.cast, stand.university, signers)
        contract = walk(draft(title=title, promises=PROMISES), signers, to="effective")
        return hand_over_copy(contract, signers)

    return begin


def send(page: Any) -> None:
    """Press the form's button, and wait for the page that says that it is done."""
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    expect(page.locator("main > .note-success")).to_be_visible()


def test_a_contract_is_carried_out_from_its_copy_to_the_directors_signature(
    begun: Callable[[str], Execution], cast: Cast, window: Open
) -> None:
    execution = begun("整个过程")
    address = f"/execution/{execution.number}/"
    desk = window(cast.specialist)
    page = desk.go("/")
    page.locator(f"a[href='{address}take_up/']").click()
    page.locator("button[data-default]").click()
    desk.at(address)
    licence = page.locator(".lane li", has_text="产品使用许可")
    licence.get_by_role("link", name="完成事项").click()
    page.locator("#act form").wait_for()
    page.fill("#act [name=done_on]", str(clock.local(clock.now()).date()))
    with desk.expects(422):
        page.locator("#act button[data-default]").click()
        expect(page.locator("#act .fault")).to_contain_text("请说明完成的凭证")
    page.fill("#act [name=evidence]", "许可批复 LIC-2026-7")
    send(page)
    expect(page.locator(".lane li", has_text="产品使用许可")).to_contain_text("许可批复 LIC-2026-7")
    delivery = execution.plan.of("delivery")[0]
    expect(page.locator(f"#item-{delivery.pk}")).to_contain_text("等待")
    fresh: Any = Execution.objects.get(pk=execution.pk)
    finish(fresh, day=str(clock.local(clock.now()).date()))
    manager = window(cast.account_manager)
    page = manager.go(f"{address}")
    page.locator("[data-verb=confirm]").click()
    page.locator("#act form").wait_for()
    send(page)
    director = window(cast.director)
    page = director.go("/")
    page.locator(f"a[href='{address}sign/']").click()
    expect(page.locator(".hint a")).to_contain_text("Serv101")
    page.locator("button[data-default]").click()
    director.at(address)
    expect(page.locator(".record-head")).to_contain_text("已签署")


def test_an_item_is_finished_on_a_phone(begun: Callable[[str], Execution], cast: Cast, window: Open) -> None:
    execution = begun("手机上")
    act(execution, "take_up", cast.specialist)
    opened = window(cast.account_manager)
    opened.page.set_viewport_size(PHONE)
    page = opened.go(f"/execution/{execution.number}/")
    row = page.locator(".lane li", has_text="数据迁移")
    row.locator("summary").click()
    row.get_by_role("link", name="设定期限").click()
    page.locator("#act form").wait_for()
    expect(page.locator("#act [name=item] option:checked")).to_contain_text("数据迁移")
    page.fill("#act [name=due_on]", "2035-01-31")
    send(page)
    expect(page.locator(".lane li", has_text="数据迁移")).not_to_contain_text("未设期限")
    assert not opened.wider_than_the_screen()


@pytest.mark.parametrize("language", LANGUAGES)
def test_board_portfolio_and_forms_are_open_to_everybody(
    begun: Callable[[str], Execution], cast: Cast, window: Open, language: str
) -> None:
    execution = begun(f"可读 {language}")
    act(execution, "take_up", cast.specialist)
    finish(execution, "licence", "talks", day=str(clock.local(clock.now()).date()))
    act(execution, "waive_item", cast.director, item=execution.plan.of("other")[0].pk, reason="客户放弃")
    address = f"/execution/{execution.number}/"
    opened = reader(window, cast.director, language)
    forms = ("finish_item", "set_due", "assign_item", "waive_item", "free_item", "reopen_item", "hand_over")
    pages = ["/portfolio/", "/portfolio/?lane=money", address, f"{address}print/", "/execution/?show=all&filters=open"]
    with opened.expects(403, 409):
        examine(opened, [*pages, *(f"{address}{verb}/" for verb in forms)])

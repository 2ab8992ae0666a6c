"""Whoever decides on an amendment sees what differs from the contract that it amends (CON-25, CON-26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.cast import act, person
from tests.contracts.conftest import walk
from tests.contracts.test_amendments import begin, handed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from people.models import User
    from tests.cast import Cast
    from tests.contracts.conftest import Signers

    Browser = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.fixture
def browser_of(cast: Cast) -> Browser:
    """Whoever is named, at the desk."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def sold(new_contract: Callable[..., Contract], signers: Signers) -> Contract:
    """A new sale in force."""
    return walk(new_contract(), signers, to="effective")


@pytest.fixture
def amendment(sold: Contract, signers: Signers) -> Contract:
    """Its amendment, with the reviewers."""
    made = begin(signers.sales_manager, amends=sold.pk, schedule="九十日内验收")
    handed_in(made, signers, change="major", change_departments=["service", "finance"])
    act(made, "pass_on", signers.sales_ops)
    return made


def page_of(browser: Client, contract: Contract, asked: str = "") -> str:
    """The page of its versions."""
    answer = browser.get(f"/contract/{contract.number}/versions/{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_amendment_is_compared_with_the_contract_that_it_amends(
    sold: Contract, amendment: Contract, signers: Signers, browser_of: Browser
) -> None:
    reader = browser_of(signers.service_reviewer)
    page = page_of(reader, amendment)
    assert f"v1 与 {sold.number} 的 v1 的差异" in page
    assert "九十日内验收" in page
    record = reader.get(f"/contract/{amendment.number}/").content.decode()
    assert f"/contract/{amendment.number}/versions/?from=earlier" in record


def test_later_versions_are_compared_with_each_other_and_with_it_when_asked(
    sold: Contract, amendment: Contract, signers: Signers, browser_of: Browser
) -> None:
    act(amendment, "withdraw", amendment.handler, reason="写明试运行")
    act(amendment, "write", amendment.handler, schedule="六十日内验收")
    act(amendment, "hand_in", amendment.handler)
    act(amendment, "pass_on", signers.sales_ops)
    reader = browser_of(signers.service_reviewer)
    assert "v2 与 v1 的差异" in page_of(reader, amendment)
    assert f"v2 与 {sold.number} 的 v1 的差异" in page_of(reader, amendment, "?from=earlier")


def test_who_may_not_see_the_earlier_contract_is_shown_nothing_of_it(
    sold: Contract, signers: Signers, browser_of: Browser
) -> None:
    amendment = begin(signers.sales_manager, amends=sold.pk, develops=True, development="对接教务系统")
    handed_in(amendment, signers, change="minor", change_departments=["rd"])
    act(amendment, "pass_on", signers.sales_ops)
    reader = browser_of(person("rd2", "新研审", "rd_reviewer", department="rd"))
    assert reader.get(f"/contract/{sold.number}/").status_code == 404
    page = page_of(reader, amendment, "?from=earlier")
    assert sold.number not in page
    assert "的差异" not in page

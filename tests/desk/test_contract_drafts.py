"""What stands beside a contract of its papers: before there are any, how they would look; then the papers (CON-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

from documents import previews
from tests.cast import act
from tests.contracts.conftest import new_contract, signers, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from contracts.models import Contract
    from people.models import User
    from tests.cast import Cast
    from tests.contracts.conftest import Signers
    from tests.paper import Printer

    Browser = Callable[[User], Client]

__all__ = ("new_contract", "signers")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.fixture
def contract(new_contract: Callable[..., Contract], signers: Signers) -> Contract:
    cache.clear()
    return walk(new_contract(), signers, to="in_review")


def beside(contract: Contract) -> str:
    return f"/documents/of/contract/{contract.number}/"


def draft(contract: Contract, form: str = "ContractText") -> str:
    return f"{beside(contract)}{form}/"


@pytest.mark.rule("CON-21")
def test_a_contract_under_review_shows_its_draft_and_offers_no_form_to_fill_in(
    browser_of: Browser, contract: Contract, signers: Signers
) -> None:
    shown = browser_of(contract.handler).get(beside(contract), headers={"HX-Request": "true"}).content.decode()
    assert draft(contract) in shown
    assert draft(contract, "Review") in shown
    assert "New document" not in shown


def test_once_printed_the_papers_stand_there_and_no_draft_does(
    browser_of: Browser, contract: Contract, signers: Signers
) -> None:
    walk(contract, signers, to="approved")
    act(contract, "print_papers", signers.hr_admin)
    shown = browser_of(signers.hr_admin).get(beside(contract), headers={"HX-Request": "true"}).content.decode()
    assert "ContractText-" in shown
    assert "Review-" in shown
    assert draft(contract) not in shown


def test_the_draft_is_made_by_a_worker_marked_as_such_and_opens_once_it_is_there(
    browser_of: Browser, contract: Contract, printer: Printer
) -> None:
    client = browser_of(contract.handler)
    assert "The pages are being made" in client.get(draft(contract)).content.decode()
    previews.make_about(contract.pk, "ContractText")
    answer: Any = client.get(draft(contract))
    assert answer["Content-Type"] == "application/pdf"
    made = printer.printed[-1]
    assert (made["draft"], made["state"], made.get("verify")) == (True, "complete", None)


def test_whoever_does_not_see_the_contract_sees_no_draft_and_nobody_one_of_another_form(
    browser_of: Browser, contract: Contract, cast: Cast
) -> None:
    assert browser_of(cast.engineer).get(draft(contract)).status_code == 404
    assert browser_of(contract.handler).get(draft(contract, "Serv101")).status_code == 404

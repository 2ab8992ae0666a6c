"""A contract's page stays calm: rounds that are over are folded, and nothing stands there twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from documents.models import Document
from tests.cast import act
from tests.contracts.conftest import walk
from tests.paper import printer

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.contracts.conftest import Signers
    from tests.paper import Printer

__all__ = ("printer",)
pytestmark = pytest.mark.usefixtures("held_clock")


def page_of(contract: Contract, reader: object, part: str = "") -> str:
    """The page, as somebody reads it."""
    browser = Client()
    browser.force_login(reader)  # type: ignore[arg-type] # a user
    return browser.get(f"/contract/{contract.number}/{part}").content.decode()


def test_deadlines_of_steps_that_were_kept_are_folded_and_the_paper_has_them_all(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="leader_approval")
    page = page_of(contract, signers.vice_president)
    deadlines = contract.deadlines.filter(timer__endswith="decision")
    assert page.count("/deadlines/") == 2, "two addresses of the one that runs"
    assert f"/contract/{contract.number}/clocks/" in page
    folded = page_of(contract, signers.vice_president, "clocks/")
    assert folded.count("/deadlines/") == 2 * (deadlines.count() - 1)
    assert "earlier-clocks" not in page_of(contract, signers.vice_president, "print/")


def test_whoever_decides_is_told_of_the_own_checklists_and_of_no_other_departments(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    page = page_of(contract, signers.service_reviewer)
    sheet = page.partition('<div id="decide">')[2].partition('<div class="columns">')[0]
    named = set(re.findall(r"CON-1[5-8]", sheet))
    assert "CON-17" in named
    assert not named & {"CON-16", "CON-18"}


def test_a_paper_is_not_listed_once_more_among_linked_records(
    new_contract: Callable[..., Contract], signers: Signers, printer: Printer
) -> None:
    contract = walk(new_contract(), signers, to="approved")
    act(contract, "print_papers", signers.hr_admin)
    numbers = list(Document.objects.filter(parent=contract.pk).values_list("number", flat=True))
    assert len(numbers) == 2
    page = page_of(contract, signers.hr_admin)
    assert [number for number in numbers if f'href="/document/{number}/"' in page] == []

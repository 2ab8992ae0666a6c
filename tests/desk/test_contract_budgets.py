"""What the page of a contract in force costs, with all that belongs to it and how it is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contracts.conftest import new_contract, signers, walk
from tests.desk.test_budgets import MOST_QUERIES
from tests.execution.conftest import PROMISES, hand_over_copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.contracts.conftest import Signers

__all__ = ("new_contract", "signers")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("part", ["", "print/"])
def test_a_contract_in_force_asks_for_its_execution_with_the_rest(
    part: str,
    new_contract: Any,
    signers: Signers,
    browser_of: Callable[[User], Client],
) -> None:
    execution = hand_over_copy(walk(new_contract(promises=PROMISES), signers, to="effective"), signers)
    contract = execution.carries_out
    browser, address = browser_of(signers.sales_manager), f"/contract/{contract.number}/{part}"
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    assert execution.number in answer.content.decode()
    assert len(asked) <= MOST_QUERIES, [each["sql"][:200] for each in asked]

"""A declaration that could not work is refused when it is made, not when somebody should have been told."""

from __future__ import annotations

from typing import Any

import pytest

from notifications.rules import NoticeRuleError, notice
from workflow.parties import ACCOUNT_OWNER, CUSTOMER, HANDLER, SUPERVISOR, SYSTEM

GOOD: dict[str, Any] = {"on": "dispatch", "to": HANDLER, "kind": "assignment", "title": "%(number)s"}


def test_a_declaration_names_verbs_parties_and_kind() -> None:
    made = notice(**GOOD | {"on": ("dispatch", "hand_over"), "to": [HANDLER | SUPERVISOR, ACCOUNT_OWNER, HANDLER]})
    assert made.on == ("dispatch", "hand_over")
    assert made.to == ("handler", "supervisor", "account_owner")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "gossip"},
        {"on": ()},
        {"to": []},
        {"to": CUSTOMER},
        {"to": [HANDLER, SYSTEM]},
        {"on": "deadline.missed"},
        {"title": "%(password)s"},
        {"title": "100% %(number)s"},
        {"title": "%s"},
    ],
    ids=str,
)
def test_a_declaration_that_could_not_work_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(NoticeRuleError):
        notice(**GOOD | fault)

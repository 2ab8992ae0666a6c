"""Which tabs a person's list has: those under which a role never holds anything are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lists.presets import is_known, preset_of, presets
from workflow import registry

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def tabs(cast: Cast, part: str, kind: str = "ticket") -> set[str]:
    return {preset.code for preset in presets(registry.get(kind), vars(cast)[part])}


def test_what_is_accepted_by_me_is_the_specialists_tab(cast: Cast) -> None:
    with_it = {part for part in cast.everybody() if "specialist" in tabs(cast, part)}
    assert with_it == {"specialist", "other_specialist"}


def test_my_customers_are_the_account_managers_tab(cast: Cast) -> None:
    assert {part for part in cast.everybody() if "customers" in tabs(cast, part)} == {"account_manager"}


def test_what_is_the_houses_own_has_no_tab_of_customers(cast: Cast) -> None:
    for kind in ("article", "digest", "opinions"):
        assert "customers" not in tabs(cast, "account_manager", kind)


def test_the_other_tabs_are_everybodys(cast: Cast) -> None:
    for part in cast.everybody():
        assert {"open", "mine", "watched", "overdue", "waiting", "all"} <= tabs(cast, part)


def test_a_tab_that_is_left_out_is_still_found_by_its_address(cast: Cast) -> None:
    process = registry.get("ticket")
    assert preset_of(process, cast.director, "customers").code == "customers"
    assert is_known(process, cast.director, "specialist")
    assert not is_known(process, cast.director, "nonsense")

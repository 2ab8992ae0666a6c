"""What is typed into a list's own field is found in whatever width an input method has left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict

from lists.presets import preset_of
from lists.rows import filters_of
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def found(user: User, asked: str) -> list[str]:
    process, query = registry.get("ticket"), QueryDict(mutable=True)
    query["show"], query["q"] = "all", asked
    filters = filters_of(process, user, preset_of(process, user, "all"), query, whole=False)
    return sorted(filters.qs.values_list("title", flat=True))


@pytest.mark.parametrize("asked", ["VPN", "vpn", "ＶＰＮ", "ｖｐｎ", "VPN 断线", "ＶＰＮ\u3000断线"])
def test_full_width_letters_find_what_is_written_in_half_width(
    cast: Cast, new_ticket: Callable[..., Ticket], asked: str
) -> None:
    new_ticket(title="VPN 断线")
    new_ticket(title="课件打不开")
    assert found(cast.specialist, asked) == ["VPN 断线"]


def test_what_was_written_in_full_width_is_found_as_it_was_written(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    new_ticket(title="ＡＰＩ报错")
    assert found(cast.specialist, "ＡＰＩ") == ["ＡＰＩ报错"]


def test_a_number_is_a_number_in_whatever_width(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket(title="一")
    new_ticket(title="二")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in ticket.number.lower())
    assert found(cast.specialist, wide) == ["一"]


def test_a_customer_is_found_by_wide_initials(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket(title="一")
    initials = ticket.customer.initials  # type: ignore[union-attr]
    assert found(cast.specialist, "".join(chr(ord(c) + 0xFEE0) for c in initials[:3])) == ["一"]

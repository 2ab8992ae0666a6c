"""What a list's address means, without a page: the rows, and the values of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import QueryDict
from django.utils.safestring import SafeString

from lists.columns import PLAIN
from lists.presets import preset_of, presets
from lists.rows import Rows, filters_of, has_filters, table_class
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def _rows(user: Any, asked: str) -> Rows:
    process, query = registry.get("ticket"), QueryDict(asked)
    preset = preset_of(process, user, query.get("show", ""))
    filters = filters_of(process, user, preset, query) if has_filters(process, query) else None
    return Rows(process, user, preset, table_class(process)(PLAIN, query.get("sort", "")), filters)


def test_an_address_means_the_same_rows_without_a_page(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    first, second = new_ticket(title="登录不了"), new_ticket(title="试卷打不开")
    assert [row.number for row in _rows(cast.specialist, "").kept()] == [second.number, first.number]
    assert [row.number for row in _rows(cast.specialist, "sort=number").kept()] == [first.number, second.number]
    assert [row.number for row in _rows(cast.specialist, "q=试卷").kept()] == [second.number]
    assert not _rows(cast.specialist, "show=overdue").kept()


def test_nobody_lists_what_they_may_not_see(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket()
    assert not _rows(cast.rd_engineer, "show=all").kept()
    assert not _rows(cast.rd_engineer, "show=all&q=TK-").kept()


def test_an_unknown_tab_is_the_first_one(cast: Cast) -> None:
    process = registry.get("ticket")
    assert preset_of(process, cast.specialist, "nonsense").code == presets(process, cast.specialist)[0].code


def test_the_columns_of_every_process_have_values_without_markup(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    row = _rows(cast.specialist, "").full([ticket.pk]).get()
    for process in registry.all_processes():
        shown = table_class(process)(PLAIN).shown
        assert all(column.label for column in shown)
        if process.kind == "ticket":
            assert not [column.code for column in shown if isinstance(column.value(row), SafeString)]

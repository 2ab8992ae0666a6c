"""Tables in forms: where they come from, what is said at which cell, and what nobody can break with."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from people.actors import Actor
from workflow.forms import Line
from workflow.models import Record
from workflow.rows import RowForm, Rows, TableForm

pytestmark = pytest.mark.kernel


class _Row(RowForm):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = Line(label="Name")
    count = forms.IntegerField(label="Count", required=False)


class _Form(TableForm):
    title = Line(label="Title", required=False)
    things = Rows(_Row, most=3)


def form(data: Any = None, **initial: Any) -> _Form:
    return _Form(data, record=Record(), actor=Actor(None), at=clock.now(), initial=initial)


def said(data: Any) -> Any:
    asked = form(data)
    assert asked.is_valid(), asked.errors
    return asked.cleaned_data["things"]


def test_a_page_sends_cells_and_python_a_list_and_both_say_the_same() -> None:
    page = QueryDict("things=&things-7-name=b&things-7-count=2&things-2-name=a&things-2-key=5&other-1-name=x")
    rows = ({"key": 5, "name": "a", "count": None}, {"key": None, "name": "b", "count": 2})
    assert said(page) == rows
    assert said({"things": [{"name": "a", "key": 5}, {"name": "b", "count": 2}]}) == rows


def test_rows_in_which_nothing_stands_are_dropped_whatever_they_hide() -> None:
    assert said({"things-0-key": "5", "things-0-name": "  ", "things-1-name": "a"}) == (
        {"key": None, "name": "a", "count": None},
    )
    assert said({"things": []}) == ()


def test_what_is_wrong_is_said_at_its_row_and_cell_and_what_was_typed_stays() -> None:
    asked = form(QueryDict("things-0-name=a&things-4-count=many"))
    assert not asked.is_valid()
    assert sorted(asked.errors) == ["things", "things-1-count", "things-1-name"]
    drawn = str(asked["things"])
    assert 'value="many"' in drawn
    assert 'name="things-1-count"' in drawn


def test_a_form_can_find_fault_with_a_cell_after_all_rows_were_read() -> None:
    class Strict(_Form):
        def clean(self) -> Any:
            found = super().clean()
            self.fault("things", 0, "name", "not this one")
            self.fault("things", 1, None, "nor this row")
            return found

    asked = Strict({"things": [{"name": "a"}, {"name": "b"}]}, record=Record(), actor=Actor(None), at=clock.now())
    assert not asked.is_valid()
    assert asked.errors["things-0-name"] == ["not this one"]
    assert asked.errors["things-1"] == ["nor this row"]


def test_a_table_that_is_too_long_is_refused_as_a_whole() -> None:
    asked = form({"things": [{"name": str(n)} for n in range(4)]})
    assert not asked.is_valid()
    assert list(asked.errors) == ["things"]


def test_what_stands_there_to_begin_with_is_drawn_and_a_row_to_make_more_from() -> None:
    drawn = str(form(things=[{"key": 3, "name": "first"}])["things"])
    assert 'value="first"' in drawn
    assert 'name="things-__row__-name"' in drawn


def test_whoever_sends_no_table_is_told_from_whoever_sends_an_empty_one() -> None:
    omitted = _Form.base_fields["things"].widget.value_omitted_from_data
    assert omitted({}, {}, "things")
    assert not omitted({"things": ""}, {}, "things")
    assert not omitted({"things-0-name": ""}, {}, "things")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(sent=anything, cell=anything)
def test_whatever_is_sent_is_answered_and_never_breaks(sent: Any, cell: Any) -> None:
    form({"things": sent}).is_valid()
    form({"things": [{"name": cell, "count": cell, "key": cell}]}).is_valid()
    form({"things-0-name": str(cell), "things-999999-count": str(cell), "things-1-": "x"}).is_valid()

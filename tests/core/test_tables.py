"""Tables: which columns are shown, what is followed for them, and how they are ordered."""

from __future__ import annotations

from typing import Any

from core.tables import Column, Table

KNOWN = {code: Column(code, code.title(), lambda row: row, sort=("pk",)) for code in ("number", "title")}


class Books(Table):
    columns = ("number", "title", Column("author", "Author", lambda row: row, css="keep wide", related=("author",)))
    more = (Column("shelf", "Shelf", lambda row: row, sort=("shelf_id",), related=("shelf", "shelf__room")),)


def shown(*chosen: str) -> list[str]:
    return [column.code for column in Books(KNOWN, chosen=chosen).shown]


def test_the_usual_columns_unless_others_are_chosen() -> None:
    assert shown() == shown("nonsense") == ["number", "title", "author"]
    assert shown("shelf", "number", "shelf") == ["shelf", "number"]


def test_the_number_is_always_there_since_it_leads_to_the_record() -> None:
    assert shown("shelf") == ["number", "shelf"]


def test_only_what_is_shown_is_followed() -> None:
    assert Books(KNOWN).related == ("author",)
    assert Books(KNOWN, chosen=["title"]).related == ()
    assert Books(KNOWN, chosen=["shelf"]).related == ("shelf", "shelf__room")


def test_what_somebody_has_chosen_is_shown_on_every_screen() -> None:
    assert Books(KNOWN).shown[2].css == "keep wide"
    assert Books(KNOWN, chosen=["author"]).shown[1].css == "keep"


def test_a_list_can_be_ordered_by_what_it_offers_and_by_nothing_else() -> None:
    assert Books(KNOWN, "-shelf").ordering() == ["-shelf_id", "-pk"]
    assert Books(KNOWN, "author").ordering() == Books(KNOWN, "password").ordering() == ["-pk", "-pk"]


def test_a_cell_may_stand_before_all_columns() -> None:
    table: Any = Books(KNOWN)
    assert "<tr><td>&</td><td" in table.body(["<i>"], first=lambda _row: "<td>&</td>")
    assert "&lt;i&gt;" in table.body(["<i>"])

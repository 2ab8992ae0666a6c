"""Which pages of a file belong together, and which belong to nothing."""

from __future__ import annotations

import pytest

from scans.models import Why
from scans.sorting import Seen, sort


def pages(*said: object) -> list[Seen]:
    """`(1, 2)`: page 2 of document 1; None: no code; "b": blank; "?": a code of nothing; "2x": codes of several."""
    made = []
    for number, what in enumerate(said, 1):
        if isinstance(what, tuple):
            made.append(Seen(number, what[0], what[1]))
        else:
            why = {"?": Why.UNKNOWN, "2x": Why.SEVERAL}.get(str(what), "")
            made.append(Seen(number, why=why, blank=what == "b"))
    return made


def sorted_as(*said: object) -> list[tuple[int | str, list[int]]]:
    return [(group.document or group.why, [page.number for page in group.pages]) for group in sort(pages(*said))]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (((1, 1), (1, 2), (2, 1)), [(1, [1, 2]), (2, [3])]),
        (((1, 2), (1, 1)), [(1, [2, 1])]),
        (((1, 1), (2, 1), (1, 2), (3, 1)), [(1, [1, 3]), (2, [2]), (3, [4])]),
        (((1, 1), None, (1, 3)), [(1, [1, 2, 3])]),
        (((1, 3), None, (1, 1)), [(1, [3, 1, 2])]),
        (((1, 1), None, (2, 1)), [(1, [1]), ("no_code", [2]), (2, [3])]),
        (((1, 1), None), [(1, [1]), ("no_code", [2])]),
        ((None, (1, 1)), [("no_code", [1]), (1, [2])]),
        ((None, None), [("no_code", [1, 2])]),
        (((1, 1), "?", (1, 2)), [(1, [1, 3]), ("unknown", [2])]),
        (((1, 1), None, "?", (1, 2)), [(1, [1, 4]), ("no_code", [2]), ("unknown", [3])]),
        (("?", None), [("unknown", [1]), ("no_code", [2])]),
        (("2x", (1, 1)), [("several", [1]), (1, [2])]),
        (((1, 1), "b", (2, 1), "b"), [(1, [1, 2]), (2, [3, 4])]),
        (((1, 1), None, "b"), [(1, [1]), ("no_code", [2, 3])]),
        (((1, 1), (1, 1)), [(1, [1, 2])]),
    ],
)
def test_pages_go_where_their_codes_say_and_others_only_where_it_is_plain(
    said: tuple[object, ...], meant: list[tuple[int | str, list[int]]]
) -> None:
    assert sorted_as(*said) == meant


def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    said = ((1, 2), None, "b", (2, 1), "?", None, (2, 2), (1, 1), "2x", "b", None)
    (every,) = [sorted(number for _what, numbers in sorted_as(*said) for number in numbers)]
    assert every == list(range(1, len(said) + 1))


def test_which_pages_came_is_told_in_their_order() -> None:
    (group,) = sort(pages((1, 3), (1, 1), None, (1, 1)))
    assert group.sheets == [1, 1, 3]

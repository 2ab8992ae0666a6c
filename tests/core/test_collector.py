"""The collector of garbage: what is loaded is left alone, and whoever puts it off leaves it as it was."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from core import collector

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Other tests keep the collector that they had."""
    rounds = gc.get_threshold()
    yield
    gc.set_threshold(*rounds)
    gc.enable()


def test_what_is_loaded_is_looked_through_no_more() -> None:
    loaded = [object(), {}]
    gc.set_threshold(700, 10, 10)
    collector.calm()
    assert not any(each is loaded for each in gc.get_objects())
    assert gc.isenabled()
    assert gc.get_threshold()[0] > 700


def test_it_is_put_off_inside_and_back_after_a_failure_too() -> None:
    with pytest.raises(ZeroDivisionError), collector.undisturbed():
        _ = 1 / gc.isenabled()
    assert gc.isenabled()


def test_one_inside_another_does_not_put_it_on() -> None:
    with collector.undisturbed():
        with collector.undisturbed():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()

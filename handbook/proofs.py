"""Which tests prove a rule: read from `data/proofs.json`, which `make proofs` gathers from the tests themselves."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


def carrying(rule_id: str) -> tuple[str, ...]:
    """The tests that carry a rule's mark, as file and name, such as `tests/tickets/test_work.py::test_x`."""
    return _gathered().get(rule_id, ())


@cache
def _gathered() -> dict[str, tuple[str, ...]]:
    text = files("handbook").joinpath("data", "proofs.json").read_text(encoding="utf-8")
    return {rule: tuple(tests) for rule, tests in json.loads(text).items()}

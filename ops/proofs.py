"""Gathers which test carries the mark of which rule of the handbook into `handbook/data/proofs.json`.

The handbook's pages name the tests of every rule also where the tests themselves are not installed. `--check` only says
whether the file is what the tests say today.
"""

from __future__ import annotations

import ast
import json
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

from ops import setup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITTEN = setup.ROOT / "handbook" / "data" / "proofs.json"


def gathered(root: Path) -> dict[str, list[str]]:
    """The tests of each rule, in the order of rules, files and lines."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((root / "tests").rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for test, rules in _marked(tree.body, _of_module(tree)):
            for rule in rules:
                found[rule].append(f"{file.relative_to(root)}::{test}")
    return {rule: found[rule] for rule in sorted(found)}


def _marked(body: list[ast.stmt], outer: list[str], place: str = "") -> Iterator[tuple[str, list[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            rules = [*outer, *_named(node.decorator_list)]
            yield from _marked(node.body, rules, f"{place}{node.name}::")
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"{place}{node.name}", list(dict.fromkeys([*outer, *_named(node.decorator_list)]))


def _of_module(tree: ast.Module) -> list[str]:
    marks = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)
    ]
    return _named(marks)


def _named(marks: list[ast.expr]) -> list[str]:
    """The rules that `pytest.mark.rule(...)` names anywhere in the marks, parameters' own marks included."""
    calls = [node for mark in marks for node in ast.walk(mark) if isinstance(node, ast.Call) and _is_mark(node.func)]
    return [word.value for call in calls for word in call.args if isinstance(word, ast.Constant)]  # type: ignore[misc]


def _is_mark(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "rule"
        and isinstance(called.value, ast.Attribute)
        and called.value.attr == "mark"
    )


def text(root: Path) -> str:
    """The file as it should be."""
    return json.dumps(gathered(root), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or compare it; returns the exit code."""
    wanted = text(setup.ROOT)
    if "--check" not in sys.argv[1:]:
        WRITTEN.write_text(wanted, encoding="utf-8")
        return 0
    if not WRITTEN.exists() or WRITTEN.read_text(encoding="utf-8") != wanted:
        print(f"{WRITTEN.name} is out of date: run `make proofs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

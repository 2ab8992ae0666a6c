"""Sizes stay honest: a mirror, not a goal. What is one thing may be longer, with its reason."""

from __future__ import annotations

import ast

from tests.architecture.house import exempt, sources

FILE, FUNCTION, CLASS = 400, 40, 200
ONE_LIFE = "a flow is read on one screen after another, as one life: splitting it would hide the life"
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
LONG_CLASSES = {
    "tickets/flow/ticket.py TicketFlow": ONE_LIFE,
    "demo/ticket_story.py TicketStory": "one story told from its beginning to its end, verb by verb",
}


def test_no_file_is_longer_than_400_lines() -> None:
    found = {
        source.name: f"{len(source.lines)} lines"
        for source in sources(".py", ".html", ".css", ".js", tests=True)
        if len(source.lines) > FILE and not source.is_first_migration
    }
    exempt(found, LONG_FILES)


def _longer(kinds: tuple[type[ast.stmt], ...], limit: int) -> dict[str, str]:
    return {
        f"{source.name} {node.name}": f"{length} lines"
        for source in sources(".py", tests=True)
        if not source.is_first_migration
        for node in ast.walk(source.tree)
        if isinstance(node, kinds) and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > limit
    }


def test_no_function_is_longer_than_40_lines() -> None:
    exempt(_longer((ast.FunctionDef, ast.AsyncFunctionDef), FUNCTION), LONG_FUNCTIONS)


def test_no_class_is_longer_than_200_lines() -> None:
    exempt(_longer((ast.ClassDef,), CLASS), LONG_CLASSES)

"""Texts stand in the sources in such a way that they can be collected and read in more than one language."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ops.setup import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = (
    "batches", "calendars", "core", "customers", "decisions", "demo", "desk", "documents", "duty", "exports",
    "forms_templates", "handbook", "invitations", "jira", "knowledge", "lists",
    "notifications", "people", "portal", "reactions", "reports", "scans", "search", "serviceops", "tickets",
    "vault", "workflow",
)  # fmt: skip
_NOW = {"gettext", "ngettext", "pgettext"}
_LATER = {"gettext_lazy", "ngettext_lazy", "pgettext_lazy"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file of the product, parsed."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def called(module: ast.Module, functions: set[str]) -> set[str]:
    """The names under which a module knows some of Django's translating functions."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in functions
    }


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """The calls of functions of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def test_no_text_stands_inside_an_f_string_where_it_is_not_collected() -> None:
    found = [
        f"{path}:{node.lineno} {ast.unparse(call)}"
        for path, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.JoinedStr)
        for call in calls(node, called(module, _NOW | _LATER))
    ]
    assert found == []


def test_no_text_is_put_together_before_it_is_translated() -> None:
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)}"
        for path, module in sources()
        for call in calls(module, called(module, _NOW | _LATER))
        if call.args and not isinstance(call.args[0], ast.Constant)
    ]
    assert found == []


def test_no_text_is_translated_once_for_all_when_a_module_is_read() -> None:
    """At that time nobody has asked for a language yet: such a text would be Chinese for everybody."""
    found = []
    for path, module in sources():
        names = called(module, _NOW)
        for node in _at_import(module):
            found += [f"{path}:{call.lineno} {ast.unparse(call)}" for call in calls(node, names)]
    assert found == []


def _at_import(module: ast.Module) -> Iterator[ast.AST]:
    """What runs when a module is read: everything but the bodies of functions."""
    waiting: list[ast.AST] = [module]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if isinstance(node, ast.Call):
                yield node
            else:
                waiting.append(node)

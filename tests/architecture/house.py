"""The project's own files, as text and as syntax trees, for tests that look at how it is built."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROCESS_APPS = ("tickets", "knowledge", "contracts", "execution")
PACKAGES = (
    "batches",
    "bench",
    "calendars",
    "contracts",
    "core",
    "customers",
    "decisions",
    "demo",
    "desk",
    "documents",
    "duty",
    "execution",
    "exports",
    "forms_templates",
    "handbook",
    "invitations",
    "jira",
    "knowledge",
    "lists",
    "notifications",
    "ops",
    "people",
    "portal",
    "reactions",
    "reports",
    "scans",
    "search",
    "serviceops",
    "tickets",
    "vault",
    "workflow",
)
OTHERS = ("assets", "docs", "locale", "templates", "tests")
_NOT_OURS = {"__pycache__", "node_modules", "vendor"}


@dataclass(frozen=True)
class Source:
    """One file. `name` is its path from the root, with slashes."""

    name: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @property
    def package(self) -> str:
        """The top folder that it lies in."""
        return self.name.partition("/")[0]

    @property
    def is_first_migration(self) -> bool:
        """Whether Django wrote it."""
        return "/migrations/0" in self.name

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    def strings(self) -> list[ast.Constant]:
        """The texts in it that are not documentation."""
        spoken = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        return [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken
        ]


@cache
def sources(*endings: str, tests: bool = False) -> tuple[Source, ...]:
    """Every file of the project with one of these endings; with those of the tests only when asked."""
    tops = (*PACKAGES, *(top for top in OTHERS if tests or top != "tests"))
    found = [
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for top in tops
        for path in sorted((ROOT / top).rglob("*"))
        if path.suffix in endings and path.is_file() and _NOT_OURS.isdisjoint(path.parts)
    ]
    assert found, "the project's files are where this module looks for them"
    return tuple(found)


def exempt(found: dict[str, str], allowed: dict[str, str]) -> None:
    """Fail with what was found and is not allowed, and with what is allowed and is not there any more."""
    assert all(allowed.values()), "every exemption has its reason"
    assert {name: what for name, what in found.items() if name not in allowed} == {}
    assert set(allowed) - set(found) == set(), "exemptions that nobody needs any more"

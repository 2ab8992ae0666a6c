"""A process app has no rooms but those that everybody knows. That imports go down only is one of the static checks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.house import PROCESS_APPS, sources

FURNITURE = {
    "__init__",
    "admin",
    "apps",
    "documents",
    "events",
    "filtersets",
    "flow",
    "forms",
    "measures",
    "models",
    "notices",
    "panels",
    "portal",
    "process",
    "seeds",
    "services",
    "tables",
    "tasks",
    "urls",
    "views",
}
FOLDERS = {"documents", "flow", "forms", "management", "migrations", "models", "templates", "templatetags", "views"}


@pytest.mark.parametrize("app", PROCESS_APPS)
def test_a_process_app_has_only_the_files_that_every_process_app_has(app: str) -> None:
    paths = [Path(source.name).relative_to(app) for source in sources(".py") if source.package == app]
    assert {path.stem for path in paths if len(path.parts) == 1} <= FURNITURE
    assert {path.parts[0] for path in paths if len(path.parts) > 1} <= FOLDERS


def test_no_file_is_named_after_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "misc", "common_utils", "tools", "stuff"}
    assert [source.name for source in sources(".py", tests=True) if Path(source.name).stem in empty_words] == []


def test_only_the_kernel_knows_django_fsm() -> None:
    knows = {source.name for source in sources(".py") if "django_fsm" in source.text and not source.is_first_migration}
    assert knows == {"workflow/engine.py", "workflow/flow.py", "workflow/models/record.py"}


def test_a_flow_is_pure() -> None:
    forbidden = re.compile(r"\.objects\b|\.(filter|save|create|update|delete)\(|\brequests\b|\bopen\(")
    lives = re.compile(rf"({'|'.join(PROCESS_APPS)})/flow(\.py|/.*)")
    flows = [source for source in sources(".py") if lives.fullmatch(source.name)]
    assert flows
    assert {source.name: hit.group() for source in flows if (hit := forbidden.search(source.text))} == {}

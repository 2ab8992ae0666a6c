"""Imports go down only, and a process app has no rooms but those that everybody knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import PROCESS_APPS, ROOT, sources

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
FOLDERS = {"forms", "management", "migrations", "templates", "templatetags"}


def test_imports_go_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


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
    flows = [source for source in sources(".py") if source.name in {f"{app}/flow.py" for app in PROCESS_APPS}]
    assert flows
    assert {source.name: hit.group() for source in flows if (hit := forbidden.search(source.text))} == {}

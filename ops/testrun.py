"""`make test`: everything that must hold, in stages, with one closing line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ops import setup
from ops.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def has_postgresql() -> bool:
    """Whether PostgreSQL's server programs are installed."""
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb"))


_PACKAGES: dict[str, Callable[[], bool]] = {
    "postgresql": has_postgresql,
    "chromium-headless-shell": lambda: bool(shutil.which("chromium-headless-shell") or shutil.which("chromium")),
    "fonts-noto-cjk": lambda: Path("/usr/share/fonts/opentype/noto").exists(),
    "gettext": lambda: bool(shutil.which("xgettext")),
}


@dataclass
class Count:
    """How many tests did what."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Count) -> None:
        """Add another stage's count."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def prepare() -> None:
    """The virtual environment with the development extras, servers, browser, assets and messages."""
    setup.check_python()
    setup.environment(dev=True)
    setup.debian_packages({package: there() for package, there in _PACKAGES.items()})
    setup.printing_libraries()
    setup.front_end()
    setup.translations()


CHECKS: dict[str, list[object]] = {
    "ruff": [setup.VENV / "bin" / "ruff", "check", "."],
    "format": [setup.VENV / "bin" / "ruff", "format", "--check", "."],
    "types": [setup.VENV / "bin" / "mypy", "."],
    "layers": [setup.VENV / "bin" / "lint-imports"],
    "templates": [setup.VENV / "bin" / "djlint", "templates", *setup.ROOT.glob("*/templates"), "--lint", "--quiet"],
    "django": [setup.python(), "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [setup.python(), "manage.py", "makemigrations", "--check", "--dry-run"],
    "messages": [setup.python(), "-m", "ops.messages"],
    "charts": [setup.python(), "manage.py", "draw_flows", "--check"],
    "proofs": [setup.python(), "-m", "ops.proofs", "--check"],
}


def check() -> Count:
    """Run every static check, two at a time; each counts as one test."""
    count = Count()
    with ThreadPoolExecutor(2) as pool:
        for name, seconds, done in pool.map(_checked, CHECKS.items()):
            if done.returncode:
                count.failed += 1
                print(f"{name}: FAILED ({seconds:.0f} s)\n{done.stdout[-6000:]}{done.stderr[-6000:]}", flush=True)
            else:
                count.passed += 1
                print(f"{name}: ok ({seconds:.0f} s)", flush=True)
    return count


def _checked(named: tuple[str, list[object]]) -> tuple[str, float, subprocess.CompletedProcess[str]]:
    name, command = named
    started = time.monotonic()
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=setup.ROOT, capture_output=True, text=True, check=False)
    return name, time.monotonic() - started, done


@dataclass(frozen=True)
class Ground:
    """What the stages share: databases that are migrated already, of which each process of a test makes copies."""

    postgresql: dict[str, str]
    sqlite: dict[str, str]

    def till(self) -> None:
        """Migrate from nothing once, and not for every process; without it they do so themselves."""
        for env in (self.postgresql, self.sqlite):
            if "SERVICEOPS_MIGRATED" in env:
                command = [str(setup.python()), "-m", "tests.support.migrated"]
                subprocess.run(command, cwd=setup.ROOT, env={**os.environ, **env}, check=False)


@contextmanager
def ground() -> Iterator[Ground]:
    """A server of the run's own, unless DATABASE_URL names one, and a folder."""
    with tempfile.TemporaryDirectory(prefix="serviceops-test-") as folder:
        here = {"SERVICEOPS_MIGRATED": folder}
        lite = {**here, "DATABASE_URL": f"sqlite:///{folder}/test.sqlite3"}
        if "DATABASE_URL" in os.environ:
            yield Ground({}, lite)
            return
        cluster = Cluster().start()
        try:
            yield Ground({**here, "DATABASE_URL": cluster.url()}, lite)
        finally:
            cluster.destroy()


def pytest(name: str, *options: str, env: dict[str, str] | None = None, silent: bool = False) -> Count:
    """One run of pytest; returns what its report counts. What a silent one has to say is said when it has ended."""
    if not silent:
        setup.say(name)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [str(setup.python()), "-m", "pytest", "-q", f"--junitxml={report}", *options]
        done = subprocess.run(
            command, cwd=setup.ROOT, env={**os.environ, **(env or {})}, capture_output=silent, text=True, check=False
        )
        if silent:
            setup.say(name)
            print(done.stdout, done.stderr, flush=True)
        return counted(report, done.returncode)


def counted(report: Path, code: int) -> Count:
    """What a report in JUnit's form counts; an exit code that no failure explains is one failure itself."""
    if not report.exists():
        return Count(failed=1)
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
    assert suite is not None
    total, failures, errors, skipped = (int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped"))
    bad = failures + errors
    return Count(total - bad - skipped, bad or int(code != 0), skipped)


def tests(on: Ground) -> Count:
    """All tests. Processes that are started and killed wait most of the time: they do it beside the others."""
    count = Count()
    with ThreadPoolExecutor(1) as beside:
        # The databases go with their cluster: nothing is dropped while a browser's last request may still hold it.
        killing = ("-m", "chaos", "--reuse-db")
        killed = beside.submit(pytest, "processes that are killed", *killing, env=on.postgresql, silent=True)
        both = ("-n", "2", "--dist", "worksteal")
        wanted = ("-m", "not chaos", "--reuse-db")
        count.add(pytest("on PostgreSQL, with a browser", *both, *wanted, env=on.postgresql))
        count.add(pytest("the kernel on SQLite", *both, "-m", "kernel", env=on.sqlite))
        count.add(killed.result())
    return count


def main() -> int:
    """Run the stages that are asked for (all by default); returns the exit code."""
    asked = set(sys.argv[1:]) or {"check", "tests"}
    try:
        prepare()
    except setup.SetupError as error:
        print(f"\n{error}\n", file=sys.stderr, flush=True)
        print("0 passed, 1 failed")
        return 1
    count = Count()
    started = time.monotonic()
    with ExitStack() as stack:
        on = stack.enter_context(ground()) if "tests" in asked else None
        tilling = threading.Thread(target=on.till) if on else None
        if tilling:
            tilling.start()
        if "check" in asked:
            setup.say("static checks")
            count.add(check())
        if on and tilling:
            tilling.join()
            count.add(tests(on))
    print(f"\n{time.monotonic() - started:.0f} seconds, {count.skipped} skipped")
    print(f"{count.passed} passed, {count.failed} failed")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())

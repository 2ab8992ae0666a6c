"""How `make test` counts: nothing that went wrong may be lost from the closing line."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from ops import setup, testrun
from ops.testrun import Count

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("numbers", "code", "expected"),
    [
        ('tests="9" failures="0" errors="0" skipped="0"', 0, Count(9)),
        ('tests="9" failures="2" errors="1" skipped="1"', 1, Count(5, 3, 1)),
        ('tests="9" failures="0" errors="0" skipped="0"', 3, Count(9, 1)),
        ('tests="0" failures="0" errors="0" skipped="0"', 5, Count(0, 1)),
    ],
)
def test_a_report_is_counted_and_an_unexplained_exit_code_is_a_failure(
    tmp_path: Path, numbers: str, code: int, expected: Count
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite {numbers}/></testsuites>")
    assert testrun.counted(report, code) == expected


def test_a_run_without_a_report_is_a_failure(tmp_path: Path) -> None:
    assert testrun.counted(tmp_path / "none.xml", 0) == Count(failed=1)


def test_each_static_check_counts_and_a_failed_one_shows_what_it_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testrun, "CHECKS", {"good": ["true"], "bad": ["sh", "-c", "echo the reason; exit 1"]})
    assert testrun.check() == Count(1, 1)
    assert "the reason" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("counts", "code", "line"),
    [([Count(3), Count(2)], 0, "5 passed, 0 failed"), ([Count(3, 1)], 1, "3 passed, 1 failed")],
)
def test_the_last_line_is_the_sum_of_all_stages(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    counts: list[Count],
    code: int,
    line: str,
) -> None:
    stages = iter(counts)
    monkeypatch.setattr("sys.argv", ["testrun"])
    monkeypatch.setattr(testrun, "prepare", lambda: None)
    monkeypatch.setattr(testrun, "ground", lambda: nullcontext(testrun.Ground({}, {})))
    monkeypatch.setattr(testrun, "check", lambda: next(stages))
    monkeypatch.setattr(testrun, "pytest", lambda *_, **__: next(stages, Count()))
    assert testrun.main() == code
    assert capsys.readouterr().out.splitlines()[-1] == line


def test_a_set_up_that_fails_is_counted_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def prepare() -> None:
        raise setup.SetupError("no network")

    monkeypatch.setattr(testrun, "prepare", prepare)
    assert testrun.main() == 1
    told = capsys.readouterr()
    assert "no network" in told.err
    assert told.out.splitlines()[-1] == "0 passed, 1 failed"

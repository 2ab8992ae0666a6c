"""Which test proves which rule is gathered from the tests themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook import catalogue
from handbook.proofs import carrying
from ops import proofs, setup

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SOURCE = """
import pytest

pytestmark = [pytest.mark.django_db, MARK("AAA-01")]


@MARK("AAA-02", "AAA-03")
def test_of_two() -> None: ...


@pytest.mark.parametrize("n", [pytest.param(1, marks=MARK("AAA-04")), 2])
def test_of_a_parameter(n) -> None: ...


@MARK("AAA-05")
class TestMany:
    def test_inside(self) -> None: ...

    def not_a_test(self) -> None: ...


def rule(name): ...


rule("AAA-06")
""".replace("MARK", "pytest.mark.rule")


def test_marks_of_functions_parameters_classes_and_modules_are_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_some.py").write_text(SOURCE)
    file = "tests/test_some.py"
    everything = [f"{file}::{name}" for name in ("test_of_two", "test_of_a_parameter", "TestMany::test_inside")]
    assert proofs.gathered(tmp_path) == {
        "AAA-01": everything,
        "AAA-02": everything[:1],
        "AAA-03": everything[:1],
        "AAA-04": everything[1:2],
        "AAA-05": everything[2:],
    }


def test_the_file_that_the_pages_read_is_what_the_tests_say() -> None:
    assert proofs.WRITTEN.read_text(encoding="utf-8") == proofs.text(setup.ROOT), "run `make proofs`"


def test_a_rules_tests_are_read_where_there_are_no_tests() -> None:
    assert any(name.startswith("tests/tickets/") for name in carrying("TKT-17"))
    assert carrying("NOT-99") == ()
    assert all(catalogue.rule(rule) for rule in proofs.gathered(setup.ROOT))


def test_the_check_says_whether_the_file_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proofs, "WRITTEN", tmp_path / "proofs.json")
    monkeypatch.setattr("sys.argv", ["proofs", "--check"])
    assert proofs.main() == 1
    assert "make proofs" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["proofs"])
    assert proofs.main() == 0
    monkeypatch.setattr("sys.argv", ["proofs", "--check"])
    assert proofs.main() == 0

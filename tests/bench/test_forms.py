"""What is measured of printed forms, and what its table says."""

from __future__ import annotations

from pathlib import Path

from bench import forms, report
from bench.report import Prints, Rival


def test_the_page_that_is_measured_is_one_page() -> None:
    assert forms.print_one().pages == 1


def test_rivals_print_the_same_page_in_the_same_fonts() -> None:
    page = forms._as_web_page()
    assert "清河理工大学" in page
    assert "regular.ttf" in page
    assert "break-inside: avoid" in page


def test_the_table_says_which_bars_are_kept_and_who_was_not_there() -> None:
    rivals = [Rival("Chromium", ["c"], Path(), 1 / 3, [0.9]), Rival("LibreOffice", [], Path(), 1 / 5)]
    told = "\n".join(report.prints(Prints(0.8, [0.1, 0.1], rivals, 12.3, [(100.0, 105.0), (100.0, 120.0)])))
    assert "ours is 1/9.0 PASS" in told
    assert "LibreOffice            is not installed" in told
    assert "12.3 forms a second" in told
    assert told.count("PASS") == 2
    assert told.count("MISS") == 1


def test_a_rival_that_is_nearly_as_fast_is_a_miss() -> None:
    rivals = [Rival("Chromium", ["c"], Path(), 1 / 3, [0.2])]
    assert "MISS" in "\n".join(report.prints(Prints(0.8, [0.1], rivals, 1, [])))

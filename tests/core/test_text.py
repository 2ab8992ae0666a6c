"""Text is made fit to store, compare and find, and its meaning is never changed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean_line, clean_text, digits, fold, initials

anything = st.text(st.characters(codec="utf-8"), max_size=80)


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(max_size=60))
def test_what_is_clean_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@given(anything)
def test_a_line_is_one_line_without_white_space_at_its_ends(text: str) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert line == line.strip()
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    "text",
    ["北京大学", "\u202eمرحبا\u202c", "a\u200bb", "👩‍👩‍👧‍👦", "𠮷", "<b>&amp;", "a\tb\nc", "नमस्ते", "（全角）"],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


def test_control_characters_go_and_line_ends_become_plain() -> None:
    assert clean_text("a\r\nb\rc\x00\x07\x1b\x7f\x85d\ud800") == "a\nb\ncd"
    assert clean_line("  a\t b \r\n c\u3000d ") == "a b c d"
    assert clean_text("e\u0301") == "\xe9"


def test_folding_makes_alike_what_people_take_for_alike() -> None:
    assert fold("ＡＢＣ１２３") == fold("abc123") == "abc123"
    assert fold("Straße") == fold("STRASSE")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("北京大学", "bjdx"),
        ("重庆大学", "cqdx"),
        ("MIT", "mit"),
        ("华东师范大学（上海）", "hdsfdxsh"),
        ("", ""),
        ("—", ""),
    ],
)
def test_initials_are_the_first_letters_of_pinyin(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_initials_of_a_very_long_name_end() -> None:
    assert len(initials("大" * 500)) == 64


def test_digits_are_kept_apart_by_number() -> None:
    assert digits("010-6275 1201", "", "＋86 138 0000 0000", "none") == "01062751201 8613800000000"

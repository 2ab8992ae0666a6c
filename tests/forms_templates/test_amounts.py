"""Amounts in capital numerals, written and read back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_templates.amounts import DIGITS, AmountError, capitals, figures

AMOUNTS = st.integers(min_value=0, max_value=99_999_999_999_999).map(lambda fen: Decimal(fen) / 100)
_PLACES = {"仟": 1_000, "佰": 100, "拾": 10, "": 1}


def _read(words: str) -> Decimal:
    """What a sum in words amounts to, by adding up what each digit is worth where it stands."""
    whole, _yuan, rest = words.removesuffix("整").rpartition("元")
    amount = Decimal(0)
    for digit, unit in re.findall(f"([{DIGITS}])([角分])", rest):
        amount += DIGITS.index(digit) * (Decimal("0.1") if unit == "角" else Decimal("0.01"))
    hundreds_of_millions, has_yi, low = whole.rpartition("亿")
    tens_of_thousands, has_wan, ones = low.rpartition("万")
    groups = ((hundreds_of_millions, 10**8, has_yi), (tens_of_thousands, 10**4, has_wan), (ones, 1, True))
    return amount + sum(_group(group) * worth for group, worth, there in groups if there)


def _group(words: str) -> int:
    found = re.findall(f"([{DIGITS[1:]}])([仟佰拾]?)", words)
    return sum(DIGITS.index(digit) * _PLACES[place] for digit, place in found)


@given(AMOUNTS)
def test_every_amount_can_be_read_back_from_its_words(amount: Decimal) -> None:
    assert _read(capitals(amount)) == amount


@given(AMOUNTS)
def test_figures_and_words_are_of_the_same_amount(amount: Decimal) -> None:
    assert Decimal(figures(amount).removeprefix("¥").replace(",", "")) == _read(capitals(amount))


@given(AMOUNTS)
def test_there_is_never_a_doubled_or_a_leading_zero(amount: Decimal) -> None:
    words = capitals(amount)
    assert "零零" not in words
    assert not words.startswith("零") or amount == 0
    assert not re.search("零[元万亿整]", words) or amount == 0


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("300000", "叁拾万元整"),
        ("0", "零元整"),
        ("10", "壹拾元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("-68000", "负陆万捌仟元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_are_written_as_banks_want_them(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["0.005", "1000000000000", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(AmountError):
        capitals(Decimal(amount))

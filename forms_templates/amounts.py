"""Amounts of money as contracts write them: ¥300,000.00 and 叁拾万元整 (forms.md G)."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_FULL = 1_000
"""From here on four digits begin with one that is no zero."""
_MOST = Decimal("999999999999.99")
_MINUS = "负"


class AmountError(ValueError):
    """No amount of money: more than two decimals, too much, or no number."""


def figures(amount: Decimal) -> str:
    """¥300,000.00."""
    _checked(amount)
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def capitals(amount: Decimal) -> str:
    """叁拾万元整: 整 after 元 and after 角, none after 分; 零 once where places are skipped.

    Raises AmountError for what is no amount in yuan, jiao and fen below a million millions.
    """
    _checked(amount)
    fen_in_all = int(abs(amount) * 100)
    yuan, jiao, fen = fen_in_all // 100, fen_in_all // 10 % 10, fen_in_all % 10
    words = f"{_integer(yuan)}元" if yuan or not fen_in_all else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        words += DIGITS[0]
    words += f"{DIGITS[fen]}分" if fen else "整"
    return (_MINUS if amount < 0 and fen_in_all else "") + words


def _checked(amount: Decimal) -> None:
    if not amount.is_finite() or abs(amount) > _MOST or amount != amount.quantize(Decimal("0.01")):
        msg = f"{amount} is no amount of money"
        raise AmountError(msg)


def _group(number: int) -> str:
    """Four digits in words."""
    words, gap = "", False
    for place in reversed(range(len(_PLACES))):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (DIGITS[0] if gap else "") + DIGITS[digit] + _PLACES[place]
        gap = False
    return words


def _integer(number: int) -> str:
    """The whole yuan in words, four digits at a time from the highest."""
    words, gap = "", False
    for power in reversed(range(len(_GROUPS))):
        group = number // 10_000**power % 10_000
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < _FULL):
            words += DIGITS[0]
        words += _group(group) + _GROUPS[power]
        gap = False
    return words or DIGITS[0]

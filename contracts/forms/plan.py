"""The payment plan against the amount: shares make 100 %, amounts make the whole, to the fen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

WHOLE, FEN = Decimal(100), Decimal("0.01")


def settled(rows: Sequence[dict[str, Any]], total: Decimal) -> list[dict[str, Any]]:
    """The instalments with both share and amount: of the two what was not given follows from the other.

    The last such instalment takes the rounding; what it cannot take off, the one before it does.
    """
    made = [dict(row) for row in rows]
    for row in made:
        if row["amount"] is None:
            row["amount"] = _rounded(total * row["share"] / WHOLE)
        elif row["share"] is None:
            row["share"] = _rounded(row["amount"] * WHOLE / total) if total else Decimal(0)
    _take_rest(made, rows, "amount", total, most=FEN * len(rows))
    _take_rest(made, rows, "share", WHOLE, most=FEN * len(rows))
    return made


def _take_rest(
    made: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]], name: str, whole: Decimal, *, most: Decimal
) -> None:
    reckoned = [new for new, row in zip(made, rows, strict=True) if row[name] is None]
    rest = whole - sum(row[name] for row in made)
    if abs(rest) > most:
        return
    for row in reversed(reckoned):
        taken = max(rest, -row[name])
        row[name] += taken
        rest -= taken


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(FEN, ROUND_HALF_UP)


def fault(rows: Sequence[dict[str, Any]], total: Decimal) -> str:
    """What does not add up, in words; empty if all does."""
    shares = sum((row["share"] for row in rows), Decimal(0))
    if shares != WHOLE:
        return _("The shares add up to %(sum)s %%, not to 100 %%.") % {"sum": shares}
    amounts = sum((row["amount"] for row in rows), Decimal(0))
    if amounts != total:
        said = {"sum": f"{amounts:,.2f}", "total": f"{total:,.2f}", "rest": f"{total - amounts:,.2f}"}
        return _("The amounts add up to %(sum)s; the contract's is %(total)s: %(rest)s are missing.") % said
    return ""


def as_typed(rows: Sequence[dict[str, Any]], total: Decimal) -> list[dict[str, Any]]:
    """The instalments as one goes on writing them: an amount that follows from the share is left to follow."""
    open_rows = [{**row, "amount": None} for row in rows]
    if not fault(rows, total) and settled(open_rows, total) == [dict(row) for row in rows]:
        return open_rows
    return [dict(row) for row in rows]

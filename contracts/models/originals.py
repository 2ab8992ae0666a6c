"""In how many originals a contract is made, and who keeps each: one half each party, the odd one ours."""

from __future__ import annotations

from forms_templates.amounts import DIGITS
from forms_templates.language import Holder

USUAL, LEAST, MOST = 4, 2, 8
"""In how many a contract is made unless it says otherwise, and how few and how many there can be."""
_THEIRS = ("customer", "customer_second", "customer_third", "customer_fourth")
_OURS = (
    Holder("乙方人事行政部", "Party B, HR and administration", key="hr"),
    Holder("乙方财务部", "Party B, finance department", key="finance"),
    Holder("乙方销售运营部", "Party B, sales operations", key="sales_ops"),
    Holder("乙方服务部", "Party B, service department", key="service"),
)


def shares(count: int) -> tuple[int, int]:
    """How many of so many originals the customer keeps, and how many we do."""
    return count // 2, count - count // 2


def in_words(count: int) -> str:
    """一式肆份，甲方执贰份，乙方执贰份."""
    theirs, ours = shares(count)
    return f"一式{DIGITS[count]}份，甲方执{DIGITS[theirs]}份，乙方执{DIGITS[ours]}份"


def holders(count: int) -> tuple[Holder, ...]:
    """Who keeps each of so many originals, in the order of their numbers."""
    theirs, ours = shares(count)
    found = [Holder("甲方", f"Party A, no. {number}", key=key) for number, key in enumerate(_THEIRS[:theirs], start=1)]
    return (*found, *_OURS[:ours])

"""Many years from one: whole lives that the gate has made are copied in bulk, so that benchmarks have their size.

A copy differs from its pattern in keys, numbers, times (by whole weeks), words and customer, and in nothing else.
"""

from demo.scale.runs import run

__all__ = ("run",)

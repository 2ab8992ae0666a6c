"""How far a substitution goes: for which processes, and up to which amount. What a process is, layers above say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from django.utils.functional import Promise

    Choices = list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Scope:
    """For which kinds of records (none named: all), and up to which amount in CNY (None: any)."""

    kinds: tuple[str, ...] = ()
    most: Decimal | None = None

    @property
    def whole(self) -> bool:
        """Whether it is for everything."""
        return not self.kinds and self.most is None

    def covers(self, kind: str, amount: Decimal | None = None) -> bool:
        """Whether it is for a record of a kind and amount; what has no amount is within every limit."""
        small = self.most is None or amount is None or amount <= self.most
        return small and (not self.kinds or kind in self.kinds)

    @property
    def words(self) -> str:
        """The scope as a reader is told it; empty for everything."""
        names = {code: str(label) for code, label in kinds()}
        said = [", ".join(names.get(code, code) for code in self.kinds)] if self.kinds else []
        if self.most is not None:
            said.append(_("up to CNY %(most)s") % {"most": f"{self.most:,.2f}"})
        return " · ".join(said)


EVERYTHING = Scope()
_supplied: list[Callable[[], Choices]] = []


def supply(choices: Callable[[], Choices]) -> None:
    """Let the layer that knows the processes name them: code and label."""
    _supplied[:] = [choices]


def kinds() -> Choices:
    """What a substitution can be for."""
    return _supplied[0]() if _supplied else []

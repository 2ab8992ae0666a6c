"""What every way out has in common: it is handed a parcel and gets it there, or says whether to try again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import timedelta

    from notifications.rendering import Message


class TemporaryFailureError(Exception):
    """It did not get there now; the text is for administrators and holds no secret.

    `after` is how long the other side asked to be left alone, if it did.
    """

    def __init__(self, text: str, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(text)


class PermanentFailureError(Exception):
    """It will never get there like this: a wrong address, a refused key. The text holds no secret."""


@dataclass(frozen=True)
class Parcel:
    """One message to one place. Several `messages` are a digest. A repeated try carries the same `key`.

    `more` is how many a digest tells of without naming them.
    """

    key: str
    address: str
    language: str
    messages: tuple[Message, ...]
    more: int = 0

    @property
    def count(self) -> int:
        """How many messages it tells of."""
        return len(self.messages) + self.more

    @property
    def digest(self) -> bool:
        """Whether it gathers several messages."""
        return len(self.messages) > 1


class Channel(Protocol):
    """A way out."""

    def send(self, parcel: Parcel) -> None:
        """Get it there. Raises TemporaryFailureError or PermanentFailureError."""

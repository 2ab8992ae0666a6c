"""What is to be printed, in one hand: the form, who issues it, the answers, and in which of its three states."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forms_templates.language import Form, Item, Section
    from forms_templates.models import Letterhead


class PrintingError(RuntimeError):
    """A page cannot be printed as it should be."""


class State(StrEnum):
    """Blank to fill by hand, prefilled with open cells, or complete."""

    BLANK = "blank"
    PREFILLED = "prefilled"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Verification:
    """By what a page is proved genuine: the short code, and the address that its QR code holds before `?p=<page>`."""

    code: str
    url: str

    @property
    def grouped(self) -> str:
        """The code as people read it: 7K3M-Q9TX-2B4D."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True, slots=True)
class Print:
    """The finished PDF."""

    pdf: bytes
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One original (`copy` of `form.copies`; 0 where originals are not told apart) of a form."""

    form: Form
    letterhead: Letterhead
    values: Mapping[str, Any]
    state: State
    number: str = ""
    copy: int = 0
    verify: Verification | None = None
    images: Mapping[str, bytes] = field(default_factory=dict)
    private: bool = True
    draft: bool = False
    by_hand_mm: int = 0
    """How high rows are into which somebody writes with a pen, on a dense form; 0: as high as the others."""

    @property
    def is_tight(self) -> bool:
        """Whether rows need no room but for what stands in them."""
        return self.form.tight and self.state == State.COMPLETE

    @property
    def is_letter(self) -> bool:
        """Whether it is running text and no table."""
        return self.form.layout in ("letter", "contract")

    @property
    def is_contract(self) -> bool:
        """Whether it is a letter of many pages with annexes."""
        return self.form.layout == "contract"

    @property
    def sections(self) -> list[Section]:
        """What is printed: without the company's own sections on the customer's copy."""
        return [section for section in self.form.sections if self.private or not section.private]

    def value(self, key: str) -> Any:
        """The answer to an item; None where there is none, and on a blank."""
        return None if self.state == State.BLANK else self.values.get(key)

    def struck(self, item: Item) -> bool:
        """Whether an open cell is struck out: on a complete form, where the answers say that it does not apply."""
        if self.state != State.COMPLETE or self.value(item.key) not in (None, "", []):
            return False
        condition = item.shown_when or item.required_when
        return condition is not None and not condition.holds(self.values)

    def beginning(self, item: Item) -> list[dict[str, Any]]:
        """The rows that a table has before anybody answers; on a blank all of them."""
        return item.beginning({} if self.state == State.BLANK else self.values)

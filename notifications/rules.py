"""How a process says who is told what: the declarations that its manifest carries in `Process.notices`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import Promise

    from workflow.models import Entry, Record
    from workflow.parties import Party

    Label = str | Promise
    When = Callable[[Any, Entry], bool]

ANY_VERB = "*"
PLACES = ("number", "title", "customer", "actor", "handler", "verb")
"""What the title of a notice can name, as `%(number)s`."""
_PLACE = re.compile(rf"%\((?:{'|'.join(PLACES)})\)s|%%")


class NoticeRuleError(ValueError):
    """A declaration that could not work."""


@dataclass(frozen=True)
class NoticeRule:
    """After one of the verbs, the parties are told. Of several rules that reach a person, the first one speaks."""

    on: tuple[str, ...]
    to: tuple[str, ...]
    kind: str
    title: Label
    rule: str = ""
    urgency: Urgency = Urgency.NORMAL
    when: When | None = None

    def made(self, verb: str, kind: str, rule: str) -> bool:
        """Whether a notice of that kind and rule after that verb may be this rule's."""
        return (self.kind, self.rule) == (kind, rule) and (verb in self.on or ANY_VERB in self.on)

    def speaks(self, record: Record, entry: Entry) -> bool:
        """Whether the rule applies to this act on this record; what becomes of deadlines is no act."""
        if entry.verb.startswith("deadline.") or (entry.verb not in self.on and ANY_VERB not in self.on):
            return False
        return self.when is None or self.when(record, entry)


def _nobody(record: Any) -> str:  # noqa: ARG001 - the default of a question about a record
    return ""


@dataclass(frozen=True)
class CustomerMail:
    """After public acts, the customer's contact is written to, with an administrator's words (MessageTemplate).

    `messages` gives the template of each verb, `address` where to write ("" for nowhere), `said` which answers of the
    verb's form the template may quote; nothing else of what was said leaves the house. `also` gives further addresses
    with the names of those who are written to besides.
    """

    messages: Mapping[str, str]
    address: Callable[[Any], str]
    person: Callable[[Any], str] = _nobody
    said: tuple[str, ...] = field(default=())
    also: Callable[[Any], Mapping[str, str]] = field(default=lambda record: {})  # noqa: ARG005 - nobody else


def notice(  # noqa: PLR0913 - a declaration is its whole story
    *,
    on: str | Sequence[str],
    to: Party | Iterable[Party],
    kind: str,
    title: Label,
    rule: str = "",
    urgency: Urgency = Urgency.NORMAL,
    when: When | None = None,
) -> NoticeRule:
    """Declare who is told after which verbs (`"*"`: every one). Raises NoticeRuleError for what could not work."""
    verbs = (on,) if isinstance(on, str) else tuple(on)
    codes = tuple(dict.fromkeys(code for party in _parties(to) for code in party.codes))
    if kind not in Kind.values:
        msg = f"{kind!r} is no kind of notice"
        raise NoticeRuleError(msg)
    if any(verb.startswith("deadline.") for verb in verbs):
        msg = "who is told of deadlines is said by their policies"
        raise NoticeRuleError(msg)
    if not verbs or not codes or set(codes) & {"system", "customer"}:
        msg = "a notice needs verbs, and parties of the staff; customers are told by CustomerMail"
        raise NoticeRuleError(msg)
    if "%" in _PLACE.sub("", str(title)):
        msg = f"the title {str(title)!r} names something else than {', '.join(PLACES)}"
        raise NoticeRuleError(msg)
    return NoticeRule(verbs, codes, Kind(kind), title, rule, urgency, when)


def _parties(to: Party | Iterable[Party]) -> Iterable[Party]:
    return to if not hasattr(to, "codes") else (to,)  # type: ignore[return-value]


DEADLINE_TITLES: dict[str, Label] = {
    "deadline.warned": _("%(number)s: “%(timer)s” is due at %(due)s"),
    "deadline.missed": _("%(number)s: “%(timer)s” was missed at %(due)s"),
    "deadline.escalated": _("%(number)s: “%(timer)s”, missed at %(due)s, is still open"),
}
DEADLINE_KINDS: dict[str, tuple[Kind, Urgency]] = {
    "deadline.warned": (Kind.DEADLINE, Urgency.NORMAL),
    "deadline.missed": (Kind.DEADLINE, Urgency.URGENT),
    "deadline.escalated": (Kind.ESCALATION, Urgency.URGENT),
}

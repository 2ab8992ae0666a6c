"""What customers are written: after public acts only, in an administrator's words, quoting only what may be quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from core.text import clean_text
from notifications.kinds import Kind
from notifications.models.templates import VARIABLES
from notifications.rendering import Message, moment
from notifications.rules import CustomerMail
from workflow import registry, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notifications.models import MessageTemplate
    from workflow.models import Entry, Record


_supplied: dict[str, tuple[tuple[str, ...], Callable[[Entry, Record, str], dict[str, str]]]] = {}


def supply(code: str, names: Sequence[str], words: Callable[[Entry, Record, str], dict[str, str]]) -> None:
    """Let a layer above put words into the mails of a template: read when a mail is written, and kept nowhere."""
    _supplied[code] = (tuple(names), words)


def mail_of(entry: Entry, record: Record) -> CustomerMail | None:
    """The declaration by which the customer is written to after an entry, if there is one that applies.

    Only public entries are told, and not to customers who did it themselves.
    """
    if not entry.public or (entry.actor is not None and entry.actor.is_customer):
        return None
    for declared in registry.get(record.kind).notices:
        if isinstance(declared, CustomerMail) and entry.verb in declared.messages:
            return declared
    return None


def addresses(declared: CustomerMail, record: Record) -> list[str]:
    """Where the customer is written to: the contact first, then those who are written to besides."""
    return [each for each in dict.fromkeys([declared.address(record), *declared.also(record)]) if each]


def variables_of(code: str) -> tuple[str, ...]:
    """The names that a template may use: those of all templates, and what processes let it quote."""
    quoted = [
        name
        for process in registry.all_processes()
        for declared in process.notices
        if isinstance(declared, CustomerMail) and code in declared.messages.values()
        for name in declared.said
    ]
    names, _words = _supplied.get(code, ((), None))
    return tuple(dict.fromkeys([*VARIABLES, *quoted, *names]))


def message_to_customer(entry: Entry, template: MessageTemplate, language: str, address: str = "") -> Message:
    """The mail after an entry, in a language, to an address. The entry carries its record; no link leads in."""
    record = entry.record.concrete
    declared = mail_of(entry, record)
    with override(language):
        said = entry.data.get("said", {}) if declared else {}
        values = {name: timeline.read(said[name]) for name in (declared.said if declared else ()) if name in said}
        values |= _values(entry, record, declared, address)
        if template.code in _supplied:
            values |= _supplied[template.code][1](entry, record, address)
        subject, body = template.filled({name: clean_text(text) for name, text in values.items()}, language)
        kind = str(Kind.PROGRESS.label)
    return Message(subject, tuple(body.split("\n")), "", kind, "", urgent=False, at=entry.at, thread=record.number)


def _values(entry: Entry, record: Record, declared: CustomerMail | None, address: str) -> dict[str, str]:
    process = registry.get(record.kind)
    states = dict(process.model.State.choices)  # type: ignore[attr-defined]  # every process's model is its flow
    return {
        "number": record.number,
        "title": record.title,
        "customer": record.customer.name if record.customer else "",
        "person": _person(declared, record, address) if declared else "",
        "state": str(states.get(entry.to_state, "")),
        "process": str(process.label),
        "at": moment(entry.at.isoformat()),
    }


def _person(declared: CustomerMail, record: Record, address: str) -> str:
    """Who is reached at an address."""
    if address in {"", declared.address(record)}:
        return declared.person(record)
    return declared.also(record).get(address) or declared.person(record)

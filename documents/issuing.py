"""Beginning a document: the one helper for pages, batches and demonstration data; which forms a record may issue."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from documents import recorded
from documents.models import Document
from forms_templates import catalogue
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from customers.models import Contact, Organisation
    from forms_templates.language import Form
    from people.actors import Actor
    from workflow.models import Record

_of_kind: dict[str, list[str]] = defaultdict(list)
TO_CUSTOMERS = (
    *("Serv301", "Serv302", "Serv304", "Serv501", "Serv502", "Serv503", "Serv103", "UpgradeNews", "UpgradePrep"),
    *("TrialDeal", "Dunning"),
)
"""Forms that are sent to a customer without any other record that they are about, the usual ones first."""


def issue(  # noqa: PLR0913 - what a document consists of
    form_code: str,
    *,
    about: Record | None = None,
    customer: Organisation | None = None,
    contact: Contact | None = None,
    actor: Actor,
    values: Mapping[str, Any] | None = None,
    replaces: Document | None = None,
    key: str | None = None,
) -> Document:
    """Begin a document of a form, filled in beforehand; `values` win over what the house knows.

    Customer and contact are those of the record that it is about, unless others are named. `key` makes a repeated
    request one document. Raises Refused.
    """
    named = {"about": about, "customer": customer, "contact": contact, "replaces": replaces}
    data: dict[str, Any] = {name: row.pk for name, row in named.items() if row is not None}
    said = {**data, "form": form_code, "values": dict(values or {})}
    made = perform(Document(), "issue", actor=actor, data=said, key=key)
    document: Document = made.record  # type: ignore[assignment] # the gate gives back what it was given
    return document


def let_issue(kind: str, *codes: str) -> None:
    """Say which forms the records of a process issue, the usual ones first."""
    _of_kind[kind].extend(code for code in codes if code not in _of_kind[kind])


def forms_for(record: Record) -> list[Form]:
    """The forms that a record issues, as far as the catalogue has them."""
    return _known(_of_kind.get(record.kind, ()))


def drafts_of(record: Record) -> list[Form]:
    """The forms that a record fills in alone: how they would look is shown before there is a document."""
    return _known(recorded.forms_of(record.kind))


def forms_for_customers() -> list[Form]:
    """The forms that a customer is sent without another record that they are about."""
    return _known(TO_CUSTOMERS)


def _known(codes: Iterable[str]) -> list[Form]:
    found = {form.code: form for form in catalogue.forms()}
    return [found[code] for code in codes if code in found]

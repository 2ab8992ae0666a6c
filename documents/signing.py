"""Signatures on the screen: who put which name, when and from where, and to which answers.

A signature covers what its party sees answered, and the party's own places: the customer's does not cover what the
company fills in later. An answer that it covers and that changes afterwards makes it void; the row stays.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from workflow.engine import perform

if TYPE_CHECKING:
    from datetime import datetime

    from customers.models import Contact
    from documents.models import Document
    from forms_templates.language import Form, Item
    from people.actors import Actor
    from workflow.flow import Act
    from workflow.models import Entry

UNCOVERED = frozenset({"signature", "seal", "approval", "clause"})
"""Kinds that no signature covers: whoever signs later takes nothing back from whoever signed before."""


def sign(  # noqa: PLR0913 - what a signature consists of
    document: Document,
    item: str,
    *,
    name: str,
    how: str,
    image: bytes = b"",
    contact: Contact | None = None,
    address: str | None = None,
    actor: Actor,
) -> Entry:
    """Put a name to a document. Raises Refused: not this place, not this person, not any more."""
    data = {"item": item, "name": name, "how": how, "image": b64encode(image).decode(), "address": address or ""}
    return perform(document, "sign", actor=actor, data={**data, "contact": contact.pk if contact else ""})


def missing(document: Document) -> list[Item]:
    """The places where somebody can sign on the screen and nobody has, with a signature that still holds."""
    if document.is_recorded:
        return []
    signed = _standing(document)
    return [item for item in document.definition.items() if item.online and item.key not in signed]


def signed_on_screen(document: Document) -> bool:
    """Whether nothing is left for paper: no seal, and every signature given on the screen."""
    wanted = [item for item in document.definition.items() if item.kind in {"signature", "seal"}]
    if document.is_recorded:
        return all(item.kind == "signature" and item.source for item in wanted)
    signed = _standing(document)
    return bool(wanted) and all(item.key in signed for item in wanted)


def images(document: Document) -> dict[str, bytes]:
    """The drawn signatures that hold, by the place on the form."""
    rows = document.signatures.filter(void_since__isnull=True)
    return {row.item: bytes(row.image) for row in rows if row.image}


def covered(form: Form, values: dict[str, Any], party: str) -> list[str]:
    """The places that a party's signature covers: those it sees answered, and its own, answered or not.

    So the company may still fill in its own places after the customer has signed; whatever the customer has read or has
    left empty, it may not.
    """
    return sorted(
        item.key
        for section in form.sections
        if not (section.private and party == "customer")
        for item in section.items
        if item.kind not in UNCOVERED and (item.key in values or (party == "customer" and item.is_customers))
    )


def covers(values: dict[str, Any], keys: list[str]) -> str:
    """The SHA-256 of the answers in some places."""
    said = {key: values.get(key) for key in keys}
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _standing(document: Document) -> set[str]:
    return set(document.signatures.filter(void_since__isnull=True).values_list("item", flat=True))


# --- called by the flow's verbs, under the record's lock --------------------------------------------------------------
def keep(document: Document, act: Act, said: dict[str, Any]) -> None:
    """Write a signature down; an earlier one in the same place no longer holds."""
    from documents.models import Signature

    item, name, how = said["item"], said["name"], said["how"]
    _void(document, {item}, act.at)
    keys = covered(document.definition, document.values, document.definition.item(item).party)
    Signature.objects.create(
        document=document,
        item=item,
        name=name,
        how=how,
        image=b64decode(said.get("image") or ""),
        signed_at=act.at,
        address=said.get("address") or None,
        user=act.actor.user,
        contact=said.get("contact"),
        keys=keys,
        covers=covers(document.values, keys),
    )
    document.values = {**document.values, item: {"name": name, "at": act.at.isoformat(), "how": how}}


def void_outdated(document: Document, at: datetime) -> None:
    """Say of signatures that no longer cover what stands there that they are void."""
    if document.pk is None:
        return
    held = document.signatures.filter(void_since__isnull=True)
    _void(document, {each.item for each in held if each.covers != covers(document.values, each.keys)}, at)


def void_all(document: Document, at: datetime) -> None:
    """The document is opened again: all that was signed is void."""
    _void(document, _standing(document), at)


def _void(document: Document, items: set[str], at: datetime) -> None:
    if not items:
        return
    document.signatures.filter(item__in=items, void_since__isnull=True).update(void_since=at)
    document.values = {key: value for key, value in document.values.items() if key not in items}

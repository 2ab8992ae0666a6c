"""Passwords that a form asks for: they go into the vault, and the answers only say where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms_templates.spoken import in_words
from vault.models import Access

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.fields import Secret
    from documents.models import Document
    from forms_templates.language import Form, Item

_WHOSE = ("account", "user", "login", "admin")
_WHERE = ("fqdn", "domain", "hostname", "host", "address", "url", "ip")


def keep(
    document: Document, item: Item, secret: Secret, whole: Mapping[str, Any], before: Any, at: datetime
) -> dict[str, Any]:
    """Put a password into the vault; the answer that stands for it. Typed again, it takes the place of the earlier."""
    known = Access.objects.filter(organisation=document.customer_id, pk=(before or {}).get("access") or 0).first()
    access = known or Access(organisation=document.customer)
    access.password, access.recorded_at, access.active = secret, at, True
    _name(access, document, item, whole)
    access.save()
    return {"kept": True, "access": access.pk}


def name_all(document: Document, form: Form, whole: Mapping[str, Any]) -> None:
    """Once the form is sent: name the details by the account and platform that were answered beside the passwords."""
    for item in form.items():
        kept = whole.get(item.key) if item.kind == "secret" else None
        access = Access.objects.filter(organisation=document.customer_id, pk=(kept or {}).get("access") or 0).first()
        if access is not None:
            _name(access, document, item, whole)
            access.save()


def _name(access: Access, document: Document, item: Item, whole: Mapping[str, Any]) -> None:
    form = document.definition
    near = list(form.section_of(item.key).items)
    before = near[: near.index(item)][::-1]
    account = _first([each for each in before if any(word in each.key for word in _WHOSE)], whole)
    place = _first([each for each in form.items() if each.is_customers and _says_where(each)], whole)
    access.username = (account or item.in_language())[:100]
    access.address = (place or document.number)[:200]


def _says_where(item: Item) -> bool:
    return item.kind == "text" and any(word in item.key.split("_") for word in _WHERE)


def _first(items: list[Item], whole: Mapping[str, Any]) -> str:
    return next((words for item in items if (words := in_words(item, whole.get(item.key)))), "")

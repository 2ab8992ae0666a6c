"""How a draft would look on paper: made by a worker, kept for minutes under what it was made of.

No request prints: a page asks, a worker makes it, and the page asks again until it is there. The same goes for a form
that a record fills in alone, before there is a document: `ask_about`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from core import clock
from documents import prefill, signing
from documents.models import Document
from forms_templates import computed, versions
from forms_templates.models import FormVersion, Letterhead
from people.actors import SYSTEM
from workflow.kick import wake
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forms_templates.language import Form
    from people.models import User

KEPT, ASKED_AGAIN = 600, 10
"""Seconds: for how long a preview is kept, and after how many a lost message is sent again."""
BLANK, NOW = "blank", "now"
_PROPOSED = "document-proposed:"


@dataclass(frozen=True)
class Preview:
    """What became of it: the PDF, or why there is none; neither while it is being made."""

    pdf: bytes = b""
    fault: str = ""

    @property
    def made(self) -> bool:
        """Whether there is an answer."""
        return bool(self.pdf or self.fault)


def ask(document: Document, state: str) -> Preview:
    """The preview if it is there; if not, a worker is asked for it."""
    key = _key(document, state)
    found: Preview | None = cache.get(key)
    if found is None and cache.add(f"{key}:asked", 1, timeout=ASKED_AGAIN):
        wake("documents.preview", document.pk, state)
    return found or Preview()


def ask_about(record: Record, form: str) -> Preview:
    """How a form about a record would look now. Raises UnknownForm."""
    draft = _drafted(record, form)
    key = _key(draft, NOW)
    found: Preview | None = cache.get(key)
    if found is None and cache.add(f"{key}:asked", 1, timeout=ASKED_AGAIN):
        wake("documents.preview_about", record.pk, form)
    return found or Preview()


def make_about(pk: int, form: str) -> None:
    """Print it, unless it is there already; called by a worker."""
    draft = _drafted(Record.objects.get(pk=pk), form)
    key = _key(draft, NOW)
    if cache.get(key) is None:
        cache.set(key, _printed(draft, NOW), timeout=KEPT)


def _drafted(record: Record, form: str) -> Document:
    """A document that nobody keeps, filled in with what the record knows now."""
    version, letterhead = versions.in_force(form), prefill.paper_of(record, form).head
    definition = version.definition
    contact = getattr(record.concrete, "contact", None)
    known = prefill.Known(record.customer, contact, record, letterhead, SYSTEM, clock.now())
    values = computed.completed(definition, prefill.answers(definition, known))
    return Document(form=form, form_version=version, letterhead=letterhead, values=values, parent=record)


def make(pk: int, state: str) -> None:
    """Print it, unless it is there already; called by a worker."""
    document: Any = Document.objects.select_related("letterhead").get(pk=pk)
    key = _key(document, state)
    if cache.get(key) is None:
        cache.set(key, _printed(document, state), timeout=KEPT)


# --- of a document that is not begun yet ------------------------------------------------------------------------------
def propose(version: FormVersion, letterhead: Letterhead, values: Mapping[str, Any], user: User) -> str:
    """Remember how a document would begin; returns the name by which its person, and nobody else, can look at it."""
    wish = {"version": version.pk, "letterhead": letterhead.pk, "values": dict(values), "by": user.pk}
    said = json.dumps(wish, sort_keys=True, ensure_ascii=False)
    name = sha256(said.encode()).hexdigest()
    cache.set(f"{_PROPOSED}{name}:wish", wish, timeout=KEPT)
    return name


def ask_proposed(name: str, user: User) -> Preview | None:
    """Its preview if it is there; if not, a worker is asked for it. None for what this person has not proposed."""
    key = f"{_PROPOSED}{name}"
    wish = cache.get(f"{key}:wish")
    if wish is None or wish["by"] != user.pk:
        return None
    found: Preview | None = cache.get(key)
    if found is None and cache.add(f"{key}:asked", 1, timeout=ASKED_AGAIN):
        wake("documents.preview_proposed", name)
    return found or Preview()


def make_proposed(name: str) -> None:
    """Print it, unless it is there already or not wanted any more; called by a worker."""
    key = f"{_PROPOSED}{name}"
    wish = cache.get(f"{key}:wish")
    if wish is None or cache.get(key) is not None:
        return
    version, letterhead = FormVersion.objects.get(pk=wish["version"]), Letterhead.objects.get(pk=wish["letterhead"])
    cache.set(key, _paper(version.definition, letterhead, wish["values"], state="prefilled", draft=True), timeout=KEPT)


# --- printing ---------------------------------------------------------------------------------------------------------
def _printed(document: Document, state: str) -> Preview:
    if state == BLANK:
        return _paper(document.definition, document.letterhead, {}, number=document.number, state="blank")
    return _paper(
        document.definition,
        document.letterhead,
        document.values,
        number=document.number,
        state=_printed_as(document, state),
        images=signing.images(document) if document.pk is not None else {},
        draft=True,
    )


def _paper(form: Form, letterhead: Letterhead, values: Mapping[str, Any], **how: Any) -> Preview:
    from forms_templates import printing

    try:
        return Preview(pdf=printing.render(form, letterhead, values, **how).pdf)
    except (printing.MissingGlyphError, printing.PrintingError) as error:
        return Preview(fault=str(error))


def _printed_as(document: Document, state: str) -> str:
    """A draft has open cells to be filled in; one that its record fills in alone has none."""
    if state == BLANK:
        return "blank"
    return "complete" if document.is_recorded else "prefilled"


def _key(document: Document, state: str) -> str:
    made_of = [document.form_version_id, document.letterhead_id, document.number, state, document.values]
    said = json.dumps(made_of, sort_keys=True, ensure_ascii=False)
    return f"document-preview:{sha256(said.encode()).hexdigest()}"

"""Somebody else's ticket with everything that hangs on it, and everybody who could come by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from core import clock
from customers.models import Contact, Organisation
from documents import freezing, issuing
from duty import swaps
from exports import keeping, making
from exports.keeping import Wish
from knowledge.models import Article
from lists.models import SavedView
from notifications.models import Notice
from people.actors import Actor
from people.models import Substitution, User
from tests.cast import act, person
from tests.knowledge.conftest import article_data
from tests.matrix.addresses import FINDERS, Address, Drawn, addresses, verbs
from tests.night import ACCESS, shift
from texts.models import CannedText
from vault.models import Look
from workflow.models import Attachment, Deadline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents.models import Document
    from duty.models import Swap
    from exports.models import Export
    from tests.cast import Cast, University
    from tests.paper import Printer
    from tickets.models import Ticket

LOOKED_FOR = "Zyzzyva"
"""What people look for."""
TITLE = "Zyzzyva-title"
"""A word that stands in the ticket and nowhere else."""
NOTE = "Zyzzyva-note"
"""A word that stands in an internal note."""
KNOWLEDGE = "Zyzzyva-knowledge"
"""A word that stands in an article for colleagues."""
CUSTOMER = "Zyzzyva-university"
"""The customer's name."""
_PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True)
class Scene:
    """The ticket, the addresses that lead to it, and the people."""

    ticket: Ticket
    addresses: list[Address]
    people: dict[str, User | None]


@pytest.fixture
def scene(
    cast: Cast,
    university: University,
    new_ticket: Callable[..., Ticket],
    printer: Printer,
    tmp_path: Path,
    settings: Any,
) -> Scene:
    """A ticket under way with notes, files, notices and deadlines, of a customer whom the visitors may not know."""
    cache.clear()  # nobody is slowed down because others have knocked
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    university.organisation.name = CUSTOMER
    university.organisation.save()
    ticket = new_ticket(title=TITLE, body=f"{TITLE} body", severity="urgent")
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    act(ticket, "note", cast.engineer, text=NOTE)
    act(ticket, "attach", cast.engineer, files=_files())
    away = Substitution.objects.create(
        principal=cast.engineer,
        substitute=cast.other_engineer,
        starts_at=clock.now(),
        ends_at=clock.now() + timedelta(days=1),
    )
    values = _values(ticket, cast, university, away)
    asked = f"q={LOOKED_FOR}&title={LOOKED_FOR}&kind=ticket&customer={university.organisation.pk}"
    return Scene(ticket, addresses(values, asked), _people(cast))


_WORDS: dict[str, list[Any]] = {
    **{f"desk:text-{name} kind": ["ticket", "nothing"] for name in ("beginnings", "options")},
    **{f"desk:text-{name} verb": ["note", "resolve", "no-such-verb"] for name in ("beginnings", "options")},
    **{f"desk:gallery-{name} code": ["Serv103", "no-such-form"] for name in ("form", "pages", "picture", "pdf")},
    "state": ["blank"],
    "page": [1],
    "answer": ["agree", "decline", "withdraw", "no-such-answer"],
    "rule_id": ["TKT-01", "no-such-rule"],
    "subject": ["message", "issue"],
}
_PAGES = ("document-pdf", "document-pages", "document-preview", "fill-document")


def _document(ticket: Ticket, cast: Cast) -> Document:
    """A sheet about the ticket, final and printed, with what colleagues tell one another in its private part."""
    made = issuing.issue("TicketSheet", about=ticket, actor=Actor(cast.engineer))
    act(made, "fill", cast.engineer, values={"method": TITLE, "result": TITLE, "next_handler": NOTE})
    act(made, "finalise", cast.engineer)
    freezing.freeze(made.pk)
    made.refresh_from_db()
    return made


_EXPORTS = ("export", "export-file", "export-cancel", "export-again")
_READING = ("-article", "-vote", "-use", "-file")


def _article(cast: Cast) -> Article:
    """What a colleague has written for colleagues only."""
    article = Article()
    act(article, "write", cast.engineer, **article_data(title=KNOWLEDGE, body=KNOWLEDGE, audience="staff"))
    act(article, "submit", cast.engineer)
    act(article, "approve", cast.specialist)
    act(article, "publish", cast.specialist)
    return article


def _files() -> MultiValueDict[str, Any]:
    return MultiValueDict({"files": [SimpleUploadedFile(f"{NOTE}.pdf", _PDF, "application/pdf")]})


def _values(ticket: Ticket, cast: Cast, university: University, away: Substitution) -> dict[str, list[Any]]:
    notice = Notice.objects.filter(recipient=cast.engineer).first()
    deadline = Deadline.objects.filter(record=ticket).first()
    attachment = Attachment.objects.get()
    look, swap, export = _look(ticket, cast), _swap(cast), _export(cast)
    document = _document(ticket, cast)
    assert notice is not None
    assert deadline is not None
    written = _article(cast).number
    return {
        **{f"{space}:knowledge{name} number": [written] for space in ("desk", "portal") for name in _READING},
        "desk:knowledge-beside number": [ticket.number],
        **_papers(document, university),
        "kind": ["ticket", "nothing"],
        "desk:record kind": ["ticket"],
        "desk:verb kind": ["ticket"],
        "desk:print kind": ["ticket"],
        "desk:timeline kind": ["ticket"],
        "number": [ticket.number],
        "verb": verbs(),
        "what": list(FINDERS),
        "desk:new-by kind": ["ticket"],
        "desk:new-by verb": ["record_emergency", "no-such-verb"],
        "desk:page kind": ["ticket"],
        **{f"desk:{name} pk": [_view(cast).pk] for name in ("view", "view-keep", "view-drop")},
        "desk:several-by verb": ["note", "resolve", "no-such-verb"],
        "code": ["night", "no-such-page"],
        "desk:look-at pk": [look.pk],
        "desk:secret pk": [look.pk],
        "desk:duty-strike pk": [swap.shift_id],
        "desk:duty-answer pk": [swap.pk],
        **_WORDS,
        "desk:notice pk": [notice.pk],
        **{f"desk:{name} pk": [export.pk] for name in _EXPORTS},
        "desk:substitute-end pk": [away.pk],
        "desk:customer pk": [university.organisation.pk],
        "desk:why pk": [deadline.pk],
        **{f"desk:text{place} pk": [_text().pk] for place in ("", "-remove")},
        "pk": [attachment.pk],
    }


def _papers(document: Document, university: University) -> dict[str, list[Any]]:
    """What stands in the addresses of documents, forms and personal links."""
    return {
        **{f"desk:{name} number": [document.number] for name in _PAGES},
        **{f"portal:{name} number": [document.number] for name in ("form", "document-pdf")},
        "desk:documents-of kind": ["ticket"],
        "desk:document-draft kind": ["ticket"],
        "desk:document-draft form": ["ContractText"],
        "desk:batch-preview name": ["nothing"],
        "desk:documents-of-customer pk": [university.organisation.pk],
        "desk:verify code": [Drawn(document.code)],
        "copy": [0],
        "which": ["whole", "customer"],
        "desk:version which": [1],
        "token": ["0" * 43],
        **{f"desk:gallery-{name} code": ["Serv103"] for name in ("form", "pages", "picture", "pdf")},
        "state": ["blank"],
        "page": [1],
    }


def _export(cast: Cast) -> Export:
    """A file of the engineer's, with the ticket in it."""
    made = keeping.ask(cast.engineer, Wish("ticket", "show=all", "csv", "own"))
    making.run()
    return made


def _text() -> CannedText:
    return CannedText.objects.get_or_create(name="问候", text="{{联系人}}，您好")[0]


def _look(ticket: Ticket, cast: Cast) -> Look:
    act(ticket, "record_access", cast.engineer, **ACCESS)
    act(ticket, "reveal_access", cast.engineer, reason=NOTE)
    return Look.objects.get()


def _view(cast: Cast) -> SavedView:
    """What a colleague keeps privately, under a name that nobody else is to read."""
    found, _made = SavedView.objects.get_or_create(kind="ticket", name=NOTE, owner=cast.engineer, query="show=open")
    return found


def _swap(cast: Cast) -> Swap:
    coming = shift(cast.engineer, clock.now() + timedelta(days=2), clock.now() + timedelta(days=2, hours=8))
    return swaps.ask(coming, of=cast.other_engineer, by=cast.engineer, reason="family")


def _people(cast: Cast) -> dict[str, User | None]:
    region = Organisation.objects.get().region
    elsewhere = Organisation.objects.create(name="Elsewhere", region=region)
    foreign = User.objects.create_user("foreign", display_name="外校老师", is_customer=True)
    Contact.objects.create(organisation=elsewhere, name="外校老师", phone="010-1", user=foreign)
    left = User.objects.create_user("left", display_name="离职老师", is_customer=True)
    Contact.objects.create(organisation=elsewhere, name="离职老师", phone="010-2", user=left, active=False)
    return {
        "nobody": None,
        **cast.everybody(),
        "sales": person("sales", "销售", "sales_manager", department="sales"),
        "foreign_contact": foreign,
        "former_contact": left,
    }

"""Documents in every state, made through the gate, of a form that asks a little of everybody; and a quick printer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

import forms_templates
from documents import freezing, issuing
from forms_templates import versions
from forms_templates.models import FormVersion
from forms_templates.printing.job import State, Verification
from people.actors import Actor
from tests.cast import act
from tests.documents.form import SHEET

if TYPE_CHECKING:
    from collections.abc import Callable

    from documents.models import Document
    from tests.cast import Cast, University

    Issue = Callable[..., Document]

GIVEN = {"needs": "请安装在新机房", "contract_no": "HT-2026-001", "installed": "yes"}


@dataclass
class Sheet:
    """What a printer gives back."""

    pdf: bytes
    pages: int


class Printer:
    """Prints what it is told into a line that begins like a PDF; counts, and can be broken."""

    Verification = Verification
    State = State

    def __init__(self) -> None:
        self.printed: list[dict[str, Any]] = []
        self.broken: Exception | None = None

    def render(self, form: Any, letterhead: Any, values: Any, **more: Any) -> Sheet:
        """The same bytes for the same arguments."""
        if self.broken is not None:
            raise self.broken
        self.printed.append({"form": form.code, "values": values, **more})
        said = repr((form.code, letterhead.number, sorted(values.items()), sorted(more.items(), key=str)))
        return Sheet(b"%PDF-1.7 " + sha256(said.encode()).hexdigest().encode(), 2)


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> Printer:
    """The quick printer in place of the real one."""
    made = Printer()
    monkeypatch.setattr(forms_templates, "printing", made, raising=False)
    return made


@pytest.fixture
def sheet(cast: Cast) -> FormVersion:
    """The small form of these tests, as an administrator's version of one of the catalogue's."""
    basis = versions.in_force("Serv103")
    later = {"number": basis.number + 1, "made_at": basis.made_at, "made_by": cast.admin, "body": SHEET}
    made: FormVersion = FormVersion.objects.create(form="Serv103", **later)
    return made


@pytest.fixture
def new_document(cast: Cast, university: University, sheet: FormVersion) -> Issue:
    """Begin a document for the university; `until` names the state it gets to."""

    def begin(*, by: Any = None, until: str = "draft", values: Any = None, **more: Any) -> Document:
        who = by or cast.specialist
        told = {"customer": university.organisation} | more
        given = GIVEN if values is None and until != "draft" else values
        document = issuing.issue("Serv103", actor=Actor(who), values=given, **told)
        steps = ("submit", "finalise", "receive_signed", "archive")
        states = ("submitted", "to_sign", "signed", "archived")
        said: dict[str, dict[str, Any]] = {"receive_signed": {"how": "paper"}, "archive": {"archive_no": "A-1"}}
        for step, state in zip(steps, states, strict=True):
            if document.state == until:
                break
            act(document, step, who, **said.get(step, {}))
            if step == "finalise" and until != "to_sign":
                freezing.freeze_pending()
                document.refresh_from_db()
            assert document.state == state
        return document

    return begin

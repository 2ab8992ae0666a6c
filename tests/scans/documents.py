"""Documents that are out to be signed, printed by nobody: what comes back is drawn by the tests themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents import issuing, store
from documents.freezing import Kept
from forms_templates import versions
from people.actors import SYSTEM, Actor
from tests.cast import act
from tests.documents.conftest import GIVEN
from tests.documents.form import SHEET
from workflow.engine import perform

if TYPE_CHECKING:
    from documents.models import Document
    from tests.cast import Cast, University


def small_form(cast: Cast) -> None:
    """The small form of the documents' tests, as an administrator's version."""
    versions.add(versions.in_force("Serv103"), SHEET, by=cast.admin, note="a small form")


def out_to_sign(cast: Cast, university: University, *, pages: int = 1) -> Document:
    """One more of them; `code` is what its pages bear."""
    document = issuing.issue("Serv103", customer=university.organisation, actor=Actor(cast.specialist), values=GIVEN)
    act(document, "finalise", cast.specialist)
    name, fingerprint = store.put(f"%PDF-1.7 {document.code}".encode())
    master = Kept(0, for_customer=False, kept={"file": name, "sha256": fingerprint, "size": 21, "pages": pages})
    perform(document, "freeze", actor=SYSTEM, data={"sha256": fingerprint, "pages": pages, "prints": [master]})
    document.refresh_from_db()
    return document

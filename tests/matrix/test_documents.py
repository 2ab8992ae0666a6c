"""Every verb of documents × everybody × every state, written down in `documents.txt`.

`UPDATE_MATRIX=1 pytest tests/matrix -n0` writes it anew; whoever does reads the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from documents.models import Document
from tests.matrix.test_verbs import _line
from workflow.models.record import NEW

if TYPE_CHECKING:
    from tests.matrix.conftest import Scene

TABLE = Path(__file__).with_name("documents.txt")


def drawn(scene: Scene) -> str:
    """The whole table as text, of a sheet of the engineer's about the ticket."""
    lines: list[str] = []
    key = Document.objects.get(parent=scene.ticket.pk).pk
    for state in (NEW, *Document.State.values):
        shown: Any = Document(form="TicketSheet") if state == NEW else Document.objects.get(pk=key)
        shown.__dict__["state"] = state
        lines += [f"## {Document.State(state).label if state else 'not there yet'}", ""]
        lines += [_line(scene, shown, verb) for verb in Document.verbs.values() if verb.possible_in(state)]
        lines.append("")
    return "\n".join(lines)


def test_who_may_do_what_with_documents_is_as_it_is_written_down(scene: Scene) -> None:
    with override("en"):
        found = drawn(scene)
    if os.environ.get("UPDATE_MATRIX"):
        TABLE.write_text(found, encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8")

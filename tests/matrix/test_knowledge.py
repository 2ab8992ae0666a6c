"""Every verb of articles, digests and summaries × everybody × every state, written down in `knowledge.txt`.

`UPDATE_MATRIX=1 pytest tests/matrix -n0` writes it anew; whoever does reads the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from knowledge.models import Article, Digest, Summary
from knowledge.services import perform_by_system
from tests.cast import act
from tests.knowledge.conftest import article_data
from tests.matrix.test_verbs import _line
from workflow.models.record import NEW

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.matrix.conftest import Scene
    from workflow.models import Record

TABLE = Path(__file__).with_name("knowledge.txt")
PERIOD = {"title": "x", "begins": "2026-03-01", "ends": "2026-04-01"}


def records(cast: Cast) -> list[Record]:
    """An article of the engineer's, and a digest and a summary that the specialist has taken."""
    article, digest, summary = Article(), Digest(), Summary()
    act(article, "write", cast.engineer, **article_data())
    perform_by_system(digest, "gather", PERIOD)
    perform_by_system(summary, "gather", PERIOD | {"text": "x"})
    for made in (digest, summary):
        act(made, "take", cast.specialist)
    return [article, digest, summary]


def drawn(scene: Scene, cast: Cast) -> str:
    """The whole table as text."""
    lines: list[str] = []
    for record in records(cast):
        flow: Any = type(record)
        for state in (NEW, *flow.State.values):
            shown: Any = flow() if state == NEW else flow.objects.get(pk=record.pk)
            shown.__dict__["state"] = state
            lines += [f"## {record.kind}: {flow.State(state).label if state else 'not there yet'}", ""]
            lines += [_line(scene, shown, verb) for verb in flow.verbs.values() if verb.possible_in(state)]
            lines.append("")
    return "\n".join(lines)


def test_who_may_do_what_with_knowledge_is_as_it_is_written_down(scene: Scene, cast: Cast) -> None:
    with override("en"):
        found = drawn(scene, cast)
    if os.environ.get("UPDATE_MATRIX"):
        TABLE.write_text(found, encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8")

"""Every verb of executions × everybody × every state, written down in `executions.txt`.

`UPDATE_MATRIX=1 pytest tests/matrix -n0` writes it anew; whoever does reads the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from execution.models import Execution
from tests.cast import act
from tests.contracts.conftest import sign_on, walk, writer
from tests.execution.conftest import PROMISES, hand_over_copy
from tests.matrix.conftest import _people
from tests.matrix.test_verbs import _line
from workflow.models.record import NEW

if TYPE_CHECKING:
    from tests.cast import Cast, University

TABLE = Path(__file__).with_name("executions.txt")


def taken_up(cast: Cast, university: University) -> Execution:
    """One that the specialist has taken up, with an item in the engineer's hands."""
    signers = sign_on(cast)
    contract = writer(cast, university, signers)(promises=PROMISES)
    execution = hand_over_copy(walk(contract, signers, to="effective"), signers)
    act(execution, "take_up", cast.specialist)
    other = execution.plan.of("other")[0]
    act(execution, "assign_item", cast.account_manager, item=other.pk, person=cast.engineer.pk)
    act(execution, "waive_item", cast.director, item=execution.plan.of("talks")[0].pk, reason="x")
    return execution


def drawn(cast: Cast, execution: Execution) -> str:
    """The whole table as text."""
    scene: Any = SimpleNamespace(people=_people(cast))
    lines: list[str] = []
    flow: Any = Execution
    for state in (NEW, *flow.State.values):
        shown: Any = Execution() if state == NEW else Execution.objects.get(pk=execution.pk)
        shown.__dict__["state"] = state
        lines += [f"## execution: {flow.State(state).label if state else 'not there yet'}", ""]
        fitting = [verb for verb in flow.verbs.values() if verb.possible_in(state)]
        lines += [_line(scene, shown, verb) for verb in fitting]
        lines.append("")
    return "\n".join(lines)


def test_who_may_do_what_with_executions_is_as_it_is_written_down(
    held_clock: Any, cast: Cast, university: University
) -> None:
    with override("en"):
        found = drawn(cast, taken_up(cast, university))
    if os.environ.get("UPDATE_MATRIX"):
        TABLE.write_text(found, encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8")

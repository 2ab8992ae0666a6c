"""Every verb × everybody × every state, as the gate answers, written down in `verbs.txt` to be read aloud.

`UPDATE_MATRIX=1 pytest tests/matrix -n0` writes it anew; whoever does reads the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import override

from core import clock
from duty.parties import DUTY_ENGINEER
from people.actors import SYSTEM, Actor
from tickets.models import Ticket
from workflow import registry
from workflow.engine import Authority
from workflow.models.record import NEW
from workflow.refusals import NotAllowed

if TYPE_CHECKING:
    from tests.matrix.conftest import Scene
    from workflow.flow import Verb
    from workflow.models import Record

TABLE = Path(__file__).with_name("verbs.txt")
SAID = {
    "specialist": "the specialist who accepted it",
    "other_specialist": "another specialist",
    "account_manager": "the customer's account manager",
    "engineer": "the handler",
    "other_engineer": "the handler's substitute",
    "trainer": "a trainer of the department",
    "consultant": "a consultant of the department",
    "rd_engineer": "an R&D engineer",
    "supervisor": "the handler's supervisor",
    "director": "the service director",
    "finance": "finance",
    "contact": "the customer's contact",
    "foreign_contact": "another customer's contact",
    "former_contact": "a contact who has left",
    "sales": "sales",
    "admin": "an administrator",
}


def may(record: Record, verb: Verb, actor: Actor) -> bool:
    """Whether the gate lets an actor do it, as far as the person is concerned."""
    try:
        Authority(actor, clock.now()).over(verb, record)
    except NotAllowed:
        return False
    return True


def in_state(ticket: Ticket, state: str) -> Ticket:
    """The ticket as if it stood in a state; nothing is stored."""
    found: Any = Ticket.objects.select_related("customer", "handler", "specialist").get(pk=ticket.pk)
    found.__dict__["state"] = state
    return cast("Ticket", found)


def drawn(scene: Scene) -> str:
    """The whole table as text."""
    lines = ["# Who may do what, while a ticket is …", ""]
    flow: Any = registry.get("ticket").model
    for state in (NEW, *flow.State.values):
        record = Ticket() if state == NEW else in_state(scene.ticket, state)
        lines += [f"## {flow.State(state).label if state else 'not there yet'}", ""]
        lines += [_line(scene, record, verb) for verb in flow.verbs.values() if verb.possible_in(state)]
        lines.append("")
    return "\n".join(lines)


def _line(scene: Scene, record: Record, verb: Verb) -> str:
    people = [SAID[who] for who, user in scene.people.items() if user is not None and may(record, verb, Actor(user))]
    if may(record, verb, SYSTEM):
        people.append("the system")
    goes = f" → {verb.target}" if verb.target else ""
    return f"{verb.label} ({verb.code}{goes}): {', '.join(people) or 'nobody'}."


def test_who_may_do_what_in_which_state_is_as_it_is_written_down(scene: Scene) -> None:
    with override("en"):
        found = drawn(scene)
    if os.environ.get("UPDATE_MATRIX"):
        TABLE.write_text(found, encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8")


def test_every_act_is_somebodys_and_no_act_is_everybodys(scene: Scene) -> None:
    flow: Any = registry.get("ticket").model
    for verb in flow.verbs.values():
        record = Ticket() if verb.creates else in_state(scene.ticket, scene.ticket.state)
        everybody = [user for user in scene.people.values() if user is not None]
        allowed = [user for user in everybody if may(record, verb, Actor(user))]
        # Nobody is on duty here: who may what in the night is tried where it is night.
        assert allowed or verb.by.system or verb.by == DUTY_ENGINEER, verb.code
        assert len(allowed) < len(everybody), verb.code
        assert scene.people["finance"] not in allowed, verb.code

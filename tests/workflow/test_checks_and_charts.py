"""A flow that cannot be walked stops the start; charts are drawn from flows and are up to date."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from tests.workflow.errands import ERRANDS, AskForm, JudgeForm
from workflow import registry
from workflow.charts import chart
from workflow.checks import check_processes
from workflow.flow import ANY_STATE, Flow, Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import HANDLER, SYSTEM
from workflow.registry import Process

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.flow import Act

pytestmark = pytest.mark.kernel


class State(models.TextChoices):
    """Three states."""

    ONE = "one", "One"
    TWO = "two", "Two"
    THREE = "three", "Three"


class Sound(Flow):
    """A flow without a fault."""

    State = State
    final = (State.THREE,)

    @verb(NEW, State.ONE, by=HANDLER, label="Begin")
    def begin(self, act: Act) -> None: ...

    @verb(State.ONE, State.TWO, by=HANDLER, label="Go on", rules=("TKT-01",))
    def go_on(self, act: Act) -> None: ...

    @verb(State.TWO, State.THREE, by=HANDLER | SYSTEM, label="End")
    def end(self, act: Act) -> None: ...


def faults(flow: type[Flow], **rest: Any) -> list[str]:
    """The ids of what the checks say of a flow."""
    process = Process(
        kind="toy",
        prefix="TY",
        model=flow,  # type: ignore[arg-type] # a flow alone is enough to be checked
        label="Toy",
        plural="Toys",
        department="service",
        **rest,
    )
    registry.register(process)
    try:
        return [str(message.id) for message in check_processes() if str(message.msg).startswith("toy:")]
    finally:
        registry.forget("toy")


def test_a_sound_flow_passes() -> None:
    assert faults(Sound) == []


def test_the_projects_own_flows_pass() -> None:
    assert check_processes() == []


def test_errands_pass(errands: None) -> None:
    assert check_processes() == []


def test_a_state_that_no_verb_leads_to_is_found() -> None:
    class Flawed(Sound):
        class State(models.TextChoices):
            ONE = "one", "One"
            TWO = "two", "Two"
            THREE = "three", "Three"
            LOST = "lost", "Lost"

        final = ("three", "lost")  # type: ignore[assignment]

    assert faults(Flawed) == ["workflow.E001"]


def test_a_state_in_which_it_ends_without_saying_so_is_found() -> None:
    class Flawed(Sound):
        final = ()  # type: ignore[assignment]

    assert faults(Flawed) == ["workflow.E002"]


def test_a_rule_that_the_handbook_lacks_is_found_in_verbs_and_needs() -> None:
    class Flawed(Sound):
        @verb(
            State.ONE,
            State.TWO,
            by=HANDLER,
            label="x",
            rules=("TKT-99",),
            needs=(Need(lambda _record: True, "x", rule="NO-01"),),
        )
        def odd(self, act: Act) -> None: ...

    assert faults(Flawed) == ["workflow.E003", "workflow.E003"]


@pytest.mark.parametrize(
    "timer",
    [
        Timer("toy.t", "x", opens=("nothing",)),
        Timer("toy.t", "x", opens=("begin",), closes=("nothing",)),
        Timer("toy.t", "x", opens=("begin",), restarts=("nothing",)),
        Timer("toy.t", "x", opens=("begin",), then="nothing"),
    ],
)
def test_a_timer_that_names_a_verb_which_is_not_there_is_found(timer: Timer) -> None:
    class Flawed(Sound):
        timers = (timer,)

    assert faults(Flawed) == ["workflow.E004"]


def test_a_wait_and_a_form_for_a_verb_which_is_not_there_are_found() -> None:
    class Flawed(Sound):
        waits: ClassVar[dict[str, Wait]] = {State.ONE: Wait("nothing", HANDLER)}

    assert faults(Flawed) == ["workflow.E004"]
    assert faults(Sound, forms={"nothing": AskForm}) == ["workflow.E004"]


def test_recomputing_a_timer_which_is_not_there_is_found() -> None:
    class Flawed(Sound):
        @verb(ANY_STATE, None, by=HANDLER, label="x", recomputes=("toy.none",))
        def judge(self, act: Act) -> None: ...

    assert faults(Flawed) == ["workflow.E005"]


def test_a_timer_that_lets_the_system_do_what_it_may_not_is_found() -> None:
    class Flawed(Sound):
        timers = (Timer("toy.t", "x", opens=("begin",), closes=("go_on",), then="go_on"),)

    assert faults(Flawed) == ["workflow.E006"]


def test_a_timer_that_would_ask_the_system_again_and_again_is_found() -> None:
    class Flawed(Sound):
        timers = (Timer("toy.t", "x", opens=("begin",), then="end"),)

    assert faults(Flawed) == ["workflow.E008"]


def test_a_verb_that_wants_to_be_told_something_and_has_no_form_is_found() -> None:
    class Flawed(Sound):
        @verb(ANY_STATE, None, by=HANDLER, label="x")
        def judge(self, act: Act, title: str) -> None: ...

    assert faults(Flawed) == ["workflow.E007"]
    assert faults(Flawed, forms={"judge": JudgeForm}) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"final": ("nowhere",)},
        {"path": ("nowhere",)},
        {"waits": {"nowhere": Wait("end", HANDLER)}},
        {"timers": (Timer("toy.t", "x", opens=("begin",), within=("nowhere",)),)},
        {"timers": (Timer("toy.t", "x", opens=("begin",), pauses=("nowhere",)),)},
    ],
)
def test_a_state_which_is_not_there_is_found_wherever_it_is_named(fault: dict[str, Any]) -> None:
    flawed = type("Flawed", (Sound,), {"final": (State.THREE,), **fault})
    assert "workflow.E009" in faults(flawed)


def test_a_wait_limited_by_a_timer_which_is_not_there_is_found() -> None:
    class Flawed(Sound):
        waits: ClassVar[dict[str, Wait]] = {State.ONE: Wait("go_on", HANDLER, due="toy.none")}

    assert faults(Flawed) == ["workflow.E005"]


def test_a_verb_must_say_who_may() -> None:
    with pytest.raises(TypeError):
        verb(NEW, State.ONE, label="x")  # type: ignore[call-arg]


# --- charts ----------------------------------------------------------------------------------------------------------
def test_a_chart_shows_states_verbs_who_may_and_rules(errands: None) -> None:
    drawn = chart(ERRANDS)
    assert "    [*] --> asked: Ask" in drawn
    assert "    under_way --> waiting: Wait" in drawn
    assert "    put_away --> [*]" in drawn
    assert "None" not in drawn
    assert "| Finish (`finish`) | under_way, waiting | done | present handler | TKT-14 |" in drawn
    assert "(`errand.work`)" in drawn


def test_the_charts_in_the_documentation_are_up_to_date() -> None:
    call_command("draw_flows", "--check", stdout=StringIO())


def test_a_chart_that_is_out_of_date_is_noticed(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="make charts"):
        call_command("draw_flows", "--check", stdout=StringIO())
    call_command("draw_flows", stdout=StringIO())
    call_command("draw_flows", "--check", stdout=StringIO())
    drawn = next((tmp_path / "docs" / "flows").glob("*.md"))
    drawn.write_text(drawn.read_text() + "x")
    with pytest.raises(CommandError, match=drawn.name):
        call_command("draw_flows", "--check", stdout=StringIO())

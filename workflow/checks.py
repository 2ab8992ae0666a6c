"""System checks: a flow that cannot be walked, or a manifest that does not fit its flow, stops the start."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

from django.core.checks import Error, register

from handbook import catalogue
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.checks import CheckMessage

    from workflow.flow import Flow, Wait
    from workflow.registry import Process


@register()
def check_processes(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Check every registered process."""
    return [message for process in registry.all_processes() for message in _faults(process)]


def _faults(process: Process) -> Iterator[CheckMessage]:
    flow: type[Flow] = process.model  # type: ignore[assignment]
    yield from _unreachable(process, flow)
    yield from _unknown_rules(process, flow)
    yield from _unknown_verbs(process, flow)
    yield from _unknown_timers(process, flow)
    yield from _unknown_states(process, flow)
    yield from _by_itself(process, flow)
    yield from _dead_ends(process, flow)
    yield from _speechless(process, flow)


def _speechless(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    """A verb that wants to be told something has a form that asks for it."""
    for verb in flow.verbs.values():
        asked = list(signature(getattr(flow, verb.code)).parameters.values())[2:]
        if verb.code not in process.forms and any(p.default is p.empty and p.kind is not p.VAR_KEYWORD for p in asked):
            yield Error(f"{process.kind}: {verb.code} asks for data and has no form", id="workflow.E007")


def _unreachable(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    reached: set[str] = {""}
    while True:
        possible = [verb for verb in flow.verbs.values() if any(verb.possible_in(state) for state in reached)]
        further = {target for verb in possible for target in verb.leads_to} - reached
        if not further:
            break
        reached |= further
    for state in flow.State.values:
        if state not in reached:
            yield Error(f"{process.kind}: no verb leads to the state {state}", id="workflow.E001")


def _dead_ends(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    for state in set(flow.State.values) - set(flow.final):
        if not any(verb.leads_to and verb.possible_in(state) for verb in flow.verbs.values()):
            yield Error(f"{process.kind}: no verb leads on from {state}, which is not final", id="workflow.E002")


def _unknown_rules(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    named = {rule for verb in flow.verbs.values() for rule in (*verb.rules, *(need.rule for need in verb.needs))}
    for rule in sorted(filter(None, named)):
        try:
            catalogue.rule(rule)
        except KeyError:
            yield Error(f"{process.kind}: the handbook has no rule {rule}", id="workflow.E003")


def _unknown_verbs(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    named: dict[str, str] = dict.fromkeys(process.forms, "forms") | dict.fromkeys(process.several, "several")
    for timer in flow.timers:
        verbs = (*timer.opens, *timer.closes, *timer.restarts, *filter(None, [timer.then]))
        named |= dict.fromkeys(verbs, f"timer {timer.code}")
    named |= {wait.verb: "waits" for wait in _waits(flow)}
    for verb, where in named.items():
        if verb not in flow.verbs:
            yield Error(f"{process.kind}: {where} names the verb {verb}, which the flow lacks", id="workflow.E004")


def _unknown_timers(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    timers = {timer.code for timer in flow.timers}
    named = [(verb.code, code) for verb in flow.verbs.values() for code in verb.recomputes]
    named += [(wait.verb, wait.due) for wait in _waits(flow) if wait.due]
    for verb, code in named:
        if code not in timers:
            yield Error(f"{process.kind}: {verb} names {code}, which is no timer", id="workflow.E005")


def _waits(flow: type[Flow]) -> list[Wait]:
    standing = (wait for state in flow.waits for wait in flow.waits_in(state))
    return [*standing, *(timer.work for timer in flow.timers if timer.work is not None)]


def _by_itself(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    """What the system does when a time has come, it may do, and it does not ask for it again."""
    for timer in flow.timers:
        verb = flow.verbs.get(timer.then)
        if verb is None:
            continue
        if not verb.by.system:
            yield Error(f"{process.kind}: the system may not perform {timer.then}", id="workflow.E006")
        leaves = bool(timer.within) and verb.target is not None and verb.target not in timer.within
        if timer.then not in timer.closes and not leaves:
            yield Error(f"{process.kind}: {timer.then} does not end {timer.code}", id="workflow.E008")


def _unknown_states(process: Process, flow: type[Flow]) -> Iterator[CheckMessage]:
    named = {"final": flow.final, "path": flow.path, "waits": tuple(flow.waits)}
    named |= {f"timer {timer.code}": (*timer.within, *timer.pauses) for timer in flow.timers}
    for where, states in named.items():
        for state in states:
            if state not in flow.State.values:
                yield Error(f"{process.kind}: {where} names {state}, which is no state", id="workflow.E009")

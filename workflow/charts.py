"""State charts drawn from the flows themselves, as Mermaid text that documentation shows and CI compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from workflow.flow import ANY_STATE

if TYPE_CHECKING:
    from workflow.flow import Flow
    from workflow.registry import Process


def chart(process: Process) -> str:
    """One process as a page: the chart, then every verb with who may and which rules it keeps. In English."""
    with override("en"):
        flow: type[Flow] = process.model  # type: ignore[assignment]
        return "\n".join([f"# {process.label}", "", *_diagram(flow), "", *_verbs(flow), "", *_timers(flow), ""])


def _diagram(flow: type[Flow]) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value}: {state.label}" for state in flow.State]
    for verb in flow.verbs.values():
        lines += [
            f"    {source or '[*]'} --> {target}: {verb.label}"
            for source in verb.sources
            for target in verb.leads_to
            if len(verb.leads_to) == 1 or target != source
        ]
    lines += [f"    {state} --> [*]" for state in flow.final]
    return [*lines, "```"]


def _verbs(flow: type[Flow]) -> list[str]:
    lines = ["| act | from | to | who may | rules |", "| --- | --- | --- | --- | --- |"]
    for verb in flow.verbs.values():
        sources = ", ".join({"": "–", ANY_STATE: "any"}.get(source, source) for source in verb.sources)
        rules = ", ".join(verb.rules)
        leads = ", ".join(verb.leads_to) or "="
        lines.append(f"| {verb.label} (`{verb.code}`) | {sources} | {leads} | {verb.by.label} | {rules} |")
    return lines


def _timers(flow: type[Flow]) -> list[str]:
    lines = ["| deadline | opened by | kept by | pauses in | then |", "| --- | --- | --- | --- | --- |"]
    for timer in flow.timers:
        opened = "each promise" if timer.each else ", ".join(timer.opens)
        kept = ", ".join((*timer.closes, *timer.restarts))
        lines.append(
            f"| {timer.label} (`{timer.code}`) | {opened} | {kept} | {', '.join(timer.pauses)} | {timer.then} |"
        )
    return lines

"""Whether what processes declare for customers fits their flows; a gap would be found by a customer otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Error

from portal.faces import faced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.customer_faces import PortalFace
    from workflow.registry import Process


def check_faces(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Check every process that shows itself to customers."""
    return [message for process in faced() for message in faults(process, process.portal)]


def faults(process: Process, face: PortalFace) -> Iterator[CheckMessage]:
    """What does not fit."""
    flow: Any = process.model
    for state in flow.State.values:
        if state not in face.standings:
            yield Error(f"{process.kind}: customers are not told what {state} means", id="portal.E001")
    for state, standing in face.standings.items():
        if standing.step >= len(face.steps):
            yield Error(f"{process.kind}: {state} stands on a step that there is not", id="portal.E002")
    for ask in (face.raises, *face.acts):
        verb = flow.verbs.get(ask.verb)
        if verb is None or "customer" not in verb.by.codes or verb.creates != (ask is face.raises):
            yield Error(f"{process.kind}: {ask.verb} is not for customers", id="portal.E003")
        elif not verb.public:
            yield Error(f"{process.kind}: customers could not see their own {ask.verb}", id="portal.E004")

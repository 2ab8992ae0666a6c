"""What kind of state a state is, by its place in the flow alone."""

from __future__ import annotations

from typing import Any


def tone(flow: Any, state: str) -> str:
    """Which of the six kinds of state it is: `new`, `active`, `aside`, `nearly`, `done` or `void`."""
    path = flow.path
    if state in flow.final:
        return "done" if state in path else "void"
    if state not in path:
        return "aside"
    if state == path[0]:
        return "new"
    return "nearly" if len(path) > 2 and state == path[-2] else "active"  # noqa: PLR2004 - two have no last but one

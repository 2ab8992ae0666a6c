"""Telling people what is no act on a record: in the application at once, and out of the house as each wants it.

It is told in the transaction in which it becomes true. The notices go the way of all others (`fanout`): tried again
until they are out, and each once, since a tiding's key is unique for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import clock
from notifications import fanout, topics
from notifications.models import Notice, Tiding
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def tell(code: str, key: str, people: Iterable[int], said: Mapping[str, Any]) -> Tiding | None:
    """Tell colleagues, in the caller's transaction; None if this was told before, or there is nobody to tell."""
    told = topics.get(code)
    present = list(User.objects.staff().filter(pk__in=list(people)).order_by("pk").values_list("pk", flat=True))
    if not present:
        return None
    with transaction.atomic():
        tiding, new = Tiding.objects.get_or_create(
            key=f"{code}:{key}", defaults={"topic": code, "said": dict(said), "at": clock.now()}
        )
        if not new:
            return None
        Notice.objects.bulk_create(
            Notice(
                recipient_id=person,
                tiding=tiding,
                kind=told.kind,
                rule=told.rule,
                urgency=told.urgency,
                created_at=tiding.at,
            )
            for person in present
        )
        fanout.ask_of_tiding(tiding)
    return tiding

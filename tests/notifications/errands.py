"""A process of the tests' own, so that notices are tested without any app that has some."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction

from core import clock
from notifications.rules import CustomerMail, notice
from people.actors import SYSTEM, Actor
from workflow import timeline
from workflow.flow import Flow, Timer, verb
from workflow.models import Entry, Record
from workflow.parties import ACCOUNT_OWNER, HANDLER, SPECIALIST, SUPERVISOR, WATCHERS, role
from workflow.registry import Process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from customers.models import Organisation
    from workflow.flow import Act

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Errand(Flow, Record):
    """Something to be fetched."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Open"
        DONE = "done", "Done"

    timers: ClassVar[tuple[Timer, ...]] = (Timer("errand.fetch", "Fetch it", opens=("give",)),)

    class Meta:
        proxy = True
        app_label = "tests"

    @verb(State.OPEN, None, by=SPECIALIST, label="Give")
    def give(self, act: Act) -> None:
        """Hand it to somebody."""

    @verb(State.OPEN, None, by=SPECIALIST, label="Press")
    def press(self, act: Act) -> None:
        """Ask for it."""

    @verb(State.OPEN, State.DONE, by=HANDLER, label="Finish", public=True)
    def finish(self, act: Act) -> None:
        """It is there."""


def _address(record: Any) -> str:
    contact = record.customer.contacts.filter(active=True).first()
    return contact.email if contact else ""


def _is_big(record: Any, entry: Entry) -> bool:
    return "big" in record.title


def _named(record: Any) -> str:
    return "张伟"


NOTICES = (
    notice(on="give", to=HANDLER, kind="assignment", rule="TKT-15", title="%(number)s is yours: %(title)s"),
    notice(
        on=("give", "finish"),
        to=[ACCOUNT_OWNER, SUPERVISOR],
        kind="progress",
        rule="TKT-07",
        title="%(number)s of %(customer)s: %(verb)s by %(actor)s",
    ),
    notice(on="press", to=[HANDLER, SUPERVISOR], kind="copy", title="%(actor)s presses for %(number)s"),
    notice(
        on="finish",
        to=role("service_director"),
        kind="progress",
        title="%(number)s is finished",
        when=_is_big,
    ),
    notice(on="*", to=WATCHERS, kind="progress", title="%(number)s: %(verb)s"),
    CustomerMail(messages={"finish": "resolved"}, address=_address, person=_named, said=("result",)),
)
ERRANDS = Process(
    kind="errand",
    prefix="ER",
    model=Errand,
    label="Errand",
    plural="Errands",
    department="service",
    notices=NOTICES,
)


def make(number: int, customer: Organisation, at: datetime = NOON, **rest: Any) -> Errand:
    """An errand as the gate would have made it."""
    rest.setdefault("title", f"Errand {number}")
    made = Errand(
        kind="errand", number=f"ER-20260302-{number:04d}", customer=customer, created_at=at, updated_at=at, **rest
    )
    made.save()
    return made


def act(record: Errand, code: str, actor: Actor = SYSTEM, at: datetime = NOON, **rest: Any) -> Entry:
    """An act on the record's timeline."""
    return acts([(record, code, actor, rest)], at)[0]


def acts(what: Sequence[tuple[Errand, str, Actor, dict[str, Any]]], at: datetime = NOON) -> list[Entry]:
    """Many acts in one batch, as the sweep writes them."""
    with clock.held(at), transaction.atomic():
        entries = [
            timeline.chain(record, timeline.Draft(code, at, actor, **rest)) for record, code, actor, rest in what
        ]
        records = {record.pk: record for record, *_ in what}
        for record in records.values():
            record.save(update_fields=["timeline_length", "timeline_head"])
        timeline.write(entries, records)
    return entries


def missed(*recipients: str, late: bool = False) -> dict[str, Any]:
    """The data of a deadline's entry."""
    return {
        "data": {
            "deadline": 1,
            "timer": "errand.fetch",
            "level": 2,
            "recipients": list(recipients),
            "due_at": NOON.isoformat(),
            "late": late,
        },
        "rules": ("TKT-17",),
    }

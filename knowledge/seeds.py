"""The topics, the rhythms and the time limits with which the knowledge base begins; an administrator changes them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core import clock
from handbook import vocabulary
from knowledge.models import Rhythm, Topic
from workflow.models import DeadlinePolicy, PolicyLevel

DAY = 1440
DESK = ["customer_specialist", "specialist"]
LEVELS = (("warned", 75, DESK), ("missed", 100, [*DESK, "service_director"]))
POLICIES = (
    ("digest.work", "TKT-25", "知识汇总的处理时限", "Working through a knowledge digest"),
    ("opinions.work", "TKT-26", "意见汇总的完成时限", "Summarising opinions"),
)
ALLOWED = 14 * DAY
NO_KNOWLEDGE = frozenset(
    {"other", "renewal", "expansion", "new_module", "new_service", "apply", "buy", "materials", "training_feedback"}
)
"""Orders and wishes of one customer, from which nobody else learns anything."""


@transaction.atomic
def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    _topics()
    _rhythms()
    _policies()


def _topics() -> None:
    present = {topic.code: topic for topic in Topic.objects.all()}
    position = 0
    for term in vocabulary.issue_types():
        position += 10
        within = present.get(term.code) or _topic(term, position, None)
        for part in term.subtypes:
            position += 10
            if part.code not in present:
                _topic(part, position, within)


def _topic(term: Any, position: int, within: Topic | None) -> Topic:
    names = {"name_zh": term.zh, "name_en": term.en, "gathered": term.code not in NO_KNOWLEDGE}
    return Topic.objects.create(code=term.code, position=position, within=within, **names)


def _rhythms() -> None:
    """Every month, from the one that runs when the house is set up."""
    first = clock.local(clock.now()).date().replace(day=1)
    for purpose in Rhythm.Purpose.values:
        if not Rhythm.objects.filter(purpose=purpose).exists():
            Rhythm.objects.create(purpose=purpose, done_until=first)


def _policies() -> None:
    present = set(DeadlinePolicy.objects.values_list("timer", flat=True))
    for timer, rule, name_zh, name_en in POLICIES:
        if timer in present:
            continue
        policy = DeadlinePolicy.objects.create(
            timer=timer, minutes=ALLOWED, clock="elapsed", rule=rule, name_zh=name_zh, name_en=name_en
        )
        for position, (kind, share, recipients) in enumerate(LEVELS, start=1):
            PolicyLevel.objects.create(policy=policy, position=position, kind=kind, share=share, recipients=recipients)

"""The time limits with which documents begin; an administrator changes them."""

from __future__ import annotations

from django.db import transaction

from workflow.models import DeadlinePolicy, PolicyLevel

DAY = 1440
BACK = 14 * DAY
KEEPERS = ["handler", "account_owner"]
LEVELS = (("warned", 50, ["handler"]), ("missed", 100, KEEPERS), ("escalated", 200, [*KEEPERS, "supervisor"]))


@transaction.atomic
def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    if DeadlinePolicy.objects.filter(timer="document.back").exists():
        return
    words = {"rule": "FRM-13", "name_zh": "签署件返回时限", "name_en": "Signed copy back"}
    policy = DeadlinePolicy.objects.create(timer="document.back", minutes=BACK, clock="elapsed", **words)
    for position, (kind, share, recipients) in enumerate(LEVELS, start=1):
        PolicyLevel.objects.create(policy=policy, position=position, kind=kind, share=share, recipients=recipients)

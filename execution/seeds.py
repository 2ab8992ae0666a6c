"""The time limits with which executions begin: what was promised by a day; an administrator changes them."""

from __future__ import annotations

from django.db import transaction

from execution.flow import Lane
from execution.flow.lanes import RULES
from workflow.models import DeadlinePolicy, PolicyLevel

DAY = 1440
WORDS = {
    Lane.LICENCE: ("合同约定的许可时间", "Licence as promised"),
    Lane.DELIVERY: ("合同约定的交付时间", "Delivery as promised"),
    Lane.INSTALLATION: ("合同约定的安装时间", "Installation as promised"),
    Lane.TALKS: ("合同约定的实施沟通时间", "Implementation talks as promised"),
    Lane.TRAINING: ("合同约定的培训时间", "Training as promised"),
    Lane.ACCEPTANCE: ("合同约定的验收时间", "Acceptance as promised"),
    Lane.OTHER: ("合同其他约定的时间", "Other promises"),
    Lane.MONEY: ("合同约定的收款时间", "Instalment as agreed"),
}


@transaction.atomic
def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    present = set(DeadlinePolicy.objects.filter(timer__startswith="execution.").values_list("timer", flat=True))
    for lane, (name_zh, name_en) in WORDS.items():
        timer = f"execution.{lane}"
        if timer in present:
            continue
        policy = DeadlinePolicy.objects.create(
            timer=timer, minutes=30 * DAY, clock="elapsed", rule=RULES[lane], name_zh=name_zh, name_en=name_en
        )
        owners = f"owners_{lane}"
        levels = (
            ("warned", 75, [owners]),
            ("missed", 100, [owners, "handler", "supervisor"]),
            ("escalated", 200, ["service_director"]),
        )
        for position, (kind, share, recipients) in enumerate(levels, start=1):
            PolicyLevel.objects.create(policy=policy, position=position, kind=kind, share=share, recipients=recipients)

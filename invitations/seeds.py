"""How often customers are reminded of their forms, and in which words they are written to; administrators change it."""

from __future__ import annotations

from django.db import transaction

from documents.outgoing import REMINDING
from invitations.sending import REMINDED, SENT
from notifications.models import MessageTemplate
from workflow.models import DeadlinePolicy, PolicyLevel

DAYS = 5
_ALONE_ZH = "\n\n$link\n\n该链接仅供您本人使用，请勿转发。如有疑问，请联系 $asked_by $phone。\n\n服务部"
_ALONE_EN = (
    "\n\n$link\n\nThe link is for you alone; please do not pass it on. If anything is unclear, ask $asked_by $phone."
    "\n\nService department"
)
_SENT_ZH = (
    "$person，您好：\n\n请您在 $until 之前填写《$form》（编号 $number）。"
    "打开下面的链接即可填写，无需登录；手机、电脑均可，填写内容会自动保存，可分多次完成："
)
_SENT_EN = (
    "Dear $person,\n\nplease fill in “$form” (number $number) by $until. "
    "This link opens it on a phone or a computer, without a login; what you fill in is saved as you go:"
)
_REMINDED_ZH = (
    "$person，您好：\n\n《$form》（编号 $number）尚未收到。请您在 $until 之前填写并提交，已填写的内容仍然保留："
)
_REMINDED_EN = (
    "Dear $person,\n\n“$form” (number $number) has not come back yet. "
    "Please fill it in and send it by $until; what you have filled in so far is still there:"
)
MAILS = {
    SENT: ("[$number] 请填写：$form", "[$number] Please fill in: $form", _SENT_ZH, _SENT_EN),
    REMINDED: ("[$number] 提醒：请填写$form", "[$number] Reminder: please fill in $form", _REMINDED_ZH, _REMINDED_EN),
}


@transaction.atomic
def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    _mails()
    _rhythm()


def _mails() -> None:
    present = set(MessageTemplate.objects.filter(code__in=MAILS).values_list("code", flat=True))
    for code, (subject_zh, subject_en, body_zh, body_en) in MAILS.items():
        if code not in present:
            MessageTemplate.objects.create(
                code=code,
                subject_zh=subject_zh,
                subject_en=subject_en,
                body_zh=body_zh + _ALONE_ZH,
                body_en=body_en + _ALONE_EN,
            )


def _rhythm() -> None:
    if DeadlinePolicy.objects.filter(timer=REMINDING.code).exists():
        return
    policy = DeadlinePolicy.objects.create(
        timer=REMINDING.code,
        minutes=DAYS * 1440,
        clock="elapsed",
        name_zh="提醒客户填写表单",
        name_en="Reminding customers of forms",
    )
    PolicyLevel.objects.create(policy=policy, position=1, kind="missed", share=100, recipients=["handler"])

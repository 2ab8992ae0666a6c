"""The words in which customers are written to, as they begin; an administrator edits them."""

from __future__ import annotations

from notifications.models import MessageTemplate

_SIGN_ZH = "\n\n服务部"
_SIGN_EN = "\n\nService department"
TEMPLATES: dict[str, tuple[str, str, str, str]] = {
    "recorded": (
        "[$number] 已受理：$title",
        "[$number] Accepted: $title",
        "$person，您好：\n\n您反映的问题已于 $at 受理，编号 $number。我们会尽快与您联系。",
        "Dear $person,\n\nyour issue was accepted at $at under the number $number. We will contact you soon.",
    ),
    "responded": (
        "[$number] 处理方案：$title",
        "[$number] How it will be solved: $title",
        "$person，您好：\n\n您反映的问题（编号 $number）已开始处理。\n\n解决方式：$way\n预计解决时间：$expected_at",
        "Dear $person,\n\nwork on your issue $number has begun.\n\nSolution: $way\nExpected: $expected_at",
    ),
    "asked": (
        "[$number] 请补充说明：$title",
        "[$number] Please tell us more: $title",
        "$person，您好：\n\n为处理您反映的问题（编号 $number），请补充：\n\n$asked",
        "Dear $person,\n\nto work on your issue $number we need from you:\n\n$asked",
    ),
    "resolved": (
        "[$number] 已解决，请确认：$title",
        "[$number] Solved, please confirm: $title",
        "$person，您好：\n\n您反映的问题（编号 $number）已解决。\n\n结果：$result\n\n如仍有问题，请告诉我们。",
        "Dear $person,\n\nyour issue $number has been solved.\n\nResult: $result\n\nTell us if anything is left.",
    ),
    "told": (
        "[$number] 处理进展：$title",
        "[$number] How it stands: $title",
        "$person，您好：\n\n您反映的紧急问题（编号 $number）的处理情况：\n\n$summary",
        "Dear $person,\n\nthis is how your emergency $number stands:\n\n$summary",
    ),
    "closed": (
        "[$number] 已结单：$title",
        "[$number] Closed: $title",
        "$person，您好：\n\n您反映的问题（编号 $number）已结单。感谢您的配合。",
        "Dear $person,\n\nyour issue $number has been closed. Thank you.",
    ),
    "reopened": (
        "[$number] 已重新处理：$title",
        "[$number] Taken up again: $title",
        "$person，您好：\n\n您反映的问题（编号 $number）已重新开始处理。",
        "Dear $person,\n\nyour issue $number has been taken up again.",
    ),
    "cancelled": (
        "[$number] 已取消：$title",
        "[$number] Cancelled: $title",
        "$person，您好：\n\n您反映的问题（编号 $number）已取消。",
        "Dear $person,\n\nyour issue $number has been cancelled.",
    ),
    "merged": (
        "[$number] 已并入 $merged_into：$title",
        "[$number] Goes on in $merged_into: $title",
        "$person，您好：\n\n您反映的问题（编号 $number）与 $merged_into 相同，将并入其中继续处理，进展会一并告知您。",
        "Dear $person,\n\nyour issue $number is the same as $merged_into and goes on there. We keep you informed.",
    ),
}


def seed() -> None:
    """Add the templates that are missing; what is there stays as an administrator has left it."""
    present = set(MessageTemplate.objects.values_list("code", flat=True))
    for code, (subject_zh, subject_en, body_zh, body_en) in TEMPLATES.items():
        if code not in present:
            MessageTemplate.objects.create(
                code=code,
                subject_zh=subject_zh,
                subject_en=subject_en,
                body_zh=body_zh + _SIGN_ZH,
                body_en=body_en + _SIGN_EN,
            )

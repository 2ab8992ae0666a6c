"""The post with which the roster begins: the emergency hotline. Its number is the administrators' to enter."""

from __future__ import annotations

from duty.models import Post

HOTLINE = ("emergency_hotline", "技术应急热线", "Technical emergency hotline")


def seed() -> None:
    """Add the post if there is none; what is there stays as an administrator has left it."""
    code, name_zh, name_en = HOTLINE
    if not Post.objects.filter(code=code).exists():
        Post.objects.create(code=code, name_zh=name_zh, name_en=name_en, position=10)

"""Articles in every state, made through the gate, and the tickets that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knowledge.models import Article, Topic
from tests.browser.house import solved, worked_on
from tests.cast import act

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Write = Callable[..., Article]

TITLE = "课件转码一直停在百分之九十"
BODY = "## 现象\n\n上传课件后一直显示转码中。\n\n## 处理\n\n重启转码服务，清理队列。"


def article_data(**overrides: Any) -> dict[str, Any]:
    """What is written when a usual article is begun."""
    said = {
        "title": TITLE,
        "topic": Topic.objects.get(code="fault").pk,
        "audience": "customers",
        "tags": "转码, 课件",
        "body": BODY,
    }
    return said | overrides


@pytest.fixture
def write(cast: Cast) -> Write:
    """Begin an article as the engineer, unless somebody else is named; `until` says how far it goes."""

    def begin(*, by: User | None = None, until: str = "draft", files: Any = None, **overrides: Any) -> Article:
        article = Article()
        act(article, "write", by or cast.engineer, files=files, **article_data(**overrides))
        steps = (
            ("submitted", "submit", by or cast.engineer),
            ("reviewed", "approve", cast.specialist),
            ("published", "publish", cast.specialist),
        )
        for state, verb, who in steps if until != "draft" else ():
            act(article, verb, who)
            if state == until:
                break
        return Article.objects.get(pk=article.pk)

    return begin


@pytest.fixture
def ticket(cast: Cast, new_ticket: Callable[..., Ticket]) -> Ticket:
    """A ticket that the engineer has solved."""
    body = "北大教学网上传课件后一直转码，请联系张老师 13800138000 或 zhang@pku.example。"
    return solved(worked_on(new_ticket(title=f"北京大学{TITLE}", body=body), cast), cast)

"""Knowledge made of tickets and used in them: drafts without persons, what matches, what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from knowledge import services
from knowledge.forms import WriteForm
from knowledge.models import Article, Use
from people.actors import Actor
from tests.cast import act
from tests.knowledge.conftest import TITLE, article_data
from workflow.models import Entry
from workflow.refusals import InvalidData, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Write = Callable[..., Article]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def begun(ticket: Ticket, user: User) -> dict[str, Any]:
    """What the form for a new article is filled with when somebody comes to it from a ticket."""
    form = WriteForm(record=Article(), actor=Actor(user), at=clock.now(), initial={"source": ticket.number})
    return dict(form.initial)


@pytest.mark.rule("TKT-25")
def test_a_resolved_ticket_fills_an_article_with_problem_method_and_result(cast: Cast, ticket: Ticket) -> None:
    filled = begun(ticket, cast.engineer)
    for part in ("上传课件后一直转码", "重启登录网关", "可以登录"):
        assert part in filled["body"]
    assert filled["topic"].code == "fault"
    article = Article()
    act(article, "write", cast.engineer, **article_data(source=ticket.number, body=filled["body"]))
    assert article.parent_id == ticket.pk


@pytest.mark.rule("TKT-25")
def test_the_customers_personal_data_do_not_come_along(cast: Cast, ticket: Ticket) -> None:
    filled = begun(ticket, cast.engineer)
    for private in ("北京大学", "北大", "张老师", "13800138000", "zhang@pku.example", "010-62751234"):
        assert private not in filled["title"] + filled["body"]
    assert TITLE in filled["title"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话 13800138000，微信同号", "电话 ×××，微信同号"),
        ("拨打 010-62751234 转 801", "拨打 ××× 转 801"),
        ("邮件 lib@pku.example 收", "邮件 ××× 收"),
        ("登录 https://course.pku.example/admin?x=1，再试", "登录 ×××，再试"),
        ("服务器 10.1.2.3 重启", "服务器 ××× 重启"),
        ("学号 20260301123 无法登录", "学号 ××× 无法登录"),
        ("身份证 11010519491231002X", "身份证 ×××"),
        ("错误 500，端口 8080，版本 9.1", "错误 500，端口 8080，版本 9.1"),
        ("升级到 V9.1 SP12", "升级到 V9.1 SP12"),
    ],
)
def test_numbers_and_addresses_of_people_and_machines_are_hidden(text: str, left: str) -> None:
    assert services.without_persons(text) == left


def test_names_are_hidden_the_longest_first() -> None:
    names = ["王小", "王小明", "北京大学", "", "王"]
    assert services.without_persons("请北京大学王小明联系王小", names) == "请××××××联系×××"


def test_a_ticket_that_is_not_solved_or_not_seen_fills_nothing(
    cast: Cast, ticket: Ticket, new_ticket: Callable[..., Ticket]
) -> None:
    assert "body" not in begun(new_ticket(), cast.engineer)
    assert "body" not in begun(ticket, cast.finance), "finance does not see the ticket"
    for number in (new_ticket().number, "TK-19990101-0001"):
        with pytest.raises(InvalidData):
            act(Article(), "write", cast.engineer, **article_data(source=number))


def test_articles_that_match_are_found_by_what_they_share(cast: Cast, write: Write) -> None:
    right = write(until="published")
    write(title="成绩册导出为空", body="统计报表服务未启动。", tags="", until="published")
    write(title=f"{TITLE}（草稿）")
    assert services.matching("老师反映课件一直转码", cast.engineer) == [right]
    assert services.matching("完全无关的采购流程", cast.engineer) == []
    assert services.matching("", cast.engineer) == []
    assert services.matching("课件转码", cast.contact) == [right]


def test_what_is_for_colleagues_is_not_found_by_customers(cast: Cast, write: Write) -> None:
    write(until="published", audience="staff")
    assert services.matching("课件一直转码", cast.contact) == []
    assert len(services.matching("课件一直转码", cast.engineer)) == 1


def test_a_very_long_text_is_matched_with_three_queries(
    cast: Cast, write: Write, django_assert_max_num_queries: Any
) -> None:
    write(until="published")
    with django_assert_max_num_queries(3):
        services.matching("课件转码" + "无法登录平台页面空白" * 20_000, cast.engineer)


@pytest.mark.rule("TKT-25")
def test_an_article_that_was_used_is_counted_once_and_the_ticket_says_so(
    cast: Cast, write: Write, ticket: Ticket
) -> None:
    article = write(until="published")
    actor = Actor(cast.engineer)
    assert services.use(article, ticket, actor)
    assert not services.use(article, ticket, Actor(cast.specialist))
    assert Use.objects.get().record_id == ticket.pk
    assert Article.objects.readable(cast.engineer).judged().get().used == 1
    note = Entry.objects.filter(record=ticket.pk).order_by("-seq")[0]
    assert (note.verb, note.actor) == ("note", cast.engineer)
    assert article.number in note.data["said"]["text"]


def test_who_has_nothing_to_do_with_a_ticket_uses_nothing_in_it(cast: Cast, write: Write, ticket: Ticket) -> None:
    with pytest.raises(NotAllowed):
        services.use(write(until="published"), ticket, Actor(cast.finance))
    assert not Use.objects.exists()


def test_a_vote_is_one_a_person_and_may_be_changed(cast: Cast, write: Write) -> None:
    article = write(until="published")
    services.vote(article, cast.contact, useful=True)
    services.vote(article, cast.engineer, useful=True)
    services.vote(article, cast.engineer, useful=False)
    judged = Article.objects.readable(cast.engineer).judged().get()
    assert (judged.useful, judged.useless) == (1, 1)

"""An article's life: who writes, who reviews, what is read meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from knowledge.models import Article, Edition, Gram
from people.actors import Actor
from people.models import Substitution
from tests.cast import act
from tests.knowledge.conftest import BODY, TITLE, article_data
from workflow.engine import offers
from workflow.models import WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast

    Write = Callable[..., Article]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def allowed(article: Article, user: User) -> set[str]:
    """What somebody may do with an article now."""
    return {offer.verb.code for offer in offers(article, Actor(user)) if offer.allowed}


@pytest.mark.rule("TKT-25")
def test_an_article_is_written_reviewed_by_another_and_published(cast: Cast, write: Write) -> None:
    article = write()
    assert (article.state, article.handler, article.current, article.customer) == ("draft", cast.engineer, None, None)
    act(article, "submit", cast.engineer)
    assert WorkItem.objects.open().get(record=article.pk).role == "customer_specialist"
    act(article, "approve", cast.specialist)
    assert article.state == "reviewed"
    act(article, "publish", cast.specialist)
    article = Article.objects.get(pk=article.pk)
    assert article.current is not None
    assert (article.state, article.edition, article.current.body) == ("published", 1, BODY)
    assert list(Article.objects.readable(cast.finance)) == [article]


@pytest.mark.rule("TKT-25")
@pytest.mark.parametrize("author", ["specialist", "engineer", "director"])
def test_nobody_reviews_what_they_have_written(cast: Cast, write: Write, author: str) -> None:
    who = vars(cast)[author]
    article = write(by=who, until="submitted")
    with pytest.raises(NotAllowed):
        act(article, "approve", who)
    assert "approve" not in allowed(article, who)
    assert "approve" in allowed(article, cast.other_specialist)


def test_who_wrote_it_before_does_not_review_what_another_has_taken_over(cast: Cast, write: Write) -> None:
    article = write(by=cast.other_specialist)
    act(article, "take_over", cast.specialist)
    assert article.handler == cast.specialist
    act(article, "submit", cast.specialist)
    for writer in (cast.specialist, cast.other_specialist):
        with pytest.raises(NotAllowed):
            act(article, "approve", writer)
    act(article, "approve", cast.other_engineer)


def test_an_author_who_stands_in_for_a_reviewer_does_not_review_in_that_name(cast: Cast, write: Write) -> None:
    now = clock.now()
    Substitution.objects.create(
        principal=cast.specialist, substitute=cast.trainer, starts_at=now, ends_at=now + timedelta(days=1)
    )
    article = write(by=cast.trainer, until="submitted")
    with pytest.raises(InvalidData, match="TKT-25"):
        act(article, "approve", cast.trainer)
    assert Article.objects.get(pk=article.pk).state == "submitted"


def test_who_has_written_in_the_authors_name_does_not_review_in_their_own(cast: Cast, write: Write) -> None:
    now = clock.now()
    Substitution.objects.create(
        principal=cast.engineer, substitute=cast.other_engineer, starts_at=now, ends_at=now + timedelta(days=1)
    )
    article = write()
    entry = act(article, "edit", cast.other_engineer, body="替他改的")
    assert entry.on_behalf_of == cast.engineer
    act(article, "submit", cast.engineer)
    with pytest.raises(InvalidData, match="TKT-25"):
        act(article, "approve", cast.other_engineer)
    act(article, "approve", cast.specialist)


def test_what_comes_back_is_written_on_and_submitted_again(cast: Cast, write: Write) -> None:
    article = write(until="submitted")
    with pytest.raises(InvalidData):
        act(article, "send_back", cast.specialist)
    act(article, "send_back", cast.specialist, reason="缺少版本")
    assert (article.state, article.handler) == ("draft", cast.engineer)
    with pytest.raises(NotAllowed):
        act(article, "edit", cast.specialist, body="别人的文字")
    act(article, "edit", cast.engineer, body=f"{BODY}\n\n适用于 9.1。")
    with pytest.raises(InvalidData):
        act(article, "edit", cast.engineer, body=f"{BODY}\n\n适用于 9.1。")
    act(article, "submit", cast.engineer)
    assert article.state == "submitted"


@pytest.mark.rule("TKT-25")
def test_the_old_edition_is_read_until_the_new_one_is_published(cast: Cast, write: Write) -> None:
    article = write(until="published")
    act(article, "revise", cast.other_engineer, reason="菜单变了")
    act(article, "edit", cast.other_engineer, title="新的标题", body="新的做法", audience="staff")
    act(article, "submit", cast.other_engineer)
    act(article, "approve", cast.specialist)
    readable = Article.objects.readable(cast.contact).get()
    assert (readable.current.title, readable.current.body, readable.current.number) == (TITLE, BODY, 1)
    act(article, "publish", cast.specialist)
    assert Article.objects.readable(cast.engineer).get().current.body == "新的做法"
    assert not Article.objects.readable(cast.contact).exists(), "it is for colleagues only from now on"
    assert list(Edition.objects.filter(article=article.pk).values_list("number", flat=True)) == [2, 1]


def test_a_revision_that_is_given_up_leaves_what_can_be_read(cast: Cast, write: Write) -> None:
    article = write(until="published")
    act(article, "revise", cast.engineer, reason="想改")
    act(article, "edit", cast.engineer, title="改坏了", body="改坏了")
    act(article, "give_up", cast.engineer)
    article = Article.objects.get(pk=article.pk)
    assert (article.state, article.title, article.body, article.edition) == ("published", TITLE, BODY, 1)
    draft = write(title="从未发布")
    with pytest.raises(Missing):
        act(draft, "give_up", cast.engineer)


def test_what_is_retired_is_not_read_nor_found(cast: Cast, write: Write) -> None:
    article = write(until="published")
    assert Gram.objects.filter(article=article.pk).exists()
    act(article, "retire", cast.specialist, reason="补丁已解决")
    assert not Article.objects.readable(cast.specialist).exists()
    assert not Gram.objects.filter(article=article.pk).exists()
    with pytest.raises(WrongState):
        act(article, "publish", cast.specialist)
    act(article, "revise", cast.engineer, reason="又出现了")
    assert not Article.objects.readable(cast.specialist).exists(), "until it is published again"


@pytest.mark.parametrize("who", ["finance", "contact", "admin"])
def test_who_may_not_write_does_not(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        act(Article(), "write", vars(cast)[who], **article_data())


@pytest.mark.parametrize(("verb", "until"), [("publish", "reviewed"), ("retire", "published")])
def test_only_the_desk_and_the_director_decide_what_is_read(cast: Cast, write: Write, verb: str, until: str) -> None:
    article = write(until=until)
    for who in (cast.engineer, cast.account_manager, cast.trainer):
        with pytest.raises(NotAllowed):
            act(article, verb, who, reason="x")
    act(article, verb, cast.director, reason="x")


@pytest.mark.parametrize("missing", ["title", "topic", "body"])
def test_an_article_without_what_it_needs_is_refused_at_its_field(cast: Cast, missing: str) -> None:
    said: dict[str, Any] = article_data(**{missing: ""})
    with pytest.raises(InvalidData) as refusal:
        act(Article(), "write", cast.engineer, **said)
    assert [reason.field for reason in refusal.value.reasons] == [missing]
    assert not Article.objects.exists()

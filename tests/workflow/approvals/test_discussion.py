"""Talking beside the text (CON-07): who remarks, answers and settles, on which place, and what stays on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from people.actors import Actor
from tests.workflow.approvals.conftest import say, submitted
from workflow.approvals import discussion
from workflow.engine import perform
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

TEXT = "第一条 续签一年。\n\n第二条 十日内付款。"


@pytest.fixture
def read(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    """A contract of two paragraphs that its service reviewer reads."""
    contract.text = TEXT
    contract.save()
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    return submitted(contract, signers.author)


@pytest.mark.rule("CON-07")
def test_reviewer_and_author_talk_about_a_paragraph_and_it_stays_on_record(read: Contract, signers: Signers) -> None:
    asked = say(read, "remark", signers.service, place="text.2", text="十日太短")
    say(read, "remark", signers.author, about=asked.seq, text="客户已同意")
    (remark,) = discussion.of(read)
    assert (remark.place, remark.quote, remark.version) == ("text.2", "第二条 十日内付款。", 1)
    assert (str(remark.word.by), remark.word.text) == ("高审核", "十日太短")
    assert [(str(word.by), word.text) for word in remark.answers] == [("林销售", "客户已同意")]
    assert discussion.still_open([remark]) == [remark]
    assert asked.rules == ["CON-07"]


@pytest.mark.rule("CON-07")
def test_a_reviewer_settles_a_remark_and_its_author_does_not(read: Contract, signers: Signers) -> None:
    asked = say(read, "remark", signers.service, place="text.2", text="十日太短")
    with pytest.raises(NotAllowed, match="评审人"):
        say(read, "settle_remark", signers.author, about=asked.seq)
    say(read, "settle_remark", signers.service, about=asked.seq, text="已说明")
    (remark,) = discussion.of(read)
    assert remark.settled is not None
    assert remark.settled.text == "已说明"
    for verb in ("remark", "settle_remark"):
        with pytest.raises(InvalidData):
            say(read, verb, signers.service, about=asked.seq, text="再说")


def test_the_author_settles_what_the_author_has_remarked(read: Contract, signers: Signers) -> None:
    own = say(read, "remark", signers.author, text="请先看附件")
    say(read, "settle_remark", signers.author, about=own.seq)
    assert discussion.still_open(discussion.of(read)) == []


def test_nobody_talks_who_has_nothing_to_do_with_it(read: Contract, signers: Signers) -> None:
    for user in (signers.outsider, signers.finance):
        with pytest.raises(NotAllowed):
            say(read, "remark", user, text="路过")
    say(read, "copy_to", signers.service, people=[signers.outsider.pk])
    say(read, "remark", signers.outsider, text="抄送后可以说")
    assert [remark.word.text for remark in discussion.of(read)] == ["抄送后可以说"]


@pytest.mark.parametrize("place", ["text.3", "text.0", "nowhere", "text", "lines.1", "x" * 60, "../.."])
def test_a_place_that_the_content_does_not_have_is_refused(read: Contract, signers: Signers, place: str) -> None:
    with pytest.raises(Missing):
        say(read, "remark", signers.service, place=place, text="哪里")
    assert discussion.of(read) == []


@pytest.mark.parametrize("about", [0, 99, 2**31, "x"])
def test_nobody_answers_or_settles_what_is_not_there(read: Contract, signers: Signers, about: object) -> None:
    for verb in ("remark", "settle_remark"):
        with pytest.raises(InvalidData):
            say(read, verb, signers.service, about=about, text="什么")


def test_what_has_been_decided_for_good_is_not_talked_about_any_more(read: Contract, signers: Signers) -> None:
    say(read, "agree", signers.service)
    say(read, "remark", signers.service, text="还有一句")
    say(read, "agree", signers.vice)
    assert read.state == "approved"
    with pytest.raises(WrongState):
        say(read, "remark", signers.service, text="太晚")


def test_a_remark_does_not_spoil_a_decision_that_somebody_is_about_to_take(read: Contract, signers: Signers) -> None:
    seen = read.version
    say(read, "remark", signers.author, text="补充一句")
    perform(read, "agree", actor=Actor(signers.service), data={}, expected_version=seen)
    read.refresh_from_db()
    assert read.state == "leader_approval"


def test_places_are_fields_rows_and_numbered_paragraphs() -> None:
    content = {"amount": "1.00", "lines": [{"key": 1, "price": "1.00"}], "text": TEXT, "short": "一句"}
    assert discussion.places(content) == {
        "amount": "1.00",
        "lines.1": "1.00",
        "text.1": "第一条 续签一年。",
        "text.2": "第二条 十日内付款。",
        "short": "一句",
    }

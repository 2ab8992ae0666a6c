"""Canned texts: what fills them, what is refused, whose they are, and where they are offered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from core import clock
from texts.forms import CannedTextForm, writable
from texts.models import CannedText, may_share
from texts.offering import offered
from texts.places import fill, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def made(name: str, text: str = "您好", owner: User | None = None, **rest: Any) -> CannedText:
    """A text that has been looked at like one from a form."""
    row = CannedText(name=name, text=text, owner=owner, **rest)
    row.full_clean()
    row.save()
    return row


# --- places ------------------------------------------------------------------------------------------------------
def test_places_in_both_languages_are_filled_from_the_record(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = new_ticket(title="平台无法登录")
    text = "{{联系人}}，您好：{{ customer }}的问题 {{编号}}“{{title}}”由{{我}}跟进。{{今天}} {{today}}"
    with clock.held(datetime(2026, 3, 2, 17, 0, tzinfo=UTC)):  # the third already in Shanghai
        said = fill(text, ticket, cast.engineer)
    assert said == f"张老师，您好：北京大学的问题 {ticket.number}“平台无法登录”由王工跟进。2026年3月3日 2026-03-03"


def test_what_a_record_does_not_have_stays_to_be_seen(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    assert fill("{{处理人}} {{Handler}}", new_ticket(), cast.engineer) == "[处理人] [handler]"


def test_what_is_filled_in_is_looked_at_no_further_and_nothing_is_evaluated(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket(title="{{我}} {% now %} {{ 7|add:7 }} <b>x</b>")
    assert fill("{{标题}}", ticket, cast.engineer) == ticket.title
    for text in ("{{customer.account_manager.password}}", "{{ticket}}", "{{ 1+1 }}", "{{__class__}}"):
        assert unknown(text), text


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("{{customer}} {{客户}}", []),
        ("{{ Customer }}", []),
        ("a {b} ${c} %(d)s {% e %}", []),
        ("{{顾客}}和{{client}}和{{顾客}}", ["顾客", "client"]),
        ("{{客户", ["{{"]),
        ("客户}}", ["}}"]),
        ("{{{{客户}}}}", ["{{", "}}"]),
        ("{{}}", ["{{", "}}"]),
    ],
)
def test_what_cannot_be_filled_in_is_found(text: str, strange: list[str]) -> None:
    assert unknown(text) == strange


def test_a_text_with_a_strange_place_is_refused_with_a_list_of_those_that_there_are(cast: Cast) -> None:
    for language, words in (("en", "{{handler}}"), ("zh-hans", "{{处理人}}")):
        with override(language):
            form = CannedTextForm({"name": "问候", "text": "{{顾客}}您好"}, writer=cast.engineer)
            assert list(form.errors) == ["text"]
            assert "顾客" in str(form.errors["text"])
            assert words in str(form.errors["text"])
    assert not CannedText.objects.exists()


# --- whose they are ----------------------------------------------------------------------------------------------
def test_everybody_sees_the_own_and_the_shared_and_nobody_the_others(cast: Cast) -> None:
    mine, theirs, shared = made("甲", owner=cast.engineer), made("乙", owner=cast.trainer), made("丙")
    assert set(CannedText.objects.for_actor(cast.engineer)) == {mine, shared}
    assert set(CannedText.objects.for_actor(cast.trainer)) == {theirs, shared}
    assert set(CannedText.objects.for_actor(cast.admin)) == {shared}
    assert not CannedText.objects.for_actor(cast.contact).exists()


def test_the_shared_ones_are_looked_after_by_heads_and_administrators(cast: Cast) -> None:
    mine, shared = made("甲", owner=cast.engineer), made("丙")
    keepers = {name for name, who in cast.everybody().items() if may_share(who)}
    assert keepers == {"director", "supervisor", "admin"}
    assert set(CannedText.objects.kept_by(cast.engineer)) == {mine}
    assert set(CannedText.objects.kept_by(cast.director)) == {shared}
    assert not CannedText.objects.kept_by(cast.contact).exists()


def test_who_does_not_look_after_the_shared_ones_makes_none(cast: Cast) -> None:
    form = CannedTextForm({"name": "问候", "text": "您好", "shared": "on"}, writer=cast.engineer)
    assert form.is_valid()
    assert form.save().owner == cast.engineer
    form = CannedTextForm({"name": "问候", "text": "您好", "shared": "on"}, writer=cast.director)
    assert form.is_valid()
    assert form.save().owner is None


def test_one_name_is_one_text_of_a_person_and_one_of_all(cast: Cast) -> None:
    for owner in (cast.engineer, cast.trainer, None):
        made("问候", owner=owner)
    for owner in (cast.engineer, None):
        with pytest.raises(ValidationError):
            made("问候", owner=owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            CannedText.objects.create(name="问候", text="x", owner=owner)


def test_the_same_name_again_is_said_in_words(cast: Cast) -> None:
    made("问候", owner=cast.engineer)
    form = CannedTextForm({"name": "问候", "text": "您好"}, writer=cast.engineer)
    assert list(form.errors) == ["name"]
    assert CannedTextForm({"name": "问候", "text": "您好"}, writer=cast.trainer).is_valid()


def test_what_was_changed_is_remembered(cast: Cast) -> None:
    row = made("问候")
    row.text = "您好，"
    row.save()
    assert CannedText.history.filter(id=row.pk).count() == 2


# --- where they are offered --------------------------------------------------------------------------------------
def test_a_text_is_offered_where_it_belongs_the_own_ones_first(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = new_ticket()
    made("丙 处处")
    made("甲 响应", offered_at=["ticket/respond"])
    made("乙 工单", offered_at=["ticket/*"])
    made("丁 文章", offered_at=["article/*"])
    made("戊 停用", active=False)
    made("己 自己", owner=cast.engineer)
    made("庚 别人", owner=cast.trainer)
    assert [each.name for each in offered(cast.engineer, ticket, "respond")] == [
        "己 自己",
        "丙 处处",
        "乙 工单",
        "甲 响应",
    ]
    assert "甲 响应" not in [each.name for each in offered(cast.engineer, ticket, "resolve")]


@pytest.mark.parametrize("words", ["远程", "yc", "YCZC", "teamviewer"])
def test_a_text_is_found_by_name_initials_or_words(new_ticket: Callable[..., Ticket], cast: Cast, words: str) -> None:
    made("远程支持", "请打开 TeamViewer")
    made("问候")
    assert [each.name for each in offered(cast.engineer, new_ticket(), "note", words)] == ["远程支持"]


def test_many_texts_are_one_question(
    new_ticket: Callable[..., Ticket], cast: Cast, django_assert_num_queries: Any
) -> None:
    ticket = new_ticket()
    for n in range(40):
        made(f"第{n}", "{{联系人}} {{编号}}")
    assert ticket.contact.name
    with django_assert_num_queries(1):
        assert len(offered(cast.engineer, ticket, "note")) == 30


def test_only_acts_that_people_write_texts_for_can_be_chosen() -> None:
    codes = {code for _process, choices in writable() for code, _label in choices}
    assert {"ticket/*", "ticket/respond", "ticket/note", "ticket/log_contact"} <= codes
    assert not {"ticket/record", "ticket/hear", "ticket/take_in", "ticket/unlinked", "ticket/change_handler"} & codes


def test_a_list_of_acts_that_is_none_is_refused(cast: Cast) -> None:
    for wrong in (5, "ticket/note", [1], {"a": 1}):
        with pytest.raises(ValidationError):
            made("问候", offered_at=wrong)

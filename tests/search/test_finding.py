"""What is found: exactly what holds the words, whichever database; by initials, fragments and numbers as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Contact, Organisation
from search import finding
from search.asking import asked
from search.finding import find
from search.grams import plain
from search.models import Document, put
from search.writing import Told, document
from tests.cast import act

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast, University
    from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def headings(user: User, words: str, kind: str = "") -> list[str]:
    """The headings of all that somebody finds."""
    groups = find(user, asked(words), shown=100).groups
    return [hit.heading for group in groups if kind in {"", group.source.kind} for hit in group.hits]


def numbers(user: User, words: str) -> set[str]:
    """The numbers of the tickets that somebody finds."""
    return {heading.split()[0] for heading in headings(user, words, "ticket")}


words = st.text("登录失败平台ab1", min_size=2, max_size=4)
questions = st.lists(words, min_size=1, max_size=2).map(" ".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("登录失败平台 ab1,", max_size=14), min_size=1, max_size=6), questions)
def test_the_index_finds_exactly_what_holds_every_word(university: University, texts: list[str], typed: str) -> None:
    Document.objects.all().delete()
    owner = university.organisation
    put(document("customer", n, Told(f"Nr. {n}", text), organisation_id=owner.pk) for n, text in enumerate(texts))
    question = asked(typed)
    if question.short or question.empty:
        return
    wanted = {n for n, text in enumerate(texts) if all(term in plain(text) for term in question.terms)}
    user = owner.account_manager
    assert user is not None
    found = {hit.subject for group in find(user, question, shown=100).groups for hit in group.hits}
    # A word of three letters may also be the beginning of somebody's initials; nobody here has any.
    assert found == wanted


def test_two_characters_are_found_in_titles_descriptions_notes_and_results(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    ticket, other = new_ticket(title="教学平台打不开", body="老师上传课件后转码失败"), new_ticket(title="成绩册")
    act(ticket, "note", cast.engineer, text="已经重启了网关")
    for typed in ("教学", "课件", "网关", "平台 转码", "转码 网关"):
        assert numbers(cast.specialist, typed) == {ticket.number}, typed
    assert numbers(cast.specialist, "平台 成绩") == set()
    assert numbers(cast.specialist, "成绩") == {other.number}


def test_pairs_that_stand_apart_are_not_the_word(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket(title="教学与学平，平台", body="无")
    assert headings(cast.specialist, "教学平台") == []


@pytest.mark.parametrize("typed", ["VPN", "ｖｐｎ", "vp\u200bn", "vpn登录", "登录 ＶＰＮ"])
def test_width_case_and_order_make_no_difference(cast: Cast, new_ticket: Callable[..., Ticket], typed: str) -> None:
    ticket = new_ticket(title="ＶＰＮ登录不了")
    assert numbers(cast.specialist, typed) == {ticket.number}


@pytest.mark.parametrize("typed", ["bjdx", "bj", "BJD", "北京", "北大", "北"])
def test_a_customer_is_found_by_name_and_initials(university: University, cast: Cast, typed: str) -> None:
    assert "北京大学 · 北大" in headings(cast.engineer, typed, "customer")


def test_initials_begin_a_name_and_do_not_stand_in_its_middle(university: University, cast: Cast) -> None:
    assert headings(cast.engineer, "jdx", "customer") == []


@pytest.mark.parametrize(
    "typed", ["62751234", "010-6275", "0106275", "6275", "010 6275", "(010)62751234", "zls", "pku.ex"]
)
def test_a_contact_is_found_by_fragments_of_a_number_initials_and_address(
    university: University, cast: Cast, typed: str
) -> None:
    assert headings(cast.engineer, typed, "contact") == ["张老师"]


def test_a_ticket_is_found_by_its_number_and_by_a_part_of_it(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    first, second = new_ticket(), new_ticket()
    for typed in (first.number, first.number.lower(), first.number[-4:], first.number[3:]):
        assert numbers(cast.specialist, typed) == {first.number}, typed
    assert numbers(cast.specialist, "TK-") == {first.number, second.number}


def test_a_number_and_a_telephone_number_come_before_everything_else(
    cast: Cast, university: University, new_ticket: Callable[..., Ticket]
) -> None:
    first = new_ticket()
    new_ticket(title=f"{first.number} 又出现了", body="回拨 010-62751234")
    group = find(cast.specialist, asked(first.number)).groups[0]
    assert (group.rank, group.alone, group.hits[0].record_id) == (0, True, first.pk)
    groups = find(cast.specialist, asked("010 62751234")).groups
    assert (groups[0].source.kind, groups[0].rank) == ("contact", 0)


def test_who_says_it_in_the_title_comes_first_then_the_newest(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    made = [
        new_ticket(title=title, body=body)
        for title, body in (("黑屏", "无"), ("卡顿", "黑屏"), ("黑屏了", "无"), ("慢", "黑屏"))
    ]
    found = [heading.split()[0] for heading in headings(cast.specialist, "黑屏")]
    assert found == [made[n].number for n in (2, 0, 3, 1)]


def test_one_character_is_looked_for_in_headings_only(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket(title="投影仪坏了", body="灯")
    new_ticket(title="别的", body="仪器")
    assert numbers(cast.specialist, "仪") == {ticket.number}
    assert numbers(cast.specialist, "灯") == set()


def test_hits_are_counted_and_ordered_so_far_and_no_further(
    cast: Cast, new_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(7):
        new_ticket(title=f"第 {n} 次卡顿")
    monkeypatch.setattr(finding, "COUNTED", 5)
    monkeypatch.setattr(finding, "ORDERED", 4)
    (group,) = find(cast.specialist, asked("卡顿")).groups
    assert (group.total, group.total_words, len(group.hits)) == (6, "5+", 4)


def test_the_newest_are_looked_through_first_and_nothing_older_is_lost(
    cast: Cast, new_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = new_ticket(title="罕见的蓝屏")
    monkeypatch.setattr("search.models.NEAR", 2)
    monkeypatch.setattr(finding, "NEAR", 2)
    monkeypatch.setattr(finding, "COUNTED", 3)
    new = [new_ticket(title="普通的卡顿") for _n in range(8)]
    assert numbers(cast.specialist, "蓝屏") == {old.number}
    (group,) = find(cast.specialist, asked("卡顿"), shown=10).groups
    assert [hit.record_id for hit in group.hits] == [ticket.pk for ticket in reversed(new)][: len(group.hits)]
    assert len(group.hits) == 4


def test_what_changes_is_found_anew_and_what_leaves_is_found_no_more(cast: Cast, university: University) -> None:
    university.organisation.name, university.organisation.short_name = "燕京大学", ""
    university.organisation.save()
    assert headings(cast.engineer, "yjdx") == ["燕京大学"]
    assert headings(cast.engineer, "北京大学") == []
    university.contact.active = False
    university.contact.save()
    assert headings(cast.engineer, "张老师", "contact") == []
    Contact.objects.filter(pk=university.contact.pk).first().delete()  # type: ignore[union-attr]
    university.organisation.active = False
    university.organisation.save()
    assert headings(cast.engineer, "燕京") == []
    gone = Organisation.objects.create(name="短命学院", region=university.region)
    assert headings(cast.engineer, "短命") == ["短命学院"]
    gone.delete()
    assert headings(cast.engineer, "短命") == []


def test_a_corrected_title_is_found_at_once(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket(title="打印机")
    act(ticket, "correct", cast.specialist, **_corrected(ticket, title="扫描仪"))
    assert headings(cast.specialist, "扫描") == [f"{ticket.number} 扫描仪"]


def _corrected(ticket: Ticket, **said: Any) -> dict[str, Any]:
    kept = ("title", "body", "phone", "email", "fax")
    given = {name: getattr(ticket, name) for name in kept}
    given |= {name: getattr(ticket, f"{name}_id") for name in ("customer", "contact", "issue_type", "subtype")}
    return given | said

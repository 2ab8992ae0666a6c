"""What is gathered when a period is over: digests of resolved tickets (TKT-25), summaries of opinions (TKT-26)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from knowledge import seeds, services
from knowledge.models import Article, Digest, Material, Rhythm, Summary, Topic, Voice
from tests.browser.house import in_two_days, solved
from tests.cast import act
from tests.knowledge.conftest import article_data
from tickets.models import Channel
from workflow.models import Deadline, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

    New = Callable[..., Ticket]
    Hold = Callable[[datetime], Any]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
IN_MARCH = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
IN_APRIL = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def at(held_clock: Hold, cast: Cast) -> Hold:
    """The clock stands in March, and everything up to then has been gathered."""
    held_clock(IN_MARCH)
    Rhythm.objects.update(done_until=date(2026, 3, 1))
    return held_clock


@pytest.fixture
def solve(at: Hold, cast: Cast, new_ticket: New) -> New:
    """A ticket that the engineer has solved today."""

    def solve_one(title: str, **overrides: Any) -> Ticket:
        ticket = new_ticket(title=title, **overrides)
        act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
        said = {"way": "远程", "expected_at": in_two_days(), "measures": "检查"}
        act(ticket, "respond", cast.engineer, contacted_by=ticket.channel_id, **said)
        return solved(ticket, cast)

    return solve_one


def asked() -> list[list[str]]:
    """The questions of the one digest, as it shows them."""
    questions: dict[int, list[str]] = {}
    for row in Material.objects.select_related("record"):
        questions.setdefault(row.cluster, []).append(row.record.title)
    return list(questions.values())


@pytest.mark.rule("TKT-25")
def test_a_month_later_its_resolved_tickets_wait_for_the_specialists(at: Hold, cast: Cast, solve: New) -> None:
    solve("成绩册无法导出")
    assert services.gather_what_is_due() == 0, "the month is not over"
    at(IN_APRIL)
    assert services.gather_what_is_due() == 1
    digest = Digest.objects.get()
    assert (digest.state, digest.begins, digest.ends) == ("open", date(2026, 3, 1), date(2026, 4, 1))
    item = WorkItem.objects.open().get(record=digest.pk)
    assert (item.role, item.verb) == ("customer_specialist", "finish")
    assert Deadline.objects.get(record=digest.pk).timer == "digest.work"


@pytest.mark.rule("TKT-25")
def test_repeated_questions_come_first_and_what_led_to_an_article_is_left_out(
    at: Hold, cast: Cast, solve: New, new_ticket: New
) -> None:
    solve("成绩册无法导出")
    for place in ("一", "二", "三"):
        solve(f"移动端签到一直转圈（{place}）")
    written = solve("直播课堂没有声音")
    act(Article(), "write", cast.engineer, **article_data(source=written.number))
    new_ticket(title="还没有解决")
    at(IN_APRIL)
    services.gather_what_is_due()
    questions = asked()
    assert [len(question) for question in questions] == [3, 1]
    assert all("移动端签到" in title for title in questions[0])
    assert questions[1] == ["成绩册无法导出"]


@pytest.mark.rule("TKT-25")
def test_it_is_gathered_once_whatever_runs_twice(at: Hold, solve: New) -> None:
    solve("成绩册无法导出")
    at(IN_APRIL)
    assert [services.gather_what_is_due() for _run in range(3)] == [1, 0, 0]
    assert Digest.objects.count() == 1


@pytest.mark.rule("TKT-25", "TKT-26")
def test_a_rhythm_that_is_set_back_gathers_nothing_twice(at: Hold, cast: Cast, solve: New) -> None:
    act(solve("成绩册无法导出"), "confirm", cast.specialist, satisfaction=4, comment="好")
    at(IN_APRIL)
    services.gather_what_is_due()
    Rhythm.objects.update(done_until=date(2026, 3, 1))
    assert services.gather_what_is_due() == 0
    assert set(Rhythm.objects.values_list("done_until", flat=True)) == {date(2026, 4, 1)}


@pytest.mark.rule("TKT-25", "TKT-26")
def test_late_periods_are_made_up_for_one_by_one(at: Hold, cast: Cast, solve: New) -> None:
    solve("三月的问题")
    at(datetime(2026, 5, 6, 2, 0, tzinfo=UTC))
    act(solve("五月的问题"), "confirm", cast.specialist, satisfaction=4, comment="好")
    at(IN_JUNE)
    assert services.gather_what_is_due() == 3
    assert [vars(digest)["begins"] for digest in Digest.objects.order_by("pk")] == [date(2026, 3, 1), date(2026, 5, 1)]
    assert Summary.objects.get().begins == date(2026, 5, 1)
    assert set(Rhythm.objects.values_list("done_until", flat=True)) == {date(2026, 6, 1)}


@pytest.mark.rule("TKT-25")
def test_what_an_administrator_expects_no_knowledge_of_is_left_out(at: Hold, solve: New) -> None:
    solve("成绩册无法导出")
    Topic.objects.filter(code="fault").update(gathered=False)
    at(IN_APRIL)
    assert services.gather_what_is_due() == 0


def test_a_changed_rhythm_leaves_no_gap() -> None:
    rhythm = Rhythm(purpose="digest", every="month", done_until=date(2026, 12, 1))
    assert rhythm.next_end() == date(2027, 1, 1)
    rhythm.every = "quarter"
    assert rhythm.next_end() == date(2027, 1, 1)
    rhythm.done_until = date(2026, 7, 1)
    assert rhythm.next_end() == date(2026, 10, 1)
    rhythm.every, rhythm.done_until = "week", date(2026, 3, 4)
    assert rhythm.next_end() == date(2026, 3, 9), "the next Monday"
    rhythm.done_until = rhythm.next_end()
    assert rhythm.next_end() == date(2026, 3, 16)


def test_a_rhythm_out_of_force_gathers_nothing(at: Hold, solve: New) -> None:
    solve("成绩册无法导出")
    Rhythm.objects.update(active=False)
    at(IN_APRIL)
    assert services.gather_what_is_due() == 0


def test_the_fault_of_one_purpose_does_not_stop_the_other(
    at: Hold, cast: Cast, solve: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(solve("成绩册无法导出"), "confirm", cast.specialist, satisfaction=4, comment="好")

    def broken(span: object) -> bool:
        raise RuntimeError

    monkeypatch.setitem(services._gatherers, Rhythm.Purpose.DIGEST, broken)
    at(IN_APRIL)
    assert services.gather_what_is_due() == 1
    assert Rhythm.objects.get(purpose="digest").done_until == date(2026, 3, 1), "it is tried again"


@pytest.mark.rule("TKT-25")
def test_a_specialist_takes_a_digest_and_says_what_was_made_of_it(at: Hold, cast: Cast, solve: New) -> None:
    solve("成绩册无法导出")
    at(IN_APRIL)
    services.gather_what_is_due()
    digest = Digest.objects.get()
    with pytest.raises(NotAllowed):
        act(digest, "finish", cast.engineer, made="x")
    act(digest, "take", cast.specialist)
    assert WorkItem.objects.open().get(record=digest.pk).user == cast.specialist
    with pytest.raises(InvalidData):
        act(digest, "finish", cast.specialist)
    act(digest, "finish", cast.specialist, made="写成一篇文章")
    digest = Digest.objects.get()
    assert (digest.state, digest.made, digest.is_open) == ("done", "写成一篇文章", False)
    assert not WorkItem.objects.open().filter(record=digest.pk).exists()


@pytest.mark.rule("TKT-26")
def test_opinions_and_grades_are_counted_by_customer_kind_and_topic(at: Hold, cast: Cast, solve: New) -> None:
    ticket = solve("成绩册无法导出")
    act(ticket, "reopen", cast.specialist, reason="又来了")
    phone = Channel.objects.get(code="phone").pk
    said = {"contacted_by": phone, "person": "张老师", "summary": "已告知进度"}
    act(ticket, "log_contact", cast.account_manager, **said)
    act(ticket, "log_contact", cast.account_manager, **said, opinion_kind="suggestion", opinion="希望批量导出")
    act(ticket, "log_contact", cast.account_manager, **said, opinion_kind="complaint", opinion="热线占线")
    act(ticket, "respond", cast.engineer, contacted_by=phone, way="远程", expected_at=in_two_days(), measures="查")
    act(solved(ticket, cast), "confirm", cast.specialist, satisfaction=2, comment="太慢")
    at(IN_APRIL)
    services.gather_what_is_due()
    summary = Summary.objects.get()
    voices = list(Voice.objects.values_list("kind", "text", "satisfaction", "customer__short_name", "topic__code"))
    assert voices == [
        ("suggestion", "希望批量导出", None, "北大", "fault"),
        ("complaint", "热线占线", None, "北大", "fault"),
        ("grade", "太慢", 2, "北大", "fault"),
    ]
    for part in ("希望批量导出", "热线占线", "北大", "2.0"):
        assert part in summary.text
    assert WorkItem.objects.open().get(record=summary.pk).role == "customer_specialist"


@pytest.mark.rule("TKT-26")
def test_an_opinion_needs_its_kind_and_its_words(at: Hold, cast: Cast, new_ticket: New) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    said = {"contacted_by": Channel.objects.get(code="phone").pk, "person": "张老师", "summary": "进度"}
    for half, field in (({"opinion": "太慢"}, "opinion_kind"), ({"opinion_kind": "praise"}, "opinion")):
        with pytest.raises(InvalidData) as refusal:
            act(ticket, "log_contact", cast.account_manager, **said, **half)
        assert [reason.field for reason in refusal.value.reasons] == [field]


@pytest.mark.rule("TKT-26")
def test_a_specialist_edits_finishes_and_may_take_up_the_summary_again(at: Hold, cast: Cast, solve: New) -> None:
    act(solve("成绩册无法导出"), "confirm", cast.specialist, satisfaction=5, comment="谢谢")
    at(IN_APRIL)
    services.gather_what_is_due()
    summary = Summary.objects.get()
    act(summary, "take", cast.specialist)
    with pytest.raises(NotAllowed):
        act(summary, "summarise", cast.engineer, text="x")
    with pytest.raises(InvalidData):
        act(summary, "summarise", cast.specialist, text=" ")
    act(summary, "summarise", cast.specialist, text="## 本月\n\n满意。")
    act(summary, "finish", cast.specialist)
    assert Summary.objects.get().text == "## 本月\n\n满意。"
    act(summary, "reopen", cast.specialist, reason="补充")
    assert Summary.objects.get().state == "open"


def test_a_summary_without_words_is_not_finished(at: Hold, cast: Cast) -> None:
    span = {"title": "意见", "begins": "2026-03-01", "ends": "2026-04-01", "text": ""}
    summary = services.perform_by_system(Summary(), "gather", span)
    with pytest.raises(Missing):
        act(summary, "finish", cast.specialist)


@pytest.mark.parametrize("model", [Digest, Summary])
def test_nobody_gathers_by_hand(cast: Cast, model: Any) -> None:
    for who in (cast.specialist, cast.director, cast.admin):
        with pytest.raises(NotAllowed):
            act(model(), "gather", who, title="x", begins="2026-03-01", ends="2026-04-01")


def test_seeding_twice_changes_nothing_and_keeps_what_an_administrator_changed(seeded: None) -> None:
    Rhythm.objects.filter(purpose="digest").update(every="week", active=False)
    before = list(Rhythm.objects.order_by("pk").values())
    with clock.held(IN_JUNE):
        seeds.seed()
    assert list(Rhythm.objects.order_by("pk").values()) == before

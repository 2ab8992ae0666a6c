"""The small pieces: tables, states drawn from the flow, times left, rule chips, finders."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import override

from core import clock, markup
from core.faces import Panel
from core.tables import Column, Table
from desk import rulebook, states, timelines
from desk.timelines import size
from people.models import User
from tests.browser.house import worked_on
from tests.cast import act
from workflow import registry
from workflow.models import Deadline
from workflow.tones import tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    Browser = Callable[[User], Client]

    from tests.cast import Cast
    from tickets.models import Ticket

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Fruits(Table):
    columns = (
        Column("name", "Name", lambda row: row, sort=("name",)),
        Column("raw", "Raw", lambda row: format_html("<b>{}</b>", len(row))),
        Column("empty", "Empty", lambda _row: None, sort=("-weight", "name")),
    )
    order = "name"


def test_a_cell_is_text_unless_it_says_that_it_is_markup() -> None:
    body = Fruits().body(["<i>"])
    assert "&lt;i&gt;" in body
    assert "<b>3</b>" in body
    assert markup.NOTHING in body


@pytest.mark.parametrize(
    ("asked", "ordering"),
    [
        ("", ["name", "-pk"]),
        ("-name", ["-name", "-pk"]),
        ("empty", ["-weight", "name", "-pk"]),
        ("-empty", ["weight", "-name", "-pk"]),
        ("raw", ["name", "-pk"]),
        ("password", ["name", "-pk"]),
        ("--name", ["name", "-pk"]),
    ],
)
def test_only_declared_orders_are_followed(asked: str, ordering: list[str]) -> None:
    assert Fruits(asked=asked).ordering() == ordering


def test_a_heading_tells_the_order_and_leads_to_the_other() -> None:
    head = Fruits(asked="name").head(lambda order: f"?sort={order}&x=1")
    assert 'aria-sort="ascending"' in head
    assert 'href="?sort=-name&amp;x=1"' in head


@pytest.mark.parametrize(
    ("rest", "tone", "words"),
    [
        (timedelta(hours=5), "calm", "5 h left"),
        (timedelta(minutes=119), "soon", "1 h 59 min left"),
        (timedelta(days=2, hours=3), "calm", "2 d 3 h left"),
        (timedelta(seconds=-59), "over", "0 min over"),
        (timedelta(days=-1), "over", "1 d 0 min over"),
    ],
)
def test_the_time_left_is_word_colour_and_shape(rest: timedelta, tone: str, words: str) -> None:
    with clock.held(NOON), override("en"):
        shown = markup.left(NOON + rest)
    assert f"left-{tone}" in shown
    assert words in shown
    assert "<svg" in shown


def test_a_moment_leaves_out_what_is_plain() -> None:
    with clock.held(NOON):
        assert ">12:00<" in markup.moment(NOON)
        assert ">03-01 12:00<" in markup.moment(NOON - timedelta(days=1))
        assert ">2025-03-02 12:00<" in markup.moment(NOON - timedelta(days=365))
    assert markup.moment(None) == markup.NOTHING


def test_on_paper_every_moment_has_its_date_and_nothing_counts_down() -> None:
    with clock.held(NOON), markup.on_paper(), override("en"):
        assert ">2026-03-02 12:00<" in markup.moment(NOON)
        assert re.fullmatch(r"Due <time[^>]*>2026-03-02 13:00</time>", markup.left(NOON + timedelta(hours=1)))
        assert markup.words_of(NOON) == "2026-03-02 12:00"
    with clock.held(NOON):
        assert ">12:00<" in markup.moment(NOON)
        assert markup.words_of(NOON) == "03-02 12:00"
        assert markup.words_of(NOON - timedelta(days=90)) == "2025-12-02 12:00"


def test_every_kind_of_state_has_its_own_shape_and_no_two_look_alike() -> None:
    flow: Any = registry.get("ticket").model
    tones = {state: tone(flow, state) for state in flow.State.values}
    assert tones["recorded"] == "new"
    assert tones["in_progress"] == "active"
    assert tones["waiting_customer"] == "aside"
    assert tones["resolved"] == "nearly"
    assert tones["closed"] == "done"
    assert tones["cancelled"] == "void"
    assert len(set(states.SHAPES.values())) == len(states.SHAPES)


@pytest.mark.django_db
def test_the_line_shows_past_present_and_what_can_come(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    with override("en"):
        line = states.line(ticket, {"recorded", "dispatched"})
    assert [(stop.label, stop.when) for stop in line] == [
        ("Recorded", "past"),
        ("Dispatched", "here"),
        ("In progress", "next"),
        ("Resolved", "later"),
        ("Closed", "later"),
    ]


@pytest.mark.django_db
def test_a_way_back_is_not_drawn_as_what_comes_next(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    act(ticket, "answer_at_once", cast.specialist, method="x", result="y")
    with override("en"):
        line = states.line(ticket, {"recorded", "resolved"})
    assert [(stop.label, stop.when) for stop in line] == [
        ("Recorded", "past"),
        ("Resolved", "here"),
        ("Closed", "next"),
    ]


@pytest.mark.django_db
def test_what_was_skipped_and_may_come_now_is_drawn_where_it_comes(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    ticket = new_ticket()
    act(ticket, "answer_at_once", cast.specialist, method="x", result="y")
    act(ticket, "reopen", cast.specialist, reason="z")
    with override("en"):
        line = states.line(ticket, {"recorded", "resolved", "in_progress"})
    assert [(stop.label, stop.when) for stop in line if not stop.aside] == [
        ("Recorded", "past"),
        ("In progress", "here"),
        ("Resolved", "next"),
        ("Closed", "later"),
    ]


@pytest.mark.django_db
def test_the_timeline_does_not_repeat_an_entrys_own_moment(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = worked_on(new_ticket(), cast)
    entry = ticket.entries.get(verb="respond")
    assert "responded_at" in entry.data["changes"], "the evidence stays whole"
    with override("en"):
        shown = timelines.body("ticket", [entry], [])
    assert "Responded" not in shown
    with override("en"), clock.held(entry.at):
        entry.at += timedelta(minutes=1)
        assert "Responded" in timelines.body("ticket", [entry], [])


def test_a_rule_chip_opens_the_rule_and_an_unknown_one_is_only_named() -> None:
    with override("en"):
        assert 'href="/handbook/TKT-17/"' in rulebook.chip("TKT-17")
        assert "within 8 hours" in rulebook.chip("TKT-17")
    assert "href" not in rulebook.chip("<X>")
    assert "<X>" not in rulebook.chip("<X>")
    assert rulebook.chip("") == ""


def test_a_panel_leaves_out_what_is_empty_and_escapes_what_is_not() -> None:
    panel = Panel("x", lambda _record: [("a", ""), ("b", None), ("c", "<i>\n2")])
    assert "&lt;i&gt;\n2" in panel.body(object())
    assert "<dt>a</dt>" not in panel.body(object())
    assert Panel("x", lambda _record: [("a", "")]).body(object()) == ""


def test_sizes_are_read_as_people_read_them() -> None:
    assert [size(n) for n in (9, 2048, 3 * 1024 * 1024)] == ["9 B", "2 kB", "3.0 MB"]


def test_every_icon_that_flows_and_pages_name_is_in_the_sprite() -> None:
    known = set((Path(settings.BASE_DIR) / "assets" / "icons.txt").read_text().split())
    named = {verb.icon for p in registry.all_processes() for verb in p.model.verbs.values() if verb.icon}  # type: ignore[attr-defined]
    named |= {process.icon for process in registry.all_processes()}
    for folder in ("templates", "desk/templates", "tickets/templates"):
        for page in (Path(settings.BASE_DIR) / folder).rglob("*.html"):
            named |= set(re.findall(r'{% icon "([\w-]+)"', page.read_text()))
    assert named <= known, named - known


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "query", "found"),
    [
        ("customers", "北京", "北京大学"),
        ("customers", "bjdx", "北京大学"),
        ("customers", "6275", "北京大学"),
        ("customers", "ＢＪＤＸ", "北京大学"),
        ("contacts", "zls", "张老师"),
        ("people", "王", "王工"),
        ("people", "wg", "王工"),
        ("anything", "TK-", "教学平台无法登录"),
        ("anything", "无法", "教学平台无法登录"),
        ("anything", "bjdx", "北京大学"),
    ],
)
def test_finders_find_by_name_initials_and_number(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser, what: str, query: str, found: str
) -> None:
    new_ticket()
    answer = browser_of(cast.specialist).get(f"/find/{what}/", {"q": query})
    assert found in re.sub("</?mark>", "", answer.content.decode())


@pytest.mark.django_db
def test_enter_in_the_search_box_leads_to_the_one_record(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    assert browser.get("/search/", {"q": ticket.number})["Location"] == f"/ticket/{ticket.number}/"
    assert browser.get("/search/", {"q": ticket.number.lower()})["Location"] == f"/ticket/{ticket.number}/"
    assert browser.get("/search/", {"q": ticket.number[-4:]})["Location"] == f"/ticket/{ticket.number}/"
    assert "Nothing found" in browser.get("/search/", {"q": "zzzz"}).content.decode()


@pytest.mark.parametrize(
    ("accepted", "language", "told"),
    [
        (
            datetime(2026, 9, 30, 9, 55, tzinfo=UTC),
            "zh-hans",
            ["2026-10-01: 国庆节", "2026-10-04: 周末", "2026-10-07: 休息日"],
        ),
        (datetime(2026, 3, 6, 9, 55, tzinfo=UTC), "zh-hans", ["2026-03-07: 周末", "2026-03-08: 周末"]),
        (datetime(2026, 3, 6, 9, 55, tzinfo=UTC), "en", ["2026-03-07: weekend"]),
    ],
)
def test_why_due_then_names_the_days_that_were_passed_over(
    cast: Cast,
    new_ticket: Callable[..., Ticket],
    browser_of: Browser,
    held_clock: Any,
    holidays: Any,
    accepted: datetime,
    language: str,
    told: list[str],
) -> None:
    held_clock(accepted)
    deadline = Deadline.objects.get(record=new_ticket().pk, timer="ticket.autodispatch")
    assert deadline.clock == "working"
    browser = browser_of(cast.specialist)
    User.objects.filter(pk=cast.specialist.pk).update(language=language)
    page = browser.get(reverse("desk:why", args=[deadline.pk])).content.decode()
    for line in told:
        assert line in page

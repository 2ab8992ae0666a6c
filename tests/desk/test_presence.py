"""Who else has a record open: those who may see it, each once, and for no longer than half a minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from desk import presence
from desk.presence import SEEN_FOR, Window
from tests.support.here import server_for_presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Browse = Callable[[User], Client]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "a" * 16, "b" * 16, "c" * 16


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server_for_presence(tmp_path_factory.mktemp("here")) as url:
        yield url


@pytest.fixture(autouse=True)
def here(server: str, settings: Any) -> None:
    settings.PRESENCE_URL = server
    presence._server(server).flushall()


def seen(browser: Client, ticket: Ticket, tab: str, verb: str = "") -> list[tuple[str, str]]:
    told = browser.get(f"/live/?record={ticket.number}&tab={tab}&verb={verb}").json()["record"]["here"]
    return [(each["name"], each["doing"]) for each in told]


def test_colleagues_with_the_same_record_open_see_one_another_and_not_themselves(
    cast: Cast, new_ticket: New, browser_of: Browse
) -> None:
    ticket, another = new_ticket(), new_ticket()
    engineer, specialist = browser_of(cast.engineer), browser_of(cast.specialist)
    assert seen(engineer, ticket, FIRST) == []
    assert seen(specialist, ticket, SECOND) == [("王工", "")]
    assert seen(engineer, ticket, FIRST) == [("李专员", "")]
    assert seen(engineer, another, FIRST) == []


def test_whoever_fills_in_a_form_is_seen_doing_so_until_it_is_closed(
    cast: Cast, new_ticket: New, browser_of: Browse
) -> None:
    ticket = new_ticket()
    engineer, specialist = browser_of(cast.engineer), browser_of(cast.specialist)
    seen(engineer, ticket, FIRST, "note")
    assert seen(specialist, ticket, SECOND) == [("王工", "fills in “Add a note”")]
    (told,) = specialist.get(f"/live/?record={ticket.number}&tab={SECOND}").json()["record"]["here"]
    assert told["said"] == "王工 is filling in “Add a note”."
    assert told["mark"] == "王"
    seen(engineer, ticket, FIRST)
    assert seen(specialist, ticket, SECOND) == [("王工", "")]


def test_a_person_with_two_windows_is_one_and_the_one_who_writes(
    cast: Cast, new_ticket: New, browser_of: Browse
) -> None:
    ticket = new_ticket()
    engineer, specialist = browser_of(cast.engineer), browser_of(cast.specialist)
    seen(engineer, ticket, FIRST, "note")
    assert seen(engineer, ticket, SECOND) == []
    assert [who for who, _doing in seen(specialist, ticket, THIRD)] == ["王工"]
    assert seen(specialist, ticket, THIRD)[0][1] != ""


def test_whoever_has_left_is_gone_within_half_a_minute(
    cast: Cast, new_ticket: New, browser_of: Browse, held_clock: Any
) -> None:
    ticket = new_ticket()
    browsers = {part: browser_of(vars(cast)[part]) for part in ("engineer", "specialist")}
    seen(browsers["engineer"], ticket, FIRST)
    held_clock(clock.now() + timedelta(seconds=SEEN_FOR))
    assert len(seen(browsers["specialist"], ticket, SECOND)) == 1
    held_clock(clock.now() + timedelta(seconds=1))
    assert seen(browsers["specialist"], ticket, SECOND) == []
    assert SEEN_FOR <= 30
    assert list(presence._server(_url()).hgetall(f"serviceops:here:{ticket.pk}")) == [f"{cast.specialist.pk}:{SECOND}"]
    assert 0 < presence._server(_url()).ttl(f"serviceops:here:{ticket.pk}") <= 60


def _url() -> str:
    from django.conf import settings

    return str(settings.PRESENCE_URL)


@pytest.mark.parametrize("part", ["finance", "rd_engineer"])
def test_whoever_may_not_see_a_record_neither_sees_who_is_there_nor_is_seen(
    cast: Cast, new_ticket: New, browser_of: Browse, part: str
) -> None:
    ticket = new_ticket()
    engineer, outsider = browser_of(cast.engineer), browser_of(vars(cast)[part])
    seen(engineer, ticket, FIRST)
    assert outsider.get(f"/live/?record={ticket.number}&tab={SECOND}").json()["record"] is None
    assert seen(engineer, ticket, FIRST) == []


def test_customers_neither_see_nor_are_seen(cast: Cast, new_ticket: New, browser_of: Browse) -> None:
    ticket = new_ticket()
    engineer, customer = browser_of(cast.engineer), browser_of(cast.contact)
    seen(engineer, ticket, FIRST, "note")
    assert customer.get(f"/live/?record={ticket.number}&tab={SECOND}").status_code == 403
    page = customer.get(f"/portal/issues/{ticket.number}/").content.decode()
    assert "together" not in page
    assert seen(engineer, ticket, FIRST) == []


@pytest.mark.parametrize("tab", ["", "x", "'; DROP", "a" * 999, "%00", "A" * 16])
def test_a_page_that_does_not_say_which_it_is_is_not_counted(
    cast: Cast, new_ticket: New, browser_of: Browse, tab: str
) -> None:
    ticket = new_ticket()
    engineer, specialist = browser_of(cast.engineer), browser_of(cast.specialist)
    seen(engineer, ticket, FIRST)
    assert seen(specialist, ticket, tab) == []
    assert seen(engineer, ticket, FIRST) == []


@pytest.mark.parametrize("verb", ["nothing", "<b>", "x" * 999, "%00"])
def test_a_verb_that_there_is_not_is_not_named(cast: Cast, new_ticket: New, browser_of: Browse, verb: str) -> None:
    ticket = new_ticket()
    seen(browser_of(cast.engineer), ticket, FIRST, verb)
    assert seen(browser_of(cast.specialist), ticket, SECOND) == [("王工", "")]


def test_it_is_no_query_and_where_the_server_is_away_the_page_goes_on(
    cast: Cast, new_ticket: New, browser_of: Browse, settings: Any, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ticket, browser = new_ticket(), browser_of(cast.specialist)
    seen(browser, ticket, FIRST)
    with CaptureQueriesContext(connection) as without:
        browser.get(f"/live/?record={ticket.number}")
    with django_assert_num_queries(len(without)):
        assert seen(browser, ticket, FIRST) == []
    settings.PRESENCE_URL = f"unix://{tmp_path}/nobody.sock?db=2"
    for _n in range(2):
        with django_assert_num_queries(len(without)):
            assert seen(browser, ticket, FIRST) == []


def test_a_server_that_is_away_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from django.test import override_settings

    asked = []

    def count(server: Any) -> None:
        asked.append(server)
        server.ping()

    with override_settings(PRESENCE_URL=f"unix://{tmp_path}/nobody.sock"):
        for _n in range(3):
            assert presence._asked(count) is None
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "mark"), [("王工", "王"), ("Li Si", "LS"), ("Ann B. Carter", "AC"), ("x", "X"), ("", ""), ("é", "é")]
)
def test_a_name_has_a_mark(name: str, mark: str) -> None:
    assert presence.initials_of(name) == mark


def test_a_window_is_what_it_says_of_itself() -> None:
    assert Window.of({"tab": FIRST, "verb": "note"}) == Window(FIRST, "note")
    assert Window.of({"tab": "no", "verb": "note"}) == Window()

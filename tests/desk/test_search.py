"""The search box and its page: groups, marked words, one meant thing, and whatever people type."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from desk.views import search
from search import finding
from search.models import Document, put
from search.writing import Told, document
from tests.cast import act

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast, University
    from tickets.models import Ticket

    Browser = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast, university: University, browser_of: Browser) -> Client:
    return browser_of(cast.specialist)


def test_hits_stand_in_groups_with_the_words_marked(desk: Client, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket(title="北京大学的教学平台", body="ＶＰＮ登录后白屏")
    page = desk.get("/search/", {"q": "北京大学"}).content.decode()
    assert "<h2" in page
    assert page.index("Tickets") < page.rindex("Customers")
    assert "<mark>北京大学</mark>的教学平台" in page
    assert f'href="/ticket/{ticket.number}/"' in page
    page = desk.get("/search/", {"q": "vpn", "in": "ticket"}).content.decode()
    assert "<mark>ＶＰＮ</mark>登录后白屏" in page


def test_what_is_found_is_shown_as_text(desk: Client, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket(title="<script>alert(1)</script> 卡顿", body="<b>卡顿</b>")
    for address in ("/search/", "/find/anything/"):
        page = desk.get(address, {"q": "卡顿", "in": "ticket"}).content.decode()
        assert "<script>alert" not in page
        assert "<b>" not in page
        assert "<mark>卡顿</mark>" in page


def test_the_one_thing_that_was_meant_is_opened(
    desk: Client, university: University, new_ticket: Callable[..., Ticket]
) -> None:
    ticket = new_ticket(title="黑屏")
    new_ticket(title=f"与 {ticket.number} 相同", body="回拨 010-62751234")
    customer = f"/customers/{university.organisation.pk}/"
    for typed, where in (
        (ticket.number, f"/ticket/{ticket.number}/"),
        (ticket.number.lower(), f"/ticket/{ticket.number}/"),
        ("黑屏", f"/ticket/{ticket.number}/"),
        ("010-62751234", customer),
        ("bjdx", customer),
    ):
        assert desk.get("/search/", {"q": typed})["Location"] == where, typed


def test_one_group_is_looked_at_page_by_page(
    desk: Client, new_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        new_ticket(title=f"第 {n} 次卡顿")
    monkeypatch.setattr(search, "PAGE", 4)
    monkeypatch.setattr(finding, "ORDERED", 6)
    monkeypatch.setattr(search, "ORDERED", 6)
    first = desk.get("/search/", {"q": "卡顿", "in": "ticket"}).content.decode()
    assert "第 8 次" in first
    assert "第 4 次" not in first
    assert "page=2" in first
    second = desk.get("/search/", {"q": "卡顿", "in": "ticket", "page": "2"}).content.decode()
    assert "第 4 次" in second
    assert "第 2 次" not in second
    assert "The newest 6 can be looked at here" in second


def test_a_group_that_has_no_hits_or_does_not_exist_is_no_error(
    desk: Client, new_ticket: Callable[..., Ticket]
) -> None:
    new_ticket(title="卡顿")
    for within in ("contact", "nothing", "'", "ticket,contact"):
        assert desk.get("/search/", {"q": "卡顿", "in": within, "page": "-1"}).status_code == 200


HOSTILE = [
    *("x" * 10_000, "登录" * 5_000, "登 录 " * 3_000, "a" * 50 + " " + "b" * 60, "ﷺ" * 100, "-" * 100, "1-" * 50),
    *("%", "_", "*", '"', "'", "\\", "%%%%", "a%", "登录%' OR 1=1 --", "登录*", "^登录", "((((((((((1"),
    *('"登录" OR pieces:*', "NEAR(登录 平台)", "=ticket", "#ticket:0", "{登录,平台}", "null", "NULL"),
    *("\x00\x01", "\u200b\u200d\ufeff", "\u202e登录", "＊＊＊", "！？。…", "😀", "e\u0301\u0301", "ı İ ß ſ"),
    *("\r\n\t", "登\r\n录"),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_is_looked_for_as_text(desk: Client, new_ticket: Callable[..., Ticket], typed: str) -> None:
    new_ticket(title="登录平台")
    for address in ("/search/", "/find/anything/"):
        before = time.monotonic()
        answer = desk.get(address, {"q": typed, "in": "ticket"})
        assert answer.status_code == 200, address
        assert time.monotonic() - before < 3, address


def test_bytes_that_are_no_text_are_no_error(desk: Client) -> None:
    for address in (
        "/search/?q=%ff%fe",
        "/find/anything/?q=%00%FF",
        "/search/?q=%ED%A0%80",
        "/search/?q=a&q=b&in=&in=x",
    ):
        assert desk.get(address).status_code == 200


def test_the_page_says_what_was_not_looked_for(desk: Client) -> None:
    assert "only the first six words" in desk.get("/search/", {"q": "x" * 200}).content.decode()
    assert "titles and names only" in desk.get("/search/", {"q": "云"}).content.decode()
    assert "nothing to look for" in desk.get("/search/", {"q": "！？"}).content.decode()
    nothing = desk.get("/search/", {"q": "不存在的词"}).content.decode()
    assert "Nothing found" in nothing
    assert "pinyin initials" in nothing


def test_a_file_whose_text_could_not_be_read_says_so_in_the_hits_and_on_its_record(
    desk: Client, cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    ticket = new_ticket()
    act(ticket, "attach", cast.specialist, files={"files": [SimpleUploadedFile("日志.txt", b"x")]})
    Document.objects.filter(kind="attachment").update(reading="unreadable", reason="broken")
    assert "text could not be read" in desk.get("/search/", {"q": "日志", "in": "attachment"}).content.decode()
    assert "text could not be read" in desk.get(f"/ticket/{ticket.number}/").content.decode()


def test_a_hit_whose_thing_has_vanished_meanwhile_is_left_out(desk: Client, university: University) -> None:
    put(document("contact", n, Told(f"鬼影 {n}"), organisation_id=university.organisation.pk) for n in (900, 901))
    assert "鬼影" in desk.get("/search/", {"q": "鬼影"}).content.decode()
    Document.objects.filter(subject=900).delete()
    assert "鬼影 900" not in desk.get("/search/", {"q": "鬼影", "in": "contact"}).content.decode()

"""Watching, linking, merging and splitting on a record's page, and finding the other record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import act
from workflow.models import Involvement, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Browser = Callable[[User], Client]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db


def test_one_press_watches_and_one_press_stops(cast: Cast, new_ticket: New, browser_of: Browser) -> None:
    ticket = new_ticket()
    browser, address = browser_of(cast.trainer), f"/ticket/{ticket.number}/"
    assert "Stop watching" not in browser.get(address).content.decode()
    answer = browser.post(f"{address}watch/", {"on": "1"}, headers={"HX-Request": "true"})
    assert "Stop watching" in answer.content.decode()
    assert Involvement.objects.filter(record=ticket.pk, user=cast.trainer, part="watcher").exists()
    assert "Stop watching" in browser.get(address).content.decode()
    assert ticket.number in browser.get("/").content.decode(), "it stands among what one watches"
    assert browser.post(f"{address}watch/", {"on": "0"}).headers["Location"] == address
    assert not Involvement.objects.filter(record=ticket.pk, user=cast.trainer).exists()
    ticket.refresh_from_db()
    assert ticket.version == 1


def test_who_does_not_see_a_record_is_told_that_there_is_none(cast: Cast, new_ticket: New, browser_of: Browser) -> None:
    ticket = new_ticket()
    for who in (cast.finance, cast.contact):
        assert browser_of(who).post(f"/ticket/{ticket.number}/watch/", {"on": "1"}).status_code in {302, 403, 404}
    assert not Involvement.objects.filter(part="watcher").exists()


def test_a_record_shows_what_it_is_linked_to_and_leads_to_taking_it_back(
    cast: Cast, new_ticket: New, browser_of: Browser
) -> None:
    one, other = new_ticket(), new_ticket(title="课件无法上传")
    browser = browser_of(cast.engineer)
    said = {"other": other.pk, "relation": "causes", "version": 1, "key": "0" * 32}
    assert browser.post(f"/ticket/{one.number}/link/", said).status_code == 302
    page = browser.get(f"/ticket/{one.number}/").content.decode()
    assert "cause of" in page
    assert "课件无法上传" in page
    assert f"unlink/?other={other.pk}" in page
    assert "caused by" in browser.get(f"/ticket/{other.number}/").content.decode()
    form = browser.get(f"/ticket/{one.number}/unlink/?other={other.pk}").content.decode()
    assert f'<option value="{other.pk}" selected' in form
    assert Link.objects.count() == 1


def test_what_one_may_not_see_is_not_among_what_a_record_is_linked_to(
    cast: Cast, new_ticket: New, browser_of: Browser
) -> None:
    one, other = new_ticket(), new_ticket(title="不给看的标题")
    act(one, "copy_to", cast.specialist, people=[cast.finance.pk])
    act(one, "link", cast.specialist, other=other.pk, relation="related")
    page = browser_of(cast.finance).get(f"/ticket/{one.number}/").content.decode()
    assert "不给看的标题" not in page
    assert "Linked records" not in page


def test_records_are_found_by_number_and_words_as_far_as_one_sees_them(
    cast: Cast, new_ticket: New, browser_of: Browser
) -> None:
    one, other = new_ticket(title="平台无法登录"), new_ticket(title="平台登录缓慢")
    browser = browser_of(cast.engineer)
    for words in (other.number, other.number.lower(), "登录缓慢"):
        found = browser.get("/find/records/", {"q": words, "beside": one.number}).content.decode()
        assert other.number in found, words
        assert one.number not in found, "not the one at hand"
    assert other.number in browser.get("/find/records/", {"beside": one.number}).content.decode(), "likely ones first"
    assert other.number not in browser_of(cast.finance).get("/find/records/", {"q": other.number}).content.decode()
    assert browser_of(cast.finance).get("/find/records/", {"beside": one.number}).content.decode().strip() == ""


def test_only_open_ones_of_the_customer_are_offered_to_be_merged_into(
    cast: Cast, new_ticket: New, browser_of: Browser
) -> None:
    one, gone, other = new_ticket(), new_ticket(), new_ticket()
    act(gone, "cancel", cast.specialist, reason="误录")
    asked = {"beside": one.number, "same": "1"}
    for query in ({}, {"q": "TK-"}):
        found = browser_of(cast.engineer).get("/find/records/", asked | query).content.decode()
        assert other.number in found
        assert gone.number not in found


def test_a_merged_ticket_leads_to_the_other_for_staff_and_customer(
    cast: Cast, new_ticket: New, browser_of: Browser
) -> None:
    duplicate, survivor = new_ticket(title="登录后空白页"), new_ticket()
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk, text="内部说明")
    page = browser_of(cast.engineer).get(f"/ticket/{duplicate.number}/").content.decode()
    assert f'href="/ticket/{survivor.number}/"' in page
    assert "merged into" in page
    page = browser_of(cast.engineer).get(f"/ticket/{survivor.number}/").content.decode()
    assert "Came in by merging" in page
    assert "登录后空白页" in page
    outside = browser_of(cast.contact).get(f"/portal/issues/{duplicate.number}/").content.decode()
    assert f'href="/portal/issues/{survivor.number}/"' in outside
    assert "Goes on elsewhere" in outside
    assert "内部说明" not in outside
    there = browser_of(cast.contact).get(f"/portal/issues/{survivor.number}/").content.decode()
    assert f'href="/portal/issues/{duplicate.number}/"' in there


def test_a_refused_merge_says_so_at_its_field_and_keeps_what_was_typed(
    cast: Cast, new_ticket: New, browser_of: Browser
) -> None:
    ticket = new_ticket()
    said = {"merged_into": ticket.pk, "text": "重复了", "version": 1, "key": "0" * 32}
    answer = browser_of(cast.specialist).post(f"/ticket/{ticket.number}/merge/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A ticket is not merged into itself." in page
    assert "重复了" in page


@pytest.mark.parametrize("address", ["correct/?title=x", "note/?text=x&pk=1", "split/?customer=999999"])
def test_what_an_address_asks_a_form_to_start_with_is_no_more_than_that(
    cast: Cast, new_ticket: New, browser_of: Browser, address: str
) -> None:
    assert browser_of(cast.specialist).get(f"/ticket/{new_ticket().number}/{address}").status_code == 200

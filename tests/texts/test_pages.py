"""The page of canned texts, and what is offered beside a text field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from texts.models import CannedText

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast, University
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def shared(seeded: None) -> CannedText:
    return CannedText.objects.create(name="问候", text="{{联系人}}，您好")


def test_everybody_keeps_own_texts(cast: Cast, shared: CannedText) -> None:
    browser = browser_of(cast.engineer)
    assert browser.post("/texts/new/", {"name": "收到", "text": "已收到", "active": "on"}).status_code == 302
    own = CannedText.objects.get(name="收到")
    assert own.owner == cast.engineer
    page = browser.get("/texts/").content.decode()
    assert "收到" in page
    assert f"/texts/{own.pk}/" in page
    assert f"/texts/{shared.pk}/" not in page, "shared ones are for others to change"
    assert (
        browser.post(f"/texts/{own.pk}/", {"name": "收到", "text": "已收到，谢谢", "active": "on"}).status_code == 302
    )
    own.refresh_from_db()
    assert own.text == "已收到，谢谢"
    browser.post(f"/texts/{own.pk}/remove/")
    assert not CannedText.objects.filter(pk=own.pk).exists()


def test_nobody_touches_anothers_text_nor_a_shared_one_without_the_right(cast: Cast, shared: CannedText) -> None:
    theirs = CannedText.objects.create(name="私", text="不给看", owner=cast.trainer)
    for row in (theirs, shared):
        for client in (browser_of(cast.engineer), browser_of(cast.specialist)):
            assert client.get(f"/texts/{row.pk}/").status_code == 404
            assert client.post(f"/texts/{row.pk}/", {"name": "x", "text": "x"}).status_code == 404
            assert client.post(f"/texts/{row.pk}/remove/").status_code == 404
    assert "不给看" not in browser_of(cast.director).get("/texts/").content.decode()
    assert browser_of(cast.director).get(f"/texts/{theirs.pk}/").status_code == 404
    assert browser_of(cast.director).get(f"/texts/{shared.pk}/").status_code == 200


def test_a_wrong_text_comes_back_with_what_was_typed(cast: Cast) -> None:
    answer = browser_of(cast.engineer).post("/texts/new/", {"name": "问候", "text": "{{顾客}}您好"})
    assert answer.status_code == 422
    assert "{{顾客}}您好" in answer.content.decode()


def test_a_customer_comes_to_none_of_it(cast: Cast, shared: CannedText, new_ticket: Callable[..., Ticket]) -> None:
    ticket, browser = new_ticket(), browser_of(cast.contact)
    for address in ("/texts/", "/texts/new/", f"/texts/{shared.pk}/", f"/ticket/{ticket.number}/texts/note/"):
        assert browser.get(address).status_code in {302, 403, 404}
        assert "您好" not in browser.get(address).content.decode()


def test_what_is_offered_is_filled_in_and_is_nothing_but_text(
    cast: Cast, shared: CannedText, new_ticket: Callable[..., Ticket]
) -> None:
    CannedText.objects.create(name="<script>", text="{{标题}}")
    ticket = new_ticket(title='"><script>alert(1)</script>')
    page = browser_of(cast.engineer).get(f"/ticket/{ticket.number}/texts/note/").content.decode()
    assert 'data-text="张老师，您好"' in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_nobody_has_texts_filled_in_from_a_record_that_one_does_not_see(
    cast: Cast, shared: CannedText, new_ticket: Callable[..., Ticket]
) -> None:
    assert browser_of(cast.finance).get(f"/ticket/{new_ticket().number}/texts/note/").status_code == 404


def test_a_form_says_where_its_texts_are(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    page = browser_of(cast.engineer).get(f"/ticket/{ticket.number}/note/").content.decode()
    assert f'data-texts="/ticket/{ticket.number}/texts/note/"' in page
    assert "texts/texts.js" in page


def test_the_administration_keeps_the_shared_ones_and_shows_nobodys_own(cast: Cast, shared: CannedText) -> None:
    own = CannedText.objects.create(name="私", text="不给看", owner=cast.trainer)
    browser = browser_of(cast.admin)
    base = "/admin/texts/cannedtext/"
    page = browser.get(base).content.decode()
    assert "问候" in page
    assert "私" not in page
    assert browser.get(f"{base}{shared.pk}/history/").status_code == 200
    version = CannedText.history.get(id=shared.pk).history_id
    assert browser.get(f"{base}{shared.pk}/history/{version}/").status_code == 200
    private = CannedText.history.get(id=own.pk).history_id
    for address in (f"{own.pk}/change/", f"{own.pk}/history/", f"{own.pk}/history/{private}/"):
        answer = browser.get(f"{base}{address}")
        assert answer.status_code in {302, 404}, address
        assert "不给看" not in answer.content.decode()


def test_texts_are_offered_while_a_record_is_only_being_written_filled_in_from_the_form_so_far(
    cast: Cast, shared: CannedText, university: University
) -> None:
    CannedText.objects.create(name="受理", text="{{客户}}：{{标题}}（{{编号}}）", offered_at=["ticket/record"])
    CannedText.objects.create(name="别处", text="x", offered_at=["ticket/resolve"])
    browser = browser_of(cast.specialist)
    page = browser.get("/ticket/new/").content.decode()
    assert 'data-texts="/ticket/new/texts/record/"' in page
    customer, contact = university.organisation, university.contact
    said: dict[str, str | int] = {"customer": customer.pk, "contact": contact.pk, "title": "考试<白屏>"}
    page = browser.get("/ticket/new/texts/record/", said).content.decode()
    assert f'data-text="{university.organisation.name}：考试&lt;白屏&gt;（[编号]）"' in page
    assert f'data-text="{university.contact.name}，您好"' in page
    assert "别处" not in page
    page = browser.get("/ticket/new/texts/record/").content.decode()
    assert 'data-text="[联系人]，您好"' in page


@pytest.mark.parametrize("said", [{"customer": "x"}, {"customer": "999999"}, {"customer": "1", "contact": "99999999"}])
def test_what_the_form_does_not_take_is_not_filled_in(cast: Cast, shared: CannedText, said: dict[str, str]) -> None:
    answer = browser_of(cast.specialist).get("/ticket/new/texts/record/", said)
    assert (answer.status_code, "[联系人]，您好" in answer.content.decode()) == (200, True)


def test_who_may_not_make_such_a_record_is_offered_no_texts_for_it(cast: Cast, shared: CannedText) -> None:
    assert browser_of(cast.finance).get("/ticket/new/texts/record/").status_code == 403
    assert browser_of(cast.specialist).get("/ticket/new/texts/resolve/").status_code == 404
    assert browser_of(cast.contact).get("/ticket/new/texts/record/").status_code in {302, 403, 404}

"""Mail: to whom who wants it, in their language, marked, threaded, gathered where there is much, never doubled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from notifications.channels.base import Parcel, PermanentFailureError
from notifications.channels.email import EmailChannel, message_id
from notifications.models import Sending
from notifications.preferences import UnknownPreferenceError, choices_of, choose
from notifications.rendering import Message
from people.actors import SYSTEM, Actor
from tests.notifications.errands import NOON, act, acts, make, missed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.notifications.conftest import Cast
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def by_address(address: str) -> list[Any]:
    return [sent for sent in mail.outbox if sent.to == [address]]


def test_an_assignment_is_mailed_with_a_link_and_marked_as_automatic(
    cast: Cast, errand: Errand, post: Callable[..., None]
) -> None:
    act(errand, "give", Actor(cast.specialist))
    post()
    (sent,) = by_address("handler@house.example")
    sending = Sending.objects.get()
    assert sent.to == ["handler@house.example"]
    assert sent.subject == "ER-20260302-0001 is yours: Errand 1"
    assert "/errand/ER-20260302-0001/" in sent.body
    assert "/errand/ER-20260302-0001/" in str(sent.alternatives[0][0])
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["Message-ID"] == message_id(sending.key)
    assert (sending.attempts, sending.sent_at, sending.last_error) == (1, NOON, "")


def test_mails_of_one_record_stand_together(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "give", Actor(cast.specialist))
    act(errand, "deadline.missed", **missed("handler"))
    post()
    first, second = by_address("handler@house.example")
    assert first.extra_headers["References"] == second.extra_headers["References"]
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]


def test_the_readers_language_is_spoken(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    cast.handler.language = "en"
    cast.handler.save()
    act(errand, "deadline.missed", **missed("handler"))
    post()
    assert "was missed at" in mail.outbox[0].subject
    assert 'lang="en"' in str(by_address("handler@house.example")[0].alternatives[0][0])


def test_what_is_switched_off_is_not_mailed_and_what_is_switched_on_is(
    cast: Cast, errand: Errand, post: Callable[..., None]
) -> None:
    choose(cast.handler, "assignment", "email", on=False)
    choose(cast.owner, "progress", "email", on=True)
    act(errand, "give", Actor(cast.specialist))
    post()
    assert [sent.to for sent in mail.outbox] == [["owner@house.example"]]


def test_choices_are_the_defaults_until_switched(cast: Cast) -> None:
    before = {choice.kind.value: choice.ways for choice in choices_of(cast.handler)}
    assert before["assignment"] == {"email": True, "sms": False}
    assert before["progress"] == {"email": False, "sms": False}
    choose(cast.handler, "progress", "sms", on=True)
    choose(cast.handler, "progress", "sms", on=True)
    assert {c.kind.value: c.ways for c in choices_of(cast.handler)}["progress"] == {"email": False, "sms": True}


@pytest.mark.parametrize(("kind", "way"), [("assignment", "robot"), ("gossip", "email"), ("assignment", "pigeon")])
def test_what_cannot_be_chosen_is_refused(cast: Cast, kind: str, way: str) -> None:
    with pytest.raises(UnknownPreferenceError):
        choose(cast.handler, kind, way, on=True)


def test_many_notices_at_once_become_one_mail(cast: Cast, post: Callable[..., None]) -> None:
    records = [make(n, cast.customer, handler=cast.handler) for n in range(1, 51)]
    acts([(record, "deadline.missed", SYSTEM, missed("handler")) for record in records])
    post()
    (sent,) = mail.outbox
    assert all(record.number in sent.body for record in records[:40])
    assert records[40].number not in sent.body
    assert "10" in sent.body.split(records[39].number)[-1]
    assert "50" in sent.subject
    assert "References" not in sent.extra_headers
    assert Sending.objects.filter(sent_at=NOON).count() == 50


def test_what_is_history_is_not_mailed(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "give", Actor(cast.specialist))
    post(NOON + timedelta(hours=48, seconds=1))
    assert not mail.outbox
    assert not Sending.objects.exists()


def test_two_hours_of_standstill_lose_no_mail(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "give", Actor(cast.specialist))
    post(NOON + timedelta(hours=2))
    assert len(mail.outbox) == 1


def parcel(title: str, address: str = "a@house.example") -> Parcel:
    message = Message(title, ("<b>line</b>",), "/x/", "", "", urgent=False, at=NOON, thread="ER-1")
    return Parcel("key", address, "en", (message,))


@pytest.mark.parametrize("title", ["a\nBcc: evil@example.com", "a\r\nX: y", "a\x00b\u2028c", "标题" * 200])
def test_no_title_makes_a_header(title: str) -> None:
    raw = EmailChannel.compose(parcel(title)).message()
    assert raw["Bcc"] is None
    assert raw["X"] is None
    assert "\n" not in EmailChannel.compose(parcel(title)).subject


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "A <a@b.example>"]
)
def test_what_is_no_address_is_given_up_at_once(address: str) -> None:
    with pytest.raises(PermanentFailureError):
        EmailChannel.compose(parcel("x", address))


def test_html_in_texts_stays_text_in_the_page(cast: Cast) -> None:
    composed = EmailChannel.compose(parcel("<script>alert(1)</script>"))
    page = str(composed.alternatives[0][0])
    assert "<script>" not in page
    assert "<b>line" not in page
    assert "<b>line</b>" in composed.body

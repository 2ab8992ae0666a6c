"""Swaps and gaps are told in the application and by mail, until the mail is out and once each (OFH-12)."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils.translation import override

from core import clock
from duty import letters, seeds, swaps
from duty.models import Gap, Post
from notifications.channels import email
from notifications.inbox import inbox, unread_count
from notifications.models import Notice, Sending, Tiding
from notifications.preferences import choose
from tests.duty.test_roster import sent
from tests.duty.test_roster import swap as swap  # noqa: PLC0414 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duty.models import Swap
    from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.rule("OFH-12")]


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    """No mail server is remembered as away."""
    email._resting_until.clear()
    yield
    email._resting_until.clear()


def test_whoever_is_asked_reads_of_it_in_the_application_and_is_led_to_the_roster(swap: Swap, cast: Cast) -> None:
    with override("zh-hans"):
        (item,) = inbox(cast.other_engineer)
    assert item.message.title.startswith(f"{cast.engineer}请您")
    assert "孩子发烧" in item.message.lines[0]
    assert (item.message.path, item.message.rule, unread_count(cast.other_engineer)) == ("/duty/", "OFH-12", 1)
    assert inbox(cast.engineer) == []
    swaps.agree(swap, by=cast.other_engineer)
    with override("en"):
        assert "takes your shift" in inbox(cast.engineer)[0].message.title


def test_a_letter_that_the_mail_server_does_not_take_is_tried_again_until_it_is_out(
    swap: Swap, cast: Cast, held_clock: Callable[..., Any], django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    took = EmailBackend.send_messages

    def away(*_: Any) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    sent(django_capture_on_commit_callbacks)
    assert (len(mail.outbox), Sending.objects.get().sent_at) == (0, None)
    monkeypatch.setattr(EmailBackend, "send_messages", took)
    for _time in range(3):
        held_clock(clock.now() + timedelta(minutes=20))
        sent(django_capture_on_commit_callbacks)
    assert [m.to for m in mail.outbox] == [[cast.other_engineer.email]]
    assert Sending.objects.get().sent_at is not None


def test_who_wants_no_such_mail_gets_none_and_still_reads_of_it(
    cast: Cast, held_clock: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    seeds.seed()
    choose(cast.director, "report", "email", on=False)
    now = clock.now()
    gap = Gap.objects.create(post=Post.objects.get(), starts_at=now, ends_at=now + timedelta(hours=1), found_at=now)
    for _time in range(2):
        letters.gap_found(gap)
    sent(django_capture_on_commit_callbacks)
    assert mail.outbox == []
    assert (len(inbox(cast.director)), Tiding.objects.count(), Notice.objects.count()) == (1, 1, 1)

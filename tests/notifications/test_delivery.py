"""Tries and their backoff: nothing is lost when a worker or a server dies, and nothing is sent twice."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from core import clock
from notifications import delivery
from notifications.channels.email import message_id
from notifications.models import Sending
from people.actors import Actor
from tests.notifications.errands import NOON, act
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoCaptureOnCommitCallbacks

    from tests.notifications.conftest import Cast
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """A mail server: raises what is in the list, in turn, and then delivers."""
    faults: list[Exception] = []
    deliver = EmailMultiAlternatives.send

    def send(self: EmailMultiAlternatives, *args: bool) -> int:
        if faults:
            raise faults.pop(0)
        return deliver(self, *args)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    return faults


def test_a_server_that_is_away_is_tried_again_with_backoff_under_the_same_id(
    cast: Cast, errand: Errand, post: Callable[..., None], server: list[Exception]
) -> None:
    server.extend([ConnectionRefusedError("secret detail"), TimeoutError()])
    act(errand, "give", Actor(cast.specialist))
    post()
    sending = Sending.objects.get()
    assert (sending.attempts, sending.sent_at) == (1, None)
    assert sending.last_error == "the mail server: ConnectionRefusedError"
    post(NOON + MINUTE - timedelta(seconds=1))
    assert Sending.objects.get().attempts == 1
    post(NOON + MINUTE)
    assert (Sending.objects.get().attempts, len(mail.outbox)) == (2, 0)
    post(NOON + 6 * MINUTE)
    sending = Sending.objects.get()
    assert (sending.attempts, sending.sent_at, sending.last_error) == (3, NOON + 6 * MINUTE, "")
    post(NOON + timedelta(days=3))
    assert len(mail.outbox) == 1


def test_while_a_server_is_away_it_is_not_asked_mail_by_mail(
    cast: Cast, errand: Errand, post: Callable[..., None], server: list[Exception]
) -> None:
    server.append(TimeoutError())
    act(errand, "give", Actor(cast.specialist))
    act(errand, "deadline.missed", data={"recipients": ["handler"], "due_at": NOON.isoformat()})
    post()
    errors = list(Sending.objects.order_by("id").values_list("last_error", flat=True))
    assert errors == ["the mail server: TimeoutError", "the mail server could not be reached a moment ago"]
    post(NOON + MINUTE)
    assert len(mail.outbox) == 2


def test_an_address_that_the_server_refuses_is_given_up(
    cast: Cast, errand: Errand, post: Callable[..., None], server: list[Exception]
) -> None:
    server.append(smtplib.SMTPRecipientsRefused({"handler@house.example": (550, b"no such\r\nuser")}))
    act(errand, "give", Actor(cast.specialist))
    post()
    post(NOON + timedelta(days=3))
    sending = Sending.objects.get()
    assert (sending.attempts, sending.failed_at, sending.last_error) == (1, NOON, "550 no such user")
    assert not mail.outbox


def test_a_full_mailbox_is_tried_again(
    cast: Cast, errand: Errand, post: Callable[..., None], server: list[Exception]
) -> None:
    server.append(smtplib.SMTPRecipientsRefused({"handler@house.example": (452, b"full")}))
    act(errand, "give", Actor(cast.specialist))
    post()
    post(NOON + MINUTE)
    assert len(mail.outbox) == 1


def test_after_the_last_try_a_sending_is_given_up_and_can_be_tried_anew(
    cast: Cast, errand: Errand, post: Callable[..., None], server: list[Exception]
) -> None:
    server.extend(smtplib.SMTPServerDisconnected() for _ in range(8))
    act(errand, "give", Actor(cast.specialist))
    at = NOON
    for pause in (timedelta(0), *delivery.BACKOFF, timedelta(days=30)):
        at += pause
        post(at)
    sending = Sending.objects.get()
    assert sending.attempts == len(delivery.BACKOFF) + 1
    assert sending.failed_at is not None
    Sending.objects.update(failed_at=None, attempts=0)
    with clock.held(at):
        delivery.ask_again([sending], at)
    post(at)
    assert mail.outbox[0].extra_headers["Message-ID"] == message_id(sending.key)


def test_a_worker_that_dies_between_commit_and_sending_loses_nothing(
    cast: Cast,
    errand: Errand,
    post: Callable[..., None],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    act(errand, "give", Actor(cast.specialist))
    with clock.held(NOON), django_capture_on_commit_callbacks(execute=False):
        outbox.drain()
    assert Sending.objects.get().attempts == 1
    post(NOON + timedelta(seconds=30))
    assert not mail.outbox
    post(NOON + MINUTE)
    assert len(mail.outbox) == 1


def test_a_sending_that_a_worker_is_busy_with_is_not_taken_by_another(cast: Cast, errand: Errand) -> None:
    act(errand, "give", Actor(cast.specialist))
    with clock.held(NOON):
        outbox.drain()
        ids = list(Sending.objects.values_list("pk", flat=True))
        assert delivery.claim(ids, NOON) == []
        assert delivery.claim(ids, NOON + delivery.LEASE) == ids


def test_what_was_sent_is_not_sent_by_a_later_message(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "give", Actor(cast.specialist))
    post()
    sending = Sending.objects.get()
    with clock.held(NOON):
        delivery.ask_again([sending], NOON)
        assert delivery.carry_out([sending.pk], sending.key, last=False) is None
    post()
    assert len(mail.outbox) == 1
    assert Sending.objects.get().attempts == 1


def test_a_fault_of_our_own_is_noted_and_tried_again(
    cast: Cast, errand: Errand, post: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError

    act(errand, "give", Actor(cast.specialist))
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "_parcel", broken)
        post()
    assert Sending.objects.get().last_error == "LookupError"
    post(NOON + MINUTE)
    assert len(mail.outbox) == 1


def test_no_try_can_outlast_its_lease() -> None:
    assert min(delivery.BACKOFF) > delivery.LEASE

"""Text messages: off until somebody wants them and a provider is set up."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from notifications.channels.base import PermanentFailureError
from notifications.channels.sms import number_of
from notifications.models import Sending, SmsGateway
from notifications.preferences import choose
from people.actors import Actor
from tests.notifications.errands import NOON, act

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.notifications.conftest import Cast, Service
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture(autouse=True)
def _wanted(cast: Cast) -> None:
    """王芳 wants text messages about her work, and no mail."""
    cast.handler.mobile = "138-1234 5678"
    cast.handler.save()
    choose(cast.handler, "assignment", "sms", on=True)
    choose(cast.handler, "assignment", "email", on=False)


def test_the_provider_is_asked_as_its_template_says(
    cast: Cast, errand: Errand, service: Service, post: Callable[..., None]
) -> None:
    SmsGateway.objects.create(name="短信", url=f"{service.origin}/sms", secret="t0ken", signature="服务部", active=True)
    act(errand, "give", Actor(cast.specialist))
    post()
    path, headers, payload = service.requests[0]
    assert path == "/sms"
    assert headers["Idempotency-Key"] == Sending.objects.get().key
    assert payload == {
        "phone": "13812345678",
        "content": "【服务部】ER-20260302-0001 is yours: Errand 1",
        "id": Sending.objects.get().key,
        "token": "t0ken",
    }
    assert Sending.objects.get().sent_at == NOON


@pytest.mark.parametrize(("status", "gives_up"), [(400, True), (403, True), (302, False), (429, False), (500, False)])
def test_a_refusal_is_final_and_a_fault_is_not(
    cast: Cast, errand: Errand, service: Service, post: Callable[..., None], status: int, *, gives_up: bool
) -> None:
    SmsGateway.objects.create(name="短信", url=f"{service.origin}/sms", active=True)
    service.answers.append((status, {}, {}))
    act(errand, "give", Actor(cast.specialist))
    post()
    sending = Sending.objects.get()
    assert sending.sent_at is None
    assert (sending.failed_at is not None) is gives_up


def test_in_a_demonstration_it_is_written_to_the_log_without_the_number(
    cast: Cast, errand: Errand, post: Callable[..., None], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEMO = True
    with caplog.at_level(logging.INFO):
        act(errand, "give", Actor(cast.specialist))
        post()
    assert "text message to …5678: ER-20260302-0001 is yours" in caplog.text
    assert "1381234" not in caplog.text


def test_without_a_provider_the_row_says_so(
    cast: Cast, errand: Errand, post: Callable[..., None], settings: Any
) -> None:
    settings.DEMO = False
    act(errand, "give", Actor(cast.specialist))
    post()
    assert Sending.objects.get().last_error == "no text message gateway is switched on"


@pytest.mark.parametrize("address", ["", "12345", "138;rm -rf", "+86138x", "1" * 30])
def test_what_is_no_number_is_given_up(address: str) -> None:
    with pytest.raises(PermanentFailureError):
        number_of(address)


def test_a_number_is_taken_in_any_width_and_grouping() -> None:
    assert number_of("+８６ (138) 1234-5678") == "+8613812345678"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "https://evil.example/sms"}, "url"),
        ({"url": "http://10.0.0.1/sms"}, "url"),
        ({"body": '{"a": "$password"}'}, "body"),
        ({"body": '{"a": $text}'}, "body"),
        ({"body": '{"a": "$"}'}, "body"),
    ],
)
def test_a_gateway_that_could_not_work_is_refused(changed: dict[str, str], field: str) -> None:
    gateway = SmsGateway(name="短信", url="https://qyapi.weixin.qq.com/sms")
    gateway.full_clean()
    for name, value in changed.items():
        setattr(gateway, name, value)
    with pytest.raises(ValidationError) as refused:
        gateway.full_clean()
    assert list(refused.value.message_dict) == [field]


def test_the_database_allows_one_active_gateway() -> None:
    SmsGateway.objects.create(name="一", url="https://a.example", active=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SmsGateway.objects.create(name="二", url="https://b.example", active=True)

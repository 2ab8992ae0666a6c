"""Group robots: documented payloads, 20 calls a minute and one digest above, nobody called out by a text."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core import clock
from customers.models import Organisation
from notifications.channels.robots import cut, plain, signature
from notifications.models import Robot, Sending
from people.actors import SYSTEM
from people.models import Region, Role
from tests.notifications.errands import NOON, act, acts, make, missed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.notifications.conftest import Cast, Service
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
SECONDS = timedelta(seconds=1)


@pytest.fixture
def robot(service: Service, cast: Cast) -> Robot:
    """A WeCom robot for everything that is missed."""
    cast.handler.email = ""
    cast.handler.save()
    return Robot.objects.create(name="群", service="wecom", webhook=f"{service.origin}/send?key=s3cret", language="en")


def miss(cast: Cast, count: int, *, first: int = 1, at: Any = NOON) -> None:
    records = [make(n, cast.customer, handler=cast.handler) for n in range(first, first + count)]
    acts([(record, "deadline.missed", SYSTEM, missed("handler")) for record in records], at)


def test_wecom_is_told_in_markdown(service: Service, robot: Robot, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "deadline.missed", **missed("handler"))
    post()
    path, headers, payload = service.requests[0]
    assert path == "/send?key=s3cret"
    assert headers["Idempotency-Key"] == Sending.objects.get().key
    assert payload["msgtype"] == "markdown"
    text = payload["markdown"]["content"]
    assert "ER-20260302-0001: “Fetch it” was missed at 2026-03-02 12:00" in text
    assert "【urgent】" in text
    assert "/errand/ER-20260302-0001/)" in text


def test_dingtalk_is_told_with_a_signed_time_stamp(
    service: Service, robot: Robot, errand: Errand, post: Callable[..., None]
) -> None:
    Robot.objects.update(service="dingtalk")
    robot = Robot.objects.get()
    robot.sign_secret = "SECabc"
    robot.save()
    act(errand, "deadline.missed", **missed("handler"))
    post()
    path, _headers, payload = service.requests[0]
    query = parse_qs(urlsplit(path).query)
    stamp = int(NOON.timestamp() * 1000)
    assert query == {"key": ["s3cret"], "timestamp": [str(stamp)], "sign": [signature(stamp, "SECabc")]}
    assert payload["msgtype"] == "markdown"
    assert set(payload["markdown"]) == {"title", "text"}
    assert payload["at"] == {"isAtAll": False}


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    assert signature(1_577_262_236_757, "SECtest") == "Za/ne6w2koB8B4ROVlgTNd/X+/FbyDpZrXLz57xNZSA="


def test_nineteen_are_told_one_by_one(cast: Cast, service: Service, robot: Robot, post: Callable[..., None]) -> None:
    miss(cast, 19)
    post()
    assert len(service.requests) == 19


def test_above_the_limit_one_digest_tells_all(
    cast: Cast, service: Service, robot: Robot, post: Callable[..., None]
) -> None:
    miss(cast, 45)
    post()
    (payload,) = service.payloads
    text = payload["markdown"]["content"]
    assert text.startswith("**45 notices**")
    assert "and 30 more" in text
    assert Sending.objects.filter(sent_at=NOON).count() == 45


def test_the_limit_holds_over_a_sliding_minute_and_everything_is_told(
    cast: Cast, service: Service, robot: Robot, post: Callable[..., None]
) -> None:
    moments = []
    at = NOON
    for number in range(1, 91):
        miss(cast, 1, first=number, at=at)
        before = len(service.requests)
        post(at)
        moments += [at] * (len(service.requests) - before)
        at += SECONDS
    for _ in range(130):
        before = len(service.requests)
        post(at)
        moments += [at] * (len(service.requests) - before)
        at += SECONDS
    busiest = max(sum(m <= other < m + timedelta(minutes=1) for other in moments) for m in moments)
    assert busiest <= 20
    assert not Sending.objects.pending().exists()
    told = json.dumps(service.payloads)
    assert all(f"ER-20260302-{number:04d}" in told or "more" in told for number in range(1, 91))
    assert len(service.requests) < 90


def test_a_robot_that_is_away_is_tried_again(
    service: Service, robot: Robot, errand: Errand, post: Callable[..., None]
) -> None:
    service.answers.append((502, {}, {}))
    act(errand, "deadline.missed", **missed("handler"))
    post()
    sending = Sending.objects.get()
    assert (sending.sent_at, sending.last_error) == (None, "the robot's service answered 502")
    post(NOON + timedelta(minutes=1))
    assert Sending.objects.get().sent_at == NOON + timedelta(minutes=1)
    keys = {headers["Idempotency-Key"] for _path, headers, _payload in service.requests}
    assert len(keys) == 1


def test_a_service_that_has_had_enough_is_left_alone(
    cast: Cast, service: Service, robot: Robot, post: Callable[..., None]
) -> None:
    Robot.objects.update(service="dingtalk")
    service.answers.append((200, {"errcode": 130101, "errmsg": "send too fast"}, {}))
    miss(cast, 1)
    post()
    miss(cast, 3, first=2, at=NOON + SECONDS)
    for minutes in range(1, 10):
        post(NOON + timedelta(minutes=minutes))
    assert len(service.requests) == 1
    post(NOON + timedelta(minutes=10))
    assert not Sending.objects.pending().exists()


def test_an_address_that_the_service_does_not_know_is_given_up(
    service: Service, robot: Robot, errand: Errand, post: Callable[..., None]
) -> None:
    service.answers.append((200, {"errcode": 93000, "errmsg": "invalid webhook url s3cret"}, {}))
    act(errand, "deadline.missed", **missed("handler"))
    post()
    post(NOON + timedelta(days=1))
    sending = Sending.objects.get()
    assert (sending.failed_at, sending.last_error) == (NOON, "WeCom knows no such robot (93000)")


@pytest.mark.parametrize("answer", [{}, {"errcode": "0"}, {"errcode": 40058}, []])
def test_an_answer_that_is_no_success_is_none(
    service: Service, robot: Robot, errand: Errand, post: Callable[..., None], answer: Any
) -> None:
    service.answers.append((200, answer, {}))
    act(errand, "deadline.missed", **missed("handler"))
    post()
    assert Sending.objects.get().sent_at is None


def test_a_robot_whose_address_is_no_longer_allowed_is_not_called(
    service: Service, robot: Robot, errand: Errand, post: Callable[..., None], settings: Any
) -> None:
    settings.WEBHOOK_INTERNAL = ()
    act(errand, "deadline.missed", **missed("handler"))
    post()
    assert not service.requests
    assert Sending.objects.get().failed_at == NOON


def test_a_robot_tells_what_it_is_for(cast: Cast, service: Service, robot: Robot, post: Callable[..., None]) -> None:
    south = Region.objects.create(code="south", name_zh="华南", name_en="South")
    elsewhere = Organisation.objects.create(name="中山大学", region=south)
    robot.region, robot.role = Region.objects.get(code="north"), Role.objects.get(code="service_director")
    robot.urgency = 2
    robot.save()
    here, there = make(1, cast.customer, handler=cast.handler), make(2, elsewhere, handler=cast.handler)
    act(here, "deadline.escalated", **missed("service_director"))
    act(there, "deadline.escalated", **missed("service_director"))
    act(here, "deadline.missed", **missed("handler"))
    act(here, "deadline.warned", **missed("service_director"))
    post()
    assert len(service.requests) == 1
    assert "is still open" in service.payloads[0]["markdown"]["content"]


def test_a_robot_that_was_switched_off_says_nothing_more(
    service: Service, robot: Robot, errand: Errand, post: Callable[..., None]
) -> None:
    service.answers.append((500, {}, {}))
    act(errand, "deadline.missed", **missed("handler"))
    post()
    robot.active = False
    robot.save()
    post(NOON + timedelta(minutes=1))
    assert len(service.requests) == 1
    assert Sending.objects.get().last_error == "the robot was switched off"


def test_a_customers_text_calls_nobody_out(
    cast: Cast, service: Service, robot: Robot, post: Callable[..., None]
) -> None:
    record = make(1, cast.customer, handler=cast.handler, title="<@all> [click](https://evil.example) `x` @13800000000")
    act(record, "deadline.missed", **missed("handler"))
    post()
    text = service.payloads[0]["markdown"]["content"]
    assert "<@" not in text
    assert "](https://evil" not in text
    assert "@13800000000" not in text
    assert "evil.example" in text


def test_a_long_message_is_cut_between_lines() -> None:
    assert cut("标题\n" + "长" * 3000, 4096) == "标题"
    assert len(plain("长" * 5000)) == 200


def test_keys_are_in_no_log_no_history_and_no_row(
    service: Service,
    robot: Robot,
    errand: Errand,
    post: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
    settings: Any,
) -> None:
    settings.WEBHOOK_INTERNAL = ()
    with caplog.at_level(logging.DEBUG):
        act(errand, "deadline.missed", **missed("handler"))
        post()
        with clock.held(NOON):
            robot.name = "新群"
            robot.save()
    assert "s3cret" not in caplog.text
    assert "s3cret" not in str(list(Robot.objects.values()))
    assert "s3cret" not in str(list(Robot.history.values()))
    assert "s3cret" not in str(list(Sending.objects.values()))
    assert "s3cret" not in repr(robot.__dict__)
    assert not {"webhook", "sign_secret"} & {f.name for f in Robot.history.model._meta.get_fields()}


def test_a_changed_key_shows_by_its_mark(robot: Robot) -> None:
    before = robot.key_mark
    robot.webhook = "https://qyapi.weixin.qq.com/other"
    robot.save()
    latest = robot.history.first()
    change = latest.diff_against(latest.prev_record).changes[0]
    assert (change.field, change.old) == ("key_mark", before)
    assert change.new != before

"""No webhook can be turned against the house: listed hosts, public addresses, no redirects, an end to waiting."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from notifications.channels import http
from notifications.channels.base import TemporaryFailureError

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.notifications.conftest import Service

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=s3cret-key"


@pytest.mark.parametrize(
    "url",
    [
        WECOM,
        "https://oapi.dingtalk.com/robot/send?access_token=x",
        "https://OAPI.dingtalk.com:443/robot/send",
        "https://oapi.dingtalk.com./robot/send",
    ],
)
def test_the_two_services_may_be_called(url: str) -> None:
    http.allowed(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not an address",
        "http://qyapi.weixin.qq.com/x",
        "https://qyapi.weixin.qq.com:8443/x",
        "https://qyapi.weixin.qq.com:99999/x",
        "https://evil.example/x",
        "https://qyapi.weixin.qq.com.evil.example/x",
        "https://evil-qyapi.weixin.qq.com/x",
        "https://qyapi.weixin.qq.com@evil.example/x",
        "https://user:pass@qyapi.weixin.qq.com/x",
        "https://evil.example#@qyapi.weixin.qq.com/",
        "https://evil.example\\@qyapi.weixin.qq.com/",
        "https://qyapi.weixin.qq.com\r\nHost: evil/",
        "https://qyapi.weixin.qq.com\t/",
        "https://ｑyapi.weixin.qq.com/",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://qyapi.weixin.qq.com/",
        "//qyapi.weixin.qq.com/x",
        "https:///x",
    ],
)
def test_everything_else_may_not(url: str) -> None:
    with pytest.raises(http.RefusedAddressError):
        http.allowed(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - the case
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_a_listed_name_that_points_into_the_house_is_not_called(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """One private address among public ones is enough to refuse."""

    def found(*_: object, **__: object) -> list[Any]:
        return [(0, 0, 0, "", ("112.60.1.1", 443)), (0, 0, 0, "", (address, 443))]

    def connected(*_: object, **__: object) -> None:
        pytest.fail("a connection was made")

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(socket, "create_connection", connected)
    with pytest.raises(http.RefusedAddressError):
        http.post_json(WECOM, b"{}", "k")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    connected: list[tuple[str, int]] = []

    def found(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", ("112.60.1.1", 443))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(TemporaryFailureError) as failure:
        http.post_json(WECOM, b"{}", "k")
    assert (asked, connected) == (["qyapi.weixin.qq.com"], [("112.60.1.1", 443)])
    assert "s3cret" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_a_name_that_is_not_found_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", lost)
    with pytest.raises(TemporaryFailureError):
        http.post_json(WECOM, b"{}", "k")


def test_an_internal_origin_is_called_only_as_it_is_listed(service: Service) -> None:
    answer = http.post_json(f"{service.origin}/send?key=1", b'{"a": 1}', "once")
    assert (answer.status, answer.json()) == (200, {"errcode": 0})
    path, headers, payload = service.requests[0]
    assert (path, headers["Idempotency-Key"], payload) == ("/send?key=1", "once", {"a": 1})
    for other in (service.origin.replace("127.0.0.1", "localhost"), service.origin + "0", "http://127.0.0.1"):
        with pytest.raises(http.RefusedAddressError):
            http.post_json(f"{other}/send", b"{}", "k")


def test_a_redirect_is_not_followed(service: Service) -> None:
    service.answers.append((302, {}, {"Location": f"{service.origin}/elsewhere"}))
    assert http.post_json(f"{service.origin}/send", b"{}", "k").status == 302
    assert len(service.requests) == 1


def test_an_answer_without_end_is_not_read_to_its_end(service: Service) -> None:
    service.answers.append((200, {"errcode": 0, "fill": "x" * 300_000}, {}))
    answer = http.post_json(f"{service.origin}/send", b"{}", "k")
    assert len(answer.body) == 64 * 1024
    assert answer.json() == {}


def test_the_list_of_hosts_is_a_setting(settings: Settings) -> None:
    settings.WEBHOOK_HOSTS = ("sms.example",)
    http.allowed("https://sms.example/send")
    with pytest.raises(http.RefusedAddressError):
        http.allowed(WECOM)


def test_values_cannot_break_out_of_a_json_template() -> None:
    body = http.filled_json('{"to": "$mobile", "text": "$text"}', {"mobile": "1", "text": '","admin":"1\n\\'})
    assert body.decode() == '{"to": "1", "text": "\\",\\"admin\\":\\"1\\n\\\\"}'

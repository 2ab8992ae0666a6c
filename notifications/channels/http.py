"""Requests to webhooks: the house's guarded calls (`core.calls`), to the hosts that robots and gateways live on."""

from __future__ import annotations

import json
from string import Template
from typing import TYPE_CHECKING

from django.conf import settings

from core import calls
from core.calls import Answer, RefusedAddressError
from notifications.channels.base import TemporaryFailureError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

HOSTS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com")
"""The hosts that may be called unless WEBHOOK_HOSTS says otherwise."""


def _hosts() -> tuple[str, ...]:
    return tuple(getattr(settings, "WEBHOOK_HOSTS", HOSTS))


def allowed(url: str) -> SplitResult:
    """The parts of an address that may be called. Raises RefusedAddressError."""
    return calls.allowed(url, _hosts())


def post_json(url: str, payload: bytes, key: str) -> Answer:
    """Post JSON to an allowed address; `key` goes along as Idempotency-Key.

    Raises RefusedAddressError before anything is called, TemporaryFailureError when nothing came back. No message
    holds more of the address than its host: the rest is a secret.
    """
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    try:
        return calls.call(calls.Call("POST", url, payload, headers), _hosts())
    except calls.UnreachableError as error:
        raise TemporaryFailureError(str(error)) from None


def filled_json(template: str, values: Mapping[str, str]) -> bytes:
    """A JSON template with its variables filled in as the insides of strings. Raises ValueError if it is no JSON."""
    inside = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    return json.dumps(json.loads(Template(template).safe_substitute(inside)), ensure_ascii=False).encode()


__all__ = ("HOSTS", "Answer", "RefusedAddressError", "allowed", "filled_json", "post_json")

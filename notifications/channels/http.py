"""Requests to webhooks, made so that nobody can turn them against the house (server-side request forgery).

Only hosts of an allow-list are called, by https on its usual port. The name is looked up once, every address found must
be a public one, and the connection goes to the very address that was checked. Redirects are not followed, waiting has
an end, and no more of an answer is read than is needed. What the operator lists as internal (`WEBHOOK_INTERNAL`, whole
origins such as `http://10.0.0.5:8080`) may be called as it is.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.channels.base import TemporaryFailureError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

HOSTS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com")
"""The hosts that may be called unless WEBHOOK_HOSTS says otherwise."""
TIMEOUT = 8.0
"""Seconds to connect, and again for each read."""
_MOST = 64 * 1024
_HTTPS = 443


class RefusedAddressError(Exception):
    """The address must not be called; `reason` says why, in the reader's language."""

    def __init__(self, reason: str | Promise) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one for anything else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def allowed(url: str) -> SplitResult:
    """The parts of an address that may be called. Raises RefusedAddressError."""
    if any(ord(c) <= ord(" ") or ord(c) > ord("~") for c in url) or "\\" in url:
        raise RefusedAddressError(_("The address holds characters that an address cannot hold."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddressError(_("This is not an address.")) from error
    if parts.username is not None or parts.password is not None or not parts.hostname:
        raise RefusedAddressError(_("This is not an address that can be called."))
    if _is_internal(parts):
        return parts
    if parts.scheme != "https" or port not in {None, _HTTPS}:
        raise RefusedAddressError(_("Only https addresses on the usual port are called."))
    hosts = getattr(settings, "WEBHOOK_HOSTS", HOSTS)
    if parts.hostname.rstrip(".").lower() not in hosts:
        raise RefusedAddressError(
            _("This host is not on the list of those that may be called: %(hosts)s.") % {"hosts": ", ".join(hosts)}
        )
    return parts


def _is_internal(parts: SplitResult) -> bool:
    return f"{parts.scheme}://{parts.netloc}".lower() in getattr(settings, "WEBHOOK_INTERNAL", ())


def public_address(host: str, port: int) -> str:
    """The address of a host, looked up once. Raises RefusedAddressError if any of its addresses is not a public one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        msg = f"{host} was not found"
        raise TemporaryFailureError(msg) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not _is_public(address):
            raise RefusedAddressError(_("The host's address is not a public one."))
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address may hide in an IPv6 one.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _Pinned(http.client.HTTPSConnection):
    """A TLS connection to an address that was checked, under the name that the certificate must bear."""

    def __init__(self, host: str, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, _HTTPS, timeout=TIMEOUT, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Connect to the checked address; the name is not looked up again."""
        plain = socket.create_connection((self._address, _HTTPS), TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def post_json(url: str, payload: bytes, key: str) -> Answer:
    """Post JSON to an allowed address; `key` goes along as Idempotency-Key.

    Raises RefusedAddressError before anything is called, TemporaryFailureError when nothing came back. No message
    holds more of the address than its host: the rest is a secret.
    """
    parts = allowed(url)
    host = str(parts.hostname)
    connection = _connection(parts, host)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key, "Connection": "close"}
    try:
        connection.request("POST", path, payload, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(_MOST))
    except (OSError, http.client.HTTPException) as error:
        msg = f"{host}: {type(error).__name__}"
        raise TemporaryFailureError(msg) from None
    finally:
        connection.close()


def _connection(parts: SplitResult, host: str) -> http.client.HTTPConnection:
    if not _is_internal(parts):
        return _Pinned(host, public_address(host, _HTTPS))
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT)
    return http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT)


def filled_json(template: str, values: Mapping[str, str]) -> bytes:
    """A JSON template with its variables filled in as the insides of strings. Raises ValueError if it is no JSON."""
    inside = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    return json.dumps(json.loads(Template(template).safe_substitute(inside)), ensure_ascii=False).encode()

"""Requests to other systems, made so that nobody can turn them against the house (server-side request forgery).

Only hosts of an allow-list are called, by https on its usual port. The name is looked up once, every address found must
be a public one, and the connection goes to the very address that was checked. Redirects are not followed, waiting has
an end, and no more of an answer is read than is needed. What the operator lists as internal (`WEBHOOK_INTERNAL`, whole
origins such as `http://10.0.0.5:8080`) may be called as it is.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from django.utils.functional import Promise

TIMEOUT = 8.0
"""Seconds to connect, and again for each read."""
LONGEST = 30.0
"""Seconds from the connection to the end of the answer, however slowly it drips."""
MOST = 64 * 1024
_HTTPS = 443


class RefusedAddressError(Exception):
    """The address must not be called; `reason` says why, in the reader's language."""

    def __init__(self, reason: str | Promise) -> None:
        self.reason = reason
        super().__init__(str(reason))


class UnreachableError(Exception):
    """Nothing came back. The text names the host and the fault; the rest of the address may be a secret."""


@dataclass(frozen=True)
class Call:
    """What is asked of another system."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one for anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def allowed(url: str, hosts: Collection[str]) -> SplitResult:
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
    if parts.hostname.rstrip(".").lower() not in hosts:
        raise RefusedAddressError(
            _("This host is not on the list of those that may be called: %(hosts)s.") % {"hosts": ", ".join(hosts)}
        )
    return parts


def _is_internal(parts: SplitResult) -> bool:
    return f"{parts.scheme}://{parts.netloc}".lower() in getattr(settings, "WEBHOOK_INTERNAL", ())


def public_address(host: str, port: int) -> str:
    """The address of a host, looked up once.

    Raises RefusedAddressError if any of its addresses is not a public one, UnreachableError if it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        msg = f"{host} was not found"
        raise UnreachableError(msg) from error
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


def call(asked: Call, hosts: Collection[str], *, seconds: float = LONGEST, most: int = MOST) -> Answer:
    """Ask something of an allowed address; the answer's body is read up to `most` bytes, and no longer than `seconds`.

    Raises RefusedAddressError before anything is called, UnreachableError when nothing whole came back.
    """
    parts = allowed(asked.url, hosts)
    host = str(parts.hostname)
    connection = _connection(parts, host)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.connect()
        with _cut_off(connection.sock, seconds):
            connection.request(asked.method, path, _flowing(asked), _headers(asked))
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, answer.read(most), headers)
    except (OSError, http.client.HTTPException) as error:
        msg = f"{host}: {type(error).__name__}"
        raise UnreachableError(msg) from None
    finally:
        connection.close()


def _headers(asked: Call) -> dict[str, str]:
    length = {} if asked.body is None else {"Content-Length": str(len(asked.body))}
    return {**asked.headers, **length, "Connection": "close"}


def _flowing(asked: Call) -> io.BytesIO | None:
    """The body in pieces: the time-out of a socket then holds for each piece, and not for a large file as a whole."""
    return None if asked.body is None else io.BytesIO(asked.body)


@contextmanager
def _cut_off(sock: socket.socket, seconds: float) -> Iterator[None]:
    """End a conversation that has not ended by itself: a time-out alone begins anew with every byte that drips in."""
    over = threading.Event()

    def shut() -> None:
        over.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if over.is_set():  # what was read until then may look like an answer
        raise TimeoutError


def _connection(parts: SplitResult, host: str) -> http.client.HTTPConnection:
    if not _is_internal(parts):
        return _Pinned(host, public_address(host, _HTTPS))
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT)
    return http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT)

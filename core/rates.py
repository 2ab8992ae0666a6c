"""How often an address may knock at a door that is open to everybody. Counted in the cache, for minutes only."""

from __future__ import annotations

import ipaddress
import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)
_MINUTE = 60
_NETWORK = 64
"""Whoever has an address of the sixth version has a whole network of them."""


def too_often(what: str, request: HttpRequest, most: int, seconds: int = _MINUTE) -> bool:
    """Whether this address has done it more often than `most` within the time; counts this time too.

    A cache that is away holds nobody up: what is behind the door must not rest on this alone.
    """
    key = f"rate:{what}:{sha256(_caller(request).encode()).hexdigest()[:32]}"
    try:
        cache.add(key, 0, timeout=seconds)
        return int(cache.incr(key)) > most
    except ValueError:  # it was forgotten between the two
        return False
    except Exception as error:  # noqa: BLE001 - each cache has errors of its own
        logger.warning("rates cannot be counted: %s", type(error).__name__)
        return False


def _caller(request: HttpRequest) -> str:
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, _NETWORK), strict=False)) if found.version == 6 else address  # noqa: PLR2004 - IPv6

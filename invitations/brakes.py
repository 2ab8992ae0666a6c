"""How often an address may knock: enough for a faculty behind one router, too little to guess a link."""

from __future__ import annotations

from django.core.cache import cache
from redis.exceptions import RedisError

MINUTE = 60
KNOCKS, MISSES = 240, 20
"""Requests, and links that there are not, of one address within a minute."""


def too_many(what: str, address: str, most: int) -> bool:
    """Count a knock; whether there were more than may be within the minute. Where nothing can be counted, none are."""
    key = f"invitations:{what}:{address}"
    try:
        cache.add(key, 0, MINUTE)
        return bool(cache.incr(key) > most)
    except (RedisError, OSError, ValueError):  # the last: it ran out between the two calls
        return False

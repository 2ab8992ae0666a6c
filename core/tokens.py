"""Keys that stand in links: made of something random and the installation's key, and known to the database by a hash.

Who reads the database, or a copy of it, can open nothing; what made a link can name it again all the same.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from django.urls import register_converter
from django.utils.crypto import salted_hmac


class Token:
    """A token in an address: `<token:token>`."""

    regex = "[A-Za-z0-9_-]{20,86}"

    def to_python(self, value: str) -> str:
        """The token as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The token as it is."""
        return value


register_converter(Token, "token")


def new_seed() -> str:
    """What a link is made of together with the installation's key: random, and worthless without that key."""
    return secrets.token_hex(32)


def token_of(salt: str, seed: str) -> str:
    """What the link ends with; `salt` says for what it is good."""
    return urlsafe_b64encode(salted_hmac(salt, seed, algorithm="sha256").digest()).decode().rstrip("=")


def hashed(token: str) -> str:
    """What the database knows of a token."""
    return sha256(token.encode()).hexdigest()

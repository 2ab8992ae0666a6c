"""Columns that hold secrets: encrypted in the database, and closed in memory until somebody says `reveal()`."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence


class UndecryptableError(Exception):
    """The key with which a secret was encrypted is not among FIELD_KEYS."""


class Secret:
    """A secret as it is passed about: it shows dots wherever text is asked for.

    So it cannot slip into a page, a log, a traceback or a history row. An empty one is false.
    """

    __slots__ = ("_token",)

    def __init__(self, token: str = "") -> None:
        self._token = token

    def __str__(self) -> str:
        return "••••••" if self._token else ""

    def __repr__(self) -> str:
        return f"<Secret {self}>"

    def __bool__(self) -> bool:
        return bool(self._token)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._token == self._token

    def __hash__(self) -> int:
        return hash(self._token)

    @classmethod
    def of(cls, text: str) -> Secret:
        """Encrypt a text with the first key."""
        return cls(_box(_keys()).encrypt(text.encode()).decode()) if text else cls()

    @property
    def token(self) -> str:
        """The encrypted form, as the database keeps it."""
        return self._token

    def reveal(self) -> str:
        """The text. Raises UndecryptableError when its key is gone."""
        if not self._token:
            return ""
        try:
            return _box(_keys()).decrypt(self._token.encode()).decode()
        except InvalidToken as error:
            raise UndecryptableError from error

    def renewed(self) -> Secret:
        """The same text, encrypted with the first key: for changing keys. Raises UndecryptableError."""
        return Secret.of(self.reveal())


class SecretField(models.TextField[Any, Any]):
    """A text that the database holds encrypted (Fernet). Reads give `Secret`; a plain text may be assigned.

    It cannot be searched. Keys are FIELD_KEYS: the first encrypts, all of them decrypt, so that keys can be changed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a text column, without what the field decides itself."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_: object) -> Secret:
        """Closed, as it comes."""
        return Secret(value or "")

    def to_python(self, value: object) -> Secret:
        """A plain text is encrypted at once."""
        return value if isinstance(value, Secret) else Secret.of(str(value or ""))

    def get_prep_value(self, value: object) -> str:
        """The encrypted form."""
        return self.to_python(value).token

    def value_to_string(self, obj: models.Model) -> str:
        """Exports hold the encrypted form."""
        return self.get_prep_value(self.value_from_object(obj))


def fingerprint(secret: Secret) -> str:
    """Eight characters by which a change of a secret shows, and which tell nothing about it."""
    if not secret:
        return ""
    try:
        return hmac.new(settings.SECRET_KEY.encode(), secret.reveal().encode(), hashlib.sha256).hexdigest()[:8]
    except UndecryptableError:
        return "?"


def secret_input(label: Any) -> forms.CharField:
    """A form's field that never shows what is stored: left empty, what is stored stays."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=400,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password", "size": 80}),
        help_text=_("Stored encrypted and never shown. Leave empty to keep what is stored."),
    )


def _keys() -> tuple[str, ...]:
    """The keys of settings or environment, else one that is made once and kept beside the data."""
    given = getattr(settings, "FIELD_KEYS", None) or os.environ.get("FIELD_KEYS", "").split(",")
    return tuple(key.strip() for key in given if key.strip()) or (_kept_key(Path(settings.HOME) / "field_key"),)


def _kept_key(kept: Path) -> str:
    try:
        return _make_or_read(kept)
    except OSError as error:
        msg = f"the key of this installation cannot be read or made: {type(error).__name__}"
        raise ImproperlyConfigured(msg) from error


def _make_or_read(kept: Path) -> str:
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked: of two processes that start together, one key wins whole.
        aside = kept.with_name(f"{kept.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
        try:
            os.link(aside, kept)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return kept.read_text()


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        msg = (
            "FIELD_KEYS must hold keys made by "
            "`python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`"
        )
        raise ImproperlyConfigured(msg) from error

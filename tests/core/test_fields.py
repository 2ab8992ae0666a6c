"""Secrets: encrypted where they are stored, closed where they are passed about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from core.fields import Secret, SecretField, UndecryptableError

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]


def test_a_secret_shows_dots_and_tells_only_when_asked() -> None:
    secret = Secret.of("https://robot/?key=密钥")
    shown = (str(secret), repr(secret), f"{secret}", f"{secret!r}", repr({"x": secret}))
    assert not any("robot" in text or secret.token in text for text in shown)
    assert secret.reveal() == "https://robot/?key=密钥"
    assert secret


def test_the_same_secret_is_stored_differently_each_time() -> None:
    assert Secret.of("a").token != Secret.of("a").token


def test_an_empty_secret_is_empty() -> None:
    assert not Secret.of("")
    assert Secret().reveal() == ""
    assert str(Secret()) == ""


def test_keys_can_be_changed(settings: Settings) -> None:
    secret = Secret.of("a")
    settings.FIELD_KEYS = [NEW, OLD]
    renewed = secret.renewed()
    settings.FIELD_KEYS = [NEW]
    assert renewed.reveal() == "a"
    with pytest.raises(UndecryptableError):
        secret.reveal()


def test_a_changed_token_is_not_taken_for_a_secret() -> None:
    with pytest.raises(UndecryptableError):
        Secret("gAAAAAB-not-a-token").reveal()


def test_a_key_that_is_none_is_refused_with_the_way_to_make_one(settings: Settings) -> None:
    settings.FIELD_KEYS = ["short"]
    with pytest.raises(ImproperlyConfigured, match="generate_key"):
        Secret.of("a")


def test_without_a_key_one_is_made_once_that_only_the_owner_can_read(settings: Settings, tmp_path: Path) -> None:
    settings.FIELD_KEYS, settings.HOME = [], tmp_path / "home"
    secret = Secret.of("a")
    kept = tmp_path / "home" / "field_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert secret.reveal() == "a"
    assert [file.name for file in kept.parent.iterdir()] == ["field_key"]


def test_a_column_takes_text_and_gives_a_secret() -> None:
    field = SecretField()
    stored = field.get_prep_value("plain")
    assert "plain" not in stored
    assert field.from_db_value(stored).reveal() == "plain"
    assert field.get_prep_value(Secret(stored)) == stored
    assert field.from_db_value(None) == Secret()
    assert field.editable is False

"""A folder for each test, and a short way to ask for a list and to have it made."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from exports import keeping, making
from exports.keeping import Wish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exports.models import Export
    from people.models import User

    Ask = Callable[..., Export]


@pytest.fixture(autouse=True)
def exports_folder(tmp_path: Path, settings: Any) -> Path:
    """Nothing is left behind."""
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    return tmp_path / "exports"


@pytest.fixture
def ask() -> Ask:
    """Ask for the list of tickets: `ask(person, "show=all", "csv")`."""

    def asked(user: User, query: str = "show=all", kind_of_file: str = "csv", **more: Any) -> Export:
        given = {"kind": "ticket", "query": query, "format": kind_of_file, "key": uuid.uuid4().hex} | more
        return keeping.ask(user, Wish(**given))

    return asked


@pytest.fixture
def made(ask: Ask) -> Ask:
    """Ask for a list, and have it made at once."""

    def ready(*given: Any, **more: Any) -> Export:
        export = ask(*given, **more)
        making.run()
        export.refresh_from_db()
        return export

    return ready

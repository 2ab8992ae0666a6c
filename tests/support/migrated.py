"""A database that is migrated already, of which each process of a run makes its own by copying.

To migrate from nothing takes a quarter of a minute of work. The first process that needs it has `manage.py migrate` do
so, the others wait for it; each then runs `migrate` on its copy as ever, which finds nothing left to do.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from ops.setup import ROOT

FOLDER = "SERVICEOPS_MIGRATED"
"""The variable that names the folder in which the processes of a run wait for one another."""
_NAME = "serviceops_migrated"
_kept: list[sqlite3.Connection] = []
"""A database in memory lives for as long as somebody is connected to it."""


def begin_with(settings: dict[str, Any]) -> None:
    """Have Django's test database, which the settings describe, begin as such a copy.

    A process that tests alone, and that nobody has made one for, is quicker without.
    """
    if FOLDER in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
        prepare(Path(os.environ[FOLDER]), os.environ["DATABASE_URL"])
    made = there()
    if made and settings["ENGINE"] == "django.db.backends.sqlite3":
        _into_memory(made)
    elif made:
        settings.setdefault("TEST", {})["TEMPLATE"] = made.name


def there() -> Path | None:
    """The migrated database if there is one: a file, or a note with the name that it has on the server."""
    if FOLDER not in os.environ:
        return None
    note = Path(os.environ[FOLDER]) / _name(os.environ["DATABASE_URL"])
    return note if note.exists() else None


def prepare(folder: Path, url: str) -> None:
    """See that there is a migrated database of the kind that the address names."""
    note = folder / _name(url)
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            if note.suffix:
                _sqlite(note)
            else:
                _postgresql(url)
                note.touch()


def _name(url: str) -> str:
    return f"{_NAME}.sqlite3" if url.startswith("sqlite") else _NAME


def _postgresql(url: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {_NAME}")
    _migrate(f"{url.rpartition('/')[0]}/{_NAME}")


def _sqlite(path: Path) -> None:
    made = path.with_suffix(".new")
    _migrate(f"sqlite:///{made}")
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file holds it all
    made.rename(path)


def _into_memory(path: Path) -> None:
    """Fill the database in memory that Django's tests use."""
    memory = sqlite3.connect("file:memorydb_default?mode=memory&cache=shared", uri=True)
    with closing(sqlite3.connect(path)) as migrated:
        migrated.backup(memory)
    _kept.append(memory)


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        env = {"DATABASE_URL": url, "SERVICEOPS_HOME": home, "SECRET_KEY": "only-for-tests"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True)


if __name__ == "__main__":
    prepare(Path(os.environ[FOLDER]), os.environ["DATABASE_URL"])

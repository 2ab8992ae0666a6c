"""Where work that is done beside pages keeps its files: a folder for each row, outside of whatever the web serves."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Shelf:
    """The folders of one kind of work; `setting` names where they lie."""

    setting: str

    def root(self) -> Path:
        """The folder of all."""
        return Path(getattr(settings, self.setting))

    def at(self, pk: int) -> Path:
        """Where the folder of one row is, or would be."""
        return self.root() / str(pk)

    def folder(self, pk: int) -> Path:
        """The folder of one row, made if need be."""
        made = self.at(pk)
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
        return made

    def write(self, pk: int, name: str, content: bytes) -> Path:
        """A file that is there whole or not at all, whoever is killed meanwhile."""
        path = self.folder(pk) / name
        part = path.with_name(f"{name}.part")
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        return path

    def clear(self, pk: int) -> None:
        """Remove all that is there of a row."""
        shutil.rmtree(self.at(pk), ignore_errors=True)

    def keep_only(self, pk: int, name: str) -> None:
        """Remove what was needed to make a file."""
        for path in self.folder(pk).iterdir():
            if path.name != name:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def sweep(self, wanted: Callable[[list[int]], Iterable[int]]) -> None:
        """Remove the folders that belong to nothing."""
        there = [int(path.name) for path in self.root().glob("*") if path.name.isdigit()]
        kept = set(wanted(there))
        for pk in there:
            if pk not in kept:
                self.clear(pk)

"""Where the files of an export lie: a folder for each, outside of whatever the web serves."""

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING

from core.shelves import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from exports.models import Export

SHELF = Shelf("EXPORTS_FOLDER")
_KEY = 8
"""Bytes of a key."""


class SpoiledError(Exception):
    """The half-made files are not what the database says: another machine's, or gone."""


def folder(export: Export) -> Path:
    """The folder of one export, made if need be."""
    return SHELF.folder(export.pk)


def file(export: Export) -> Path:
    """The file that is handed out."""
    return SHELF.at(export.pk) / f"list.{export.format}"


def write_keys(export: Export, keys: Iterable[int]) -> int:
    """Store the keys of the rows in their order; how many there are."""
    path = folder(export) / "keys"
    with path.open("wb") as out:
        for some in _batches(keys):
            some.tofile(out)
        _settle(out.fileno())
    return path.stat().st_size // _KEY


def _batches(keys: Iterable[int], size: int = 10_000) -> Iterator[array[int]]:
    some = array("q")
    for key in keys:
        some.append(key)
        if len(some) == size:
            yield some
            some = array("q")
    yield some


def read_keys(export: Export, first: int, count: int) -> list[int]:
    """Some of the keys. Raises SpoiledError if they are not there."""
    found: array[int] = array("q")
    try:
        with (folder(export) / "keys").open("rb") as kept:
            kept.seek(first * _KEY)
            found.frombytes(kept.read(count * _KEY))
    except (FileNotFoundError, ValueError) as error:
        raise SpoiledError from error
    if len(found) != count:
        raise SpoiledError
    return found.tolist()


def append(export: Export, lines: bytes) -> int:
    """Write lines where the half-made file is valid up to; where it is valid up to then. Raises SpoiledError.

    What a killed worker has written beyond that is overwritten: the database did not hear of it.
    """
    path = folder(export) / "rows"
    with path.open("r+b" if path.exists() else "w+b") as out:
        if out.seek(0, os.SEEK_END) < export.spooled:
            raise SpoiledError
        out.truncate(export.spooled)
        out.seek(export.spooled)
        out.write(lines)
        _settle(out.fileno())
        return out.tell()


def spool(export: Export) -> Iterator[bytes]:
    """The lines of the half-made file. Raises SpoiledError."""
    path, read = folder(export) / "rows", 0
    if not path.exists():
        raise SpoiledError
    with path.open("rb") as kept:
        while read < export.spooled:
            line = kept.readline()
            if not line:
                raise SpoiledError
            read += len(line)
            yield line


def _settle(descriptor: int) -> None:
    os.fsync(descriptor)


def clear(export: Export) -> None:
    """Remove all that is there of an export."""
    SHELF.clear(export.pk)

"""Where frozen PDFs lie: named by their own fingerprint, put there whole, and checked before they are handed out."""

from __future__ import annotations

import os
import uuid
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from core import clock

if TYPE_CHECKING:
    from documents.models import Printed

FOLDER = "documents"
_STALE = 3600.0
"""Seconds after which nobody writes on a half-written file any more."""


class DamagedError(Exception):
    """What lies there is not what was frozen, or is gone. It is never handed out."""


def put(content: bytes) -> tuple[str, str]:
    """Store a PDF whole or not at all; its name and its SHA-256. The same content lies in the same place."""
    fingerprint = sha256(content).hexdigest()
    name = f"{FOLDER}/{fingerprint[:2]}/{fingerprint}"
    place = Path(default_storage.path(name))
    if not (place.exists() and _fingerprint(place.read_bytes()) == fingerprint):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = place.with_name(f"{uuid.uuid4().hex}.part")
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(place)
    return name, fingerprint


def read(printed: Printed) -> bytes:
    """The bytes that were frozen. Raises DamagedError for any other."""
    try:
        content: bytes = Path(default_storage.path(str(printed.file.name))).read_bytes()
    except OSError as error:
        raise DamagedError(str(printed)) from error
    if _fingerprint(content) != printed.sha256:
        raise DamagedError(str(printed))
    return content


def sweep() -> int:
    """Remove what killed workers have left half written; how many files that were."""
    root = Path(default_storage.path(FOLDER))
    old = [part for part in root.glob("*/*.part") if clock.now().timestamp() - part.stat().st_mtime > _STALE]
    for part in old:
        part.unlink(missing_ok=True)
    return len(old)


def _fingerprint(content: bytes) -> str:
    return sha256(content).hexdigest()

"""Having a file read by a process of its own, which may take little memory and time and knows nothing of the house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.text import clean_text
from search.writing import LONGEST

SECONDS = 40
"""How long the process may take by the clock on the wall; it gives itself less of the processor (reader.py)."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "application/pdf": "pdf",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
}
"""What can be read: the type of a file, and what the reader calls it."""
_READER = Path(__file__).with_name("reader.py")
_REASONS = ("encrypted", "too_large", "broken")


class UnreadableError(Exception):
    """A file gives no text; `reason` is one of encrypted, too_large, broken, slow, gone."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def text_of(content: bytes, kind: str) -> str:
    """The text of a file. Raises UnreadableError."""
    command = [sys.executable, "-I", "-X", "utf8", str(_READER), kind, str(LONGEST)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what it reads comes by its input
            command, input=content, capture_output=True, timeout=SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("slow") from error
    if done.returncode:
        said = done.stderr[-200:].decode(errors="replace").strip().rpartition("\n")[2]
        raise UnreadableError(said if said in _REASONS else "slow" if done.returncode < 0 else "broken")
    return clean_text(done.stdout.decode("utf-8", "replace"))[:LONGEST].strip()

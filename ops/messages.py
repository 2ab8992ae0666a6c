"""Whether every text has its Chinese: collects the texts anew, beside the repository, and looks at each message."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ops import setup

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
_SOURCES = {".py", ".html", ".txt"}
_OPTIONS = ("-l", "zh_Hans", "--no-location", "--no-wrap", "-v0")
_MOST_TOLD = 40


def collected(root: Path, into: Path) -> Path:
    """Copy the tracked sources and the catalogue, bring the copy's catalogue up to date, and return its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        file = root / name
        if file.is_file() and (file.suffix in _SOURCES or Path(name) == CATALOGUE) and not name.startswith("tests/"):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, into / name)
    (into / "locale").mkdir(exist_ok=True)
    program = setup.VENV / "bin" / "django-admin"
    subprocess.run([program, "makemessages", *_OPTIONS], cwd=into, check=True)
    return into / CATALOGUE


def faults(catalogue: Path) -> list[str]:
    """What is wrong with each message that a reader of Chinese would meet in English, or not at all."""
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as file:
        messages = read_po(file, locale="zh_Hans")
    found = []
    for message in messages:
        if not message.id:
            continue
        texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if message.fuzzy:
            found.append(f"only guessed: {message.id!r}")
        elif not all(texts):
            found.append(f"not translated: {message.id!r}")
        else:
            found += [f"{error}: {message.id!r}" for error in message.check(messages)]
    return found


def main() -> int:
    """Tell what is missing; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        found = faults(collected(setup.ROOT, Path(folder)))
    for fault in found[:_MOST_TOLD]:
        print(fault)
    if found:
        print(f"{len(found)} messages to mend in {CATALOGUE}; `make messages` collects them.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

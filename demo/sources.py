"""The demonstration's words: Chinese texts, names and people, kept as data beside the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "data"


@cache
def read(name: str) -> Any:
    """The content of one file of the data folder, read once."""
    with (_FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader

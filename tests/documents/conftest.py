"""Frozen files lie where the test ends with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.paper import GIVEN

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ("GIVEN",)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    """Frozen files lie where the test ends with them."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        },
    }

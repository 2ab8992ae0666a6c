"""Where the files of a batch lie: what is printed for it while it is made, and then the one that is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.shelves import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from batches.models import Batch, Item

SHELF = Shelf("BATCHES_FOLDER")


def file(batch: Batch) -> Path:
    """The file that is handed out."""
    return SHELF.at(batch.pk) / f"documents.{batch.format}"


def sheet(item: Item) -> Path:
    """What was printed for one item, and is kept nowhere else."""
    return SHELF.at(item.batch_id) / f"{item.position}.sheet"

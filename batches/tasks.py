"""Celery's doors: what a worker executes. What is to be made is in the database, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from batches import keeping, making
from batches.models import Batch

logger = logging.getLogger(__name__)


@shared_task(name="batches.make")
def make() -> None:
    """Go on with what people have asked for."""
    if Batch.objects.unfinished().exists():
        making.run()


@shared_task(name="batches.remove_old")
def remove_old() -> None:
    """Throw away what has been kept long enough."""
    if removed := keeping.remove_old():
        logger.info("batches: %s files removed", removed)

"""Celery's doors: what a worker executes. What is to be made is in the database, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from exports import keeping, making
from exports.models import Export

logger = logging.getLogger(__name__)


@shared_task(name="exports.make")
def make() -> None:
    """Go on with what people have asked for."""
    if Export.objects.unfinished().exists():
        making.run()


@shared_task(name="exports.remove_old")
def remove_old() -> None:
    """Throw away what has been kept long enough."""
    removed = keeping.remove_old()
    if removed:
        logger.info("exports: %s files removed", removed)

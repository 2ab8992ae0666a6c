"""Celery's doors: what a worker executes. What is to be read is in the database, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from scans import keeping, reading
from scans.models import Upload

logger = logging.getLogger(__name__)


@shared_task(name="scans.read")
def read() -> None:
    """Go on with what people have uploaded."""
    if Upload.objects.unfinished().exists():
        reading.run()


@shared_task(name="scans.clear_old")
def clear_old() -> None:
    """Remove images that are kept with their documents."""
    if cleared := keeping.clear_old():
        logger.info("scans: the images of %s uploads removed", cleared)

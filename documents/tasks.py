"""Celery's doors: what a worker executes. What is to be printed is in the database, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from documents import freezing

logger = logging.getLogger(__name__)


@shared_task(name="documents.freeze")
def freeze() -> None:
    """Print and keep what was finalised."""
    done = freezing.freeze_pending()
    if done:
        logger.info("documents: %s frozen", done)

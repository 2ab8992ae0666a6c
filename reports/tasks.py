"""Celery's door: days that are over are settled at night."""

from __future__ import annotations

import logging

from celery import shared_task

from reports import tallies

logger = logging.getLogger(__name__)


@shared_task(name="reports.settle")
def settle() -> None:
    """Keep what days that are over have come to, by day and rule."""
    logger.info("rules: %s spans of days settled", tallies.settle())

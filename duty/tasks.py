"""Celery's door: the roster is looked through for gaps. What was told of stands in the database."""

from __future__ import annotations

import logging

from celery import shared_task

from duty import alarm

logger = logging.getLogger(__name__)


@shared_task(name="duty.look_for_gaps")
def look_for_gaps() -> None:
    """Tell the directors of hours that nobody covers."""
    if found := alarm.look():
        logger.info("roster: %s new gaps", len(found))

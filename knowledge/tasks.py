"""Celery's door to the gathering; the database knows what is due, so a lost or doubled message changes nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from knowledge import services

logger = logging.getLogger(__name__)


@shared_task(name="knowledge.gather")
def gather() -> None:
    """Gather for every period that is over."""
    made = services.gather_what_is_due()
    if made:
        logger.info("knowledge: %s periods gathered", made)

"""Celery's door: what a worker executes now and again."""

from __future__ import annotations

import logging

from celery import shared_task

from jira import polling

logger = logging.getLogger(__name__)


@shared_task(name="jira.poll")
def poll() -> None:
    """Read what has changed in JIRA; nothing where it is switched off."""
    if taken := polling.poll():
        logger.info("JIRA: %s issues read", taken)

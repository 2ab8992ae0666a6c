"""Celery's door: what a worker executes now and again."""

from __future__ import annotations

import logging

from celery import shared_task

from jira import outages, polling

logger = logging.getLogger(__name__)


@shared_task(name="jira.poll")
def poll() -> None:
    """Read what has changed in JIRA, and look whether it goes along; nothing where it is switched off."""
    if taken := polling.poll():
        logger.info("JIRA: %s issues read", taken)
    outages.look()

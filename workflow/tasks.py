"""Celery's doors: what a worker executes. The database holds what is to be done, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from workflow import drift, outbox, recompute, sweep
from workflow.approvals import vacancies
from workflow.models import Recomputation

logger = logging.getLogger(__name__)


@shared_task(name="workflow.sweep_deadlines")
def sweep_deadlines() -> None:
    """Fire what is due."""
    report = sweep.run()
    if report.fired or report.performed or report.failed:
        logger.info(
            "deadlines: %s levels fired, %s acts by the system, %s put off",
            report.fired,
            report.performed,
            report.failed,
        )


@shared_task(name="workflow.drain_outbox")
def drain_outbox() -> None:
    """Do what commits have left to be done."""
    done = outbox.drain()
    if done:
        logger.info("outbox: %s messages done", done)


@shared_task(name="workflow.recompute_deadlines")
def recompute_deadlines() -> None:
    """Go on with what administrators have ordered, and look at all clocks when it is done."""
    if not Recomputation.objects.unfinished().exists():
        return
    changed = recompute.run()
    logger.info("recomputation: %s deadlines changed", changed)
    if not Recomputation.objects.unfinished().exists():
        drift.check()


@shared_task(name="workflow.check_clocks")
def check_clocks() -> None:
    """Look at every open deadline, whether it is where its terms put it."""
    found = drift.check()
    logger.info(
        "clocks: %s deadlines examined, %s drifted, %s under former rules", found.examined, found.drifted, found.waiting
    )


@shared_task(name="workflow.fill_vacancies")
def fill_vacancies() -> None:
    """Give the seats of people who have left to others."""
    filled = vacancies.run()
    if filled:
        logger.info("reviews: %s seats of people who have left were filled", filled)

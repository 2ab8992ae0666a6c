"""Celery's doors: what a worker executes. The database holds what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task

from workflow import outbox, sweep


@shared_task(name="workflow.sweep_deadlines")
def sweep_deadlines() -> None:
    """Fire what is due."""
    sweep.run()


@shared_task(name="workflow.drain_outbox")
def drain_outbox() -> None:
    """Do what commits have left to be done."""
    outbox.drain()

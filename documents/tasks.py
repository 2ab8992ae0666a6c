"""Celery's doors: what a worker executes. What is to be printed is in the database, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from documents import freezing, previews, store

logger = logging.getLogger(__name__)


@shared_task(name="documents.freeze")
def freeze() -> None:
    """Print and keep what was finalised."""
    done = freezing.freeze_pending()
    if done:
        logger.info("documents: %s frozen", done)


@shared_task(name="documents.preview")
def preview(pk: int, state: str) -> None:
    """Show somebody how a draft would look on paper."""
    previews.make(pk, state)


@shared_task(name="documents.preview_proposed")
def preview_proposed(name: str) -> None:
    """Show somebody how the first document of a campaign would look on paper."""
    previews.make_proposed(name)


@shared_task(name="documents.preview_about")
def preview_about(pk: int, form: str) -> None:
    """Show somebody how a form about a record would look on paper."""
    previews.make_about(pk, form)


@shared_task(name="documents.sweep")
def sweep() -> None:
    """Remove what killed workers have left half written."""
    removed = store.sweep()
    if removed:
        logger.info("documents: %s half-written files removed", removed)

"""Celery's doors: what a worker executes."""

from __future__ import annotations

from celery import shared_task

from forms_templates import gallery


@shared_task(name="forms.show")
def show(code: str, state: str) -> None:
    """Make the pages of a form that somebody looks at in the gallery."""
    gallery.make(code, state)

"""Composition: settings, addresses, Celery and WSGI."""

from serviceops.celery import app as celery_app

__all__ = ("celery_app",)

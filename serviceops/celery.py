"""Celery's application: it executes what the database says is to be done."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from core import collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serviceops.settings")

app = Celery("serviceops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _loaded(**_signal: Any) -> None:
    """Calm the collector once, before the worker's processes fork."""
    collector.calm()

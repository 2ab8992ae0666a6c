"""Celery's application: it executes what the database says is to be done."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serviceops.settings")

app = Celery("serviceops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

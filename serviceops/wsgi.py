"""The web application for gunicorn."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from core import collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serviceops.settings")

application = get_wsgi_application()
collector.calm()

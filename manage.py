#!/usr/bin/env python
"""Django's command line for ServiceOps."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from core import collector

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serviceops.settings")
    collector.calm()
    execute_from_command_line(sys.argv)

"""`manage.py seed`: the data without which nothing works, from every app that has some."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    """Run every app's `seeds.seed()` in the order of INSTALLED_APPS, all or nothing."""

    help = "Add the master data that is missing; what an administrator has changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and say which apps did."""
        with transaction.atomic():
            seeded = [config.label for config in apps.get_app_configs() if self._seed(f"{config.name}.seeds")]
        self.stdout.write(f"seeded: {', '.join(seeded)}")

    @staticmethod
    def _seed(module: str) -> bool:
        if find_spec(module) is None:
            return False
        import_module(module).seed()
        return True

"""`manage.py search_index`: compare the index with everything it mirrors, and write what is missing or wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from search.index import verify
from search.models import Document
from workflow.models import Record

if TYPE_CHECKING:
    from argparse import ArgumentParser

_TOLD = 20


class Command(BaseCommand):
    """Verify and rebuild the index."""

    help = "Write index rows that are missing or wrong, and take out those that mirror nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whether anything is written, and when it is worth the time."""
        parser.add_argument("--check", action="store_true", help="only say what is wrong; fail if anything is")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where an index is here already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and mend unless only asked to look."""
        if options["if_empty"] and (Document.objects.exists() or not Record.objects.exists()):
            return
        began = time.monotonic()
        report = verify(mend=not options["check"])
        for what, rows in (("missing or wrong", report.wrong), ("left over", report.left_over)):
            for row in rows[:_TOLD]:
                self.stdout.write(f"{what}: {row}")
            if len(rows) > _TOLD:
                self.stdout.write(f"{what}: {len(rows) - _TOLD} more")
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{report.right} right, {len(report.wrong)} wrong, {len(report.left_over)} left over, {seconds:.0f} s"
        )
        if options["check"] and not report.sound:
            msg = "The index does not say what it should; manage.py search_index writes it anew."
            raise CommandError(msg)

"""`manage.py draw_flows`: write docs/flows/*.md from the flows; with --check, fail if they are out of date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflow import registry
from workflow.charts import chart

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Draw every registered process."""

    help = "Draw the state chart of every process into docs/flows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="only say whether the charts are up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the charts, or compare them."""
        folder = Path(settings.BASE_DIR) / "docs" / "flows"
        for process in registry.all_processes():
            path, text = folder / f"{process.kind}.md", chart(process)
            if options["check"]:
                if not path.exists() or path.read_text() != text:
                    msg = f"{path.name} is out of date: run `make charts`"
                    raise CommandError(msg)
                continue
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            self.stdout.write(f"docs/flows/{path.name}")

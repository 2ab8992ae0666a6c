"""`manage.py demo`: a year of invented work, and with `--scale` many years of copies of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo import year
from demo.logins import PASSWORD

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime


class Command(BaseCommand):
    """Make demonstration data."""

    help = "Make a year of demonstration work through the gate; --scale N copies it up to N tickets for benchmarks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how much, and from which seed."""
        parser.add_argument("--tickets", type=int, default=3000, help="tickets of the year (3000)")
        parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same year (7)")
        parser.add_argument("--once", action="store_true", help="do nothing where demonstration data are here already")
        parser.add_argument(
            "--scale", type=int, default=0, metavar="N", help="copy whole lives until there are N tickets"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the year unless it is there, then scale."""
        if not year.exists():
            self._make_year(options["tickets"], options["seed"])
        elif not options["once"] and not options["scale"]:
            msg = "Demonstration data are here already; --once accepts that, --scale N adds copies."
            raise CommandError(msg)
        if options["scale"]:
            self._scale(options["scale"], options["seed"])

    def _make_year(self, tickets: int, seed: int) -> None:
        call_command("seed", stdout=self.stdout)
        began = time.monotonic()
        last = began

        def progress(acts: int, at: datetime) -> None:
            nonlocal last
            if time.monotonic() - last > 2:  # noqa: PLR2004 - seconds between two lines
                last = time.monotonic()
                self.stdout.write(f"  {at:%Y-%m-%d}  {acts} acts")

        account = year.make(tickets, seed, progress)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"demonstration: {account.tickets} tickets, {account.acts} acts, {account.firings} deadline levels "
            f"in {seconds:.0f} s; log in as demo.specialist, password {PASSWORD}"
        )

    def _scale(self, count: int, seed: int) -> None:
        from demo.scale import run

        began = time.monotonic()
        made = run(count, seed, lambda done: self.stdout.write(f"  {done} tickets"))
        self.stdout.write(f"copied {made} tickets in {time.monotonic() - began:.0f} s")

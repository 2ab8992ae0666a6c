"""`manage.py bench`: pages beside a bare view and the sweep, at a hundred thousand tickets; and printed forms."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench import contracts, forms, pages, report, server, sweeps
from reports import tallies

if TYPE_CHECKING:
    from argparse import ArgumentParser

_PATTERN = 600
"""So many tickets are made by the gate, to be copied."""


class Command(BaseCommand):
    """Measure, and say which bars are kept."""

    help = (
        "Measure pages beside a bare view, the sweep, and printed forms. `make bench` gives it a database of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how much, for how long, and what."""
        parser.add_argument("--tickets", type=int, default=100_000, help="size of the data (100000)")
        parser.add_argument("--contracts", type=int, default=20_000, help="contracts, with their executions (20000)")
        parser.add_argument("--clients", type=int, default=1, help="browsers at the same time (1)")
        parser.add_argument("--seconds", type=float, default=60, help="how long pages are asked for (60)")
        parser.add_argument("--due", type=int, nargs="*", default=[2000, 20_000], help="tickets due in a sweep")
        parser.add_argument("--among", type=int, nargs="*", default=[10_000, 100_000], help="open deadlines in all")
        parser.add_argument("--only", choices=["pages", "sweep", "forms"], help="only one of them")
        parser.add_argument("--forms", type=int, default=1000, help="forms that each of two workers prints (1000)")
        parser.add_argument("--sweeper", metavar="MOMENT", help="be a worker of the sweep's measurement")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the data that are missing, measure, print."""
        if options["sweeper"]:
            sweeps.sweeper(datetime.fromisoformat(options["sweeper"]))
            return
        if options["only"] in (None, "forms"):
            self._print(report.prints(forms.measure(options["forms"], self.stdout.write)))
        if options["only"] != "forms":
            self._measure_at_scale(options)

    def _measure_at_scale(self, options: dict[str, Any]) -> None:
        """Pages and sweep, on a database of many tickets."""
        if connection.vendor != "postgresql":
            msg = "Benchmarks are for PostgreSQL: run `make bench`, or give DATABASE_URL."
            raise CommandError(msg)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("demo", once=True, tickets=_PATTERN, scale=options["tickets"], stdout=self.stdout)
        contracts.multiply(options["contracts"])
        tallies.settle()  # as every night does
        self._analyse()
        if options["only"] != "sweep":
            with server.serving() as web:
                measured = pages.measure(web.port, options["clients"], options["seconds"])
                memory = web.memory()
            self._print(report.pages(measured))
            self._print([report.memory(memory)])
        if options["only"] != "pages":
            swept = sweeps.measure(tuple(options["due"]), tuple(options["among"]), self.stdout.write)
            self._print(report.sweeps(swept))

    def _analyse(self) -> None:
        """What autovacuum would have done by now on a database that grew slowly."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _print(self, lines: Any) -> None:
        self.stdout.write("")
        for line in lines:
            self.stdout.write(line)

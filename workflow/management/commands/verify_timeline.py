"""`manage.py verify_timeline`: walk every record's timeline and say where it has been tampered with."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from workflow.models import Entry, Record
from workflow.timeline import faults

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

_CHUNK = 500


class Command(BaseCommand):
    """Check hash chains, gaps and cut-off ends."""

    help = "Verify the timeline of all records, or of those named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take record numbers."""
        parser.add_argument("numbers", nargs="*", help="only these records")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every fault; exit with an error if there is one."""
        records = Record.objects.order_by("pk")
        if options["numbers"]:
            records = records.filter(number__in=options["numbers"])
        checked = 0
        found: list[str] = []
        for chunk in _chunks(records):
            entries = Entry.objects.filter(record__in=[r.pk for r in chunk]).order_by("record_id", "seq")
            by_record = {key: list(group) for key, group in groupby(entries, attrgetter("record_id"))}
            for record in chunk:
                found.extend(faults(record, by_record.get(record.pk, [])))
            checked += len(chunk)
        for fault in found:
            self.stderr.write(fault)
        if found:
            msg = f"{len(found)} faults in {checked} timelines"
            raise CommandError(msg)
        self.stdout.write(f"{checked} timelines are whole")


def _chunks(records: Any) -> Iterator[list[Record]]:
    after = 0
    while chunk := list(records.filter(pk__gt=after)[:_CHUNK]):
        yield chunk
        after = chunk[-1].pk

"""`manage.py import_holidays 2027 2028`: bring China's public holidays and make-up workdays into the calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from calendars.models import WorkCalendar
from calendars.statutory import FIRST_YEAR, LAST_YEAR, import_year

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from calendars.statutory import Import


class Command(BaseCommand):
    """Import years; a year that is not announced yet is imported as an estimate, and said to be one."""

    help = "Import China's public holidays and make-up workdays of the given years (works offline)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the years, the calendar, and whether hand-made entries may be replaced."""
        parser.add_argument("years", nargs="+", type=int, metavar="YEAR")
        parser.add_argument("--calendar", help="code of one calendar (all that follow public holidays)")
        parser.add_argument("--replace", action="store_true", help="also replace years that were announced by hand")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import every year into every calendar. Raises CommandError for an unknown calendar or year."""
        calendars = WorkCalendar.objects.filter(keeps_holidays=True)
        if code := options["calendar"]:
            calendars = calendars.filter(code=code)
        if not calendars:
            msg = f"there is no calendar {code} that follows public holidays" if code else "there is no calendar yet"
            raise CommandError(msg)
        if wrong := [year for year in options["years"] if not FIRST_YEAR <= year <= LAST_YEAR]:
            msg = f"public holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {wrong[0]}"
            raise CommandError(msg)
        for calendar in calendars:
            for year in options["years"]:
                self._tell(calendar, import_year(calendar, year, replace=options["replace"]))

    def _tell(self, calendar: WorkCalendar, done: Import) -> None:
        line = f"{calendar.code} {done.year}: {done.added} added, {done.changed} changed, {done.removed} removed"
        if done.kept:
            self.stdout.write(
                f"{calendar.code} {done.year}: announced by hand, kept (--replace takes the package's data)"
            )
        elif done.announced:
            self.stdout.write(line)
        else:
            self.stdout.write(self.style.WARNING(f"{line}; NOT ANNOUNCED YET: an estimate without make-up workdays"))

"""The calendar with which an installation begins."""

from __future__ import annotations

from django.db import transaction

from calendars.algebra import Slot
from calendars.models import WorkCalendar
from calendars.statutory import company, import_year, is_announced
from core import clock

_YEARS_BACK, _YEARS_AHEAD = 2, 1


@transaction.atomic
def seed() -> None:
    """Make the company's calendar with its hours, and the public holidays from two years ago to next year.

    Doing it again changes nothing that an administrator has set; it only brings in years that are missing, and years
    that were an estimate and that the package has learnt since.
    """
    data = company()
    names = {name: value for name, value in data["calendar"].items() if name != "code"}
    calendar, _created = WorkCalendar.objects.get_or_create(code=data["calendar"]["code"], defaults=names)
    if not calendar.slots.exists():
        hours = Slot.parse(data["hours"])
        calendar.set_week(dict.fromkeys(data["weekdays"], hours))
    if not calendar.keeps_holidays:
        return
    known = dict(calendar.years.values_list("year", "announced"))
    this_year = clock.local(clock.now()).year
    for year in range(this_year - _YEARS_BACK, this_year + _YEARS_AHEAD + 1):
        if year not in known or (not known[year] and is_announced(year)):
            import_year(calendar, year)

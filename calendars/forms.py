"""Forms of the administrators' site that check a whole calendar and not only one row of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from calendars.models import NO_HOURS, refuse_overlaps

if TYPE_CHECKING:
    from calendars.algebra import Slot
    from calendars.models import CalendarDay, WeekSlot


class _Rows(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    def staying(self) -> list[Any]:
        """The rows that will be there once the form is saved."""
        going = self.deleted_forms
        return [form.instance for form in self.forms if form not in going and (form.instance.pk or form.has_changed())]


class WeekFormSet(_Rows):
    """The hours of a week: at least one slot, and none that overlaps another."""

    def clean(self) -> None:
        """Refuse an empty week and overlaps; what was checked together is then saved row by row, unasked."""
        super().clean()
        if any(self.errors):
            return
        rows: list[WeekSlot] = self.staying()
        if not rows:
            raise ValidationError(NO_HOURS)
        week: dict[int, list[Slot]] = defaultdict(list)
        for row in rows:
            week[row.weekday].append(row.slot)
        for slots in week.values():
            refuse_overlaps(slots)
        for row in rows:
            row.verified = True


class CompanyDaysFormSet(_Rows):
    """The company's exceptions: each date once. The rows here are all there are, so the form can see it by itself."""

    def clean(self) -> None:
        """Refuse a date that comes twice."""
        super().clean()
        if any(self.errors):
            return
        rows: list[CalendarDay] = self.staying()
        twice = [day for day, number in Counter(row.date for row in rows).items() if number > 1]
        if twice:
            raise ValidationError(_("%(date)s is there twice.") % {"date": min(twice)})

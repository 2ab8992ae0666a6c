"""Calendars for administrators: hours and exceptions on one page, a page for each year, and the history of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from calendars import hooks
from calendars.algebra import EmptyScheduleError
from calendars.forms import CompanyDaysFormSet, WeekFormSet
from calendars.models import AnnouncedYear, CalendarDay, WeekSlot, WorkCalendar
from calendars.schedules import DEFAULT, gap_warning, schedule_for
from calendars.statutory import FIRST_YEAR, LAST_YEAR
from calendars.views import year_of
from core import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.safestring import SafeString

_CHANGES_SHOWN = 50


class WeekSlotInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """The hours of the week."""

    model = WeekSlot
    formset = WeekFormSet
    extra = 1


class CompanyDayInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """The company's own exceptions; the public days are on the page of their year."""

    model = CalendarDay
    formset = CompanyDaysFormSet
    fields = ("date", "kind", "name_zh", "name_en", "hours")
    ordering = ("-date",)
    extra = 0
    verbose_name = gettext_lazy("exception of the company")
    verbose_name_plural = gettext_lazy("exceptions of the company")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarDay]:
        """Only what the company itself has set."""
        return super().get_queryset(request).filter(source=CalendarDay.Source.COMPANY)


class AnnouncedYearInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """Which years are announced."""

    model = AnnouncedYear
    extra = 0


class LeadsOn(SimpleHistoryAdmin):
    """After an edit, it leads to what depends on the calendar and is touched by it."""

    def calendar_of(self, obj: Any) -> WorkCalendar:
        """The calendar that was edited."""
        return obj if isinstance(obj, WorkCalendar) else obj.calendar

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Lead on, or back to the list."""
        usual: HttpResponse = super().response_post_save_add(request, obj)
        return _onward(self.calendar_of(obj)) or usual

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Lead on, or back to the list."""
        usual: HttpResponse = super().response_post_save_change(request, obj)
        return _onward(self.calendar_of(obj)) or usual

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Lead on, or back to the list."""
        usual: HttpResponse = super().response_delete(request, obj_display, obj_id)
        return _onward(None) or usual


def _onward(calendar: WorkCalendar | None) -> HttpResponse | None:
    where = hooks.where_next(calendar)
    return HttpResponseRedirect(where) if where else None


@admin.register(WorkCalendar)
class WorkCalendarAdmin(LeadsOn):
    """A calendar on one page."""

    list_display = ("code", "name_zh", "name_en", "timezone", "version", "years")
    fields = ("code", "name_zh", "name_en", "timezone", "keeps_holidays", "version", "years", "dependants")
    readonly_fields = ("version", "years", "dependants")
    inlines = (WeekSlotInline, CompanyDayInline, AnnouncedYearInline)

    def get_readonly_fields(self, request: HttpRequest, obj: WorkCalendar | None = None) -> tuple[str, ...]:
        """Keep the code of a calendar that is there: rules and policies refer to it."""
        fields: tuple[str, ...] = tuple(super().get_readonly_fields(request, obj))
        return fields if obj is None else ("code", *fields)

    def has_delete_permission(self, request: HttpRequest, obj: WorkCalendar | None = None) -> bool:
        """Keep the company's calendar: what names no other follows it."""
        return bool(super().has_delete_permission(request, obj)) and (obj is None or obj.code != DEFAULT)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the deletion of many at once, which would not spare the company's calendar."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a word on years that are not announced."""
        if warning := gap_warning(clock.now()):
            self.message_user(request, warning, level="warning")
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses and that of a year."""
        page = path(
            "<int:pk>/year/<int:year>/", self.admin_site.admin_view(self.year_view), name="calendars_workcalendar_year"
        )
        return [page, *super().get_urls()]

    @admin.display(description=gettext_lazy("years"))
    def years(self, calendar: WorkCalendar) -> SafeString | str:
        """Links to the pages of last year, this year and the next."""
        if calendar.pk is None:
            return ""
        now = clock.local(clock.now()).year
        return format_html_join(
            " ", '<a href="{}">{}</a>', ((_year_url(calendar, y), y) for y in range(now - 1, now + 2))
        )

    @admin.display(description=gettext_lazy("depends on it"))
    def dependants(self, calendar: WorkCalendar) -> SafeString | str:
        """Links to what depends on the calendar."""
        if calendar.pk is None:
            return ""
        return format_html_join(" ", '<a href="{}">{}</a>', hooks.pages(calendar))

    def year_view(self, request: HttpRequest, pk: int, year: int) -> HttpResponse:
        """A year day by day, whether it is announced, and who changed what in it."""
        calendar = get_object_or_404(WorkCalendar, pk=pk)
        if not self.has_view_permission(request, calendar):
            raise PermissionDenied
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        try:
            months = year_of(schedule_for(calendar), year)
        except EmptyScheduleError:
            months = []
        changes = CalendarDay.history.filter(calendar_id=pk, date__year=year).select_related("history_user")
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(calendar)s: %(year)s") % {"calendar": calendar.name, "year": year},
            "opts": self.opts,
            "calendar": calendar,
            "year": year,
            "announced": calendar.years.filter(year=year).first(),
            "months": months,
            "previous": _year_url(calendar, year - 1) if year > FIRST_YEAR else "",
            "next": _year_url(calendar, year + 1) if year < LAST_YEAR else "",
            "changes": changes.order_by("-history_date", "-history_id")[:_CHANGES_SHOWN],
        }
        return TemplateResponse(request, "admin/calendars/workcalendar/year.html", context)


@admin.register(CalendarDay)
class CalendarDayAdmin(LeadsOn):
    """Every exceptional day, public ones too."""

    list_display = ("date", "kind", "name_zh", "name_en", "source", "hours", "calendar")
    list_filter = ("calendar", "source", "kind")
    list_select_related = ("calendar",)
    search_fields = ("name_zh", "name_en")
    date_hierarchy = "date"
    ordering: ClassVar[list[str]] = ["-date"]
    readonly_fields = ("advice",)

    @admin.display(description=gettext_lazy("advice"))
    def advice(self, _day: CalendarDay) -> str:
        """How a correction survives the next import."""
        return format_html(
            "<p>{}</p>",
            _("An import sets the public days of a year anew. To depart from them, add a day of the company."),
        )


def _year_url(calendar: WorkCalendar, year: int) -> str:
    return reverse("admin:calendars_workcalendar_year", args=(calendar.pk, year))

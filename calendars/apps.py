"""Django's entry for calendars."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    """Working hours, public holidays, make-up workdays and the company's exceptions."""

    name = "calendars"
    verbose_name = _("Calendars")

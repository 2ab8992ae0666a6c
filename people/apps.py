"""Django's entry for people."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Users, roles, departments, regions, supervisors and substitutes."""

    name = "people"
    verbose_name = _("People")

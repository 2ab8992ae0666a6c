"""What notices are about, how pressing they are, and by which ways they go unless somebody chose otherwise."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a notice is about; people choose their ways by it."""

    ASSIGNMENT = "assignment", _("work given to me")
    DEADLINE = "deadline", _("deadlines: warnings and misses")
    ESCALATION = "escalation", _("escalations")
    REMINDER = "reminder", _("reminders by others")
    REPORT = "report", _("reports required by rule")
    APPROVAL = "approval", _("decisions awaited from me")
    PROGRESS = "progress", _("progress of what I follow")
    COPY = "copy", _("copies to me")


class Urgency(models.IntegerChoices):
    """How pressing a notice is."""

    QUIET = 0, _("quiet")
    NORMAL = 1, _("normal")
    URGENT = 2, _("urgent")


class Way(models.TextChoices):
    """By which way a notice leaves the house. In the application everybody is always told."""

    EMAIL = "email", _("email")
    SMS = "sms", _("text message")
    ROBOT = "robot", _("group robot")


PERSONAL_WAYS = (Way.EMAIL, Way.SMS)
"""The ways that a person can switch; a robot speaks to a group."""

_BY_MAIL = (Kind.ASSIGNMENT, Kind.DEADLINE, Kind.ESCALATION, Kind.REMINDER, Kind.REPORT, Kind.APPROVAL)
ON_BY_DEFAULT: frozenset[tuple[str, str]] = frozenset(
    {*((kind, Way.EMAIL) for kind in _BY_MAIL), (Kind.APPROVAL, Way.SMS)}
)

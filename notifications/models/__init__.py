"""The tables of notifications: notices, preferences, gateways, templates, and what was sent."""

from notifications.models.gateways import Robot, SmsGateway
from notifications.models.notices import Notice, Preference
from notifications.models.sendings import Sending
from notifications.models.templates import MessageTemplate
from notifications.models.tidings import Tiding

__all__ = ("MessageTemplate", "Notice", "Preference", "Robot", "Sending", "SmsGateway", "Tiding")

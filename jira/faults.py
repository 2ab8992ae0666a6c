"""Why something did not get to JIRA or back, in words for those who must mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import timedelta


class Fault(models.TextChoices):
    """What went wrong."""

    UNREACHABLE = "unreachable", _("JIRA cannot be reached")
    BUSY = "busy", _("JIRA asks to be left alone for a while")
    BROKEN = "broken", _("JIRA answered with an error of its own")
    UNREADABLE = "unreadable", _("JIRA's answer cannot be read")
    TOKEN = "token", _("JIRA does not accept the token")
    KEYS = "keys", _("The token cannot be decrypted; enter it anew")
    ADDRESS = "address", _("JIRA's address may not be called")
    REFUSED = "refused", _("JIRA refuses this as it is")
    GONE = "gone", _("This is no longer in JIRA")
    LATE = "late", _("The record was back before JIRA could be told")
    INTERNAL = "internal", _("An error of this system; it stands in the log")


FINAL = frozenset({Fault.REFUSED, Fault.GONE})
"""What no further try would change."""


class JiraError(Exception):
    """It did not work. `detail` is what JIRA said, cleaned and without a secret; `after` is how long it asked for."""

    def __init__(self, fault: Fault, detail: str = "", after: timedelta | None = None) -> None:
        self.fault = fault
        self.detail = detail
        self.after = after
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)

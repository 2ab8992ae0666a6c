"""What a record's page shows of its access details: everything but the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import markup
from core.faces import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator


def _rows(record: Any) -> Iterator[tuple[Any, Any]]:
    access = record.access
    if access is None:
        return
    yield _("IP address or domain"), access.address
    yield _("User name"), access.username
    yield _("Password"), str(access.password)
    yield _("Login method"), access.get_login_method_display()
    yield _("Firewall"), access.get_firewall_display()
    yield _("Recorded"), markup.moment(access.recorded_at)


ACCESS_PANEL = Panel(gettext_lazy("Access details"), _rows, place="side", related=("access",))

"""Who acts: a person, a person for another who is away, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Substitution, User

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import Promise


ELSEWHERE: dict[str, str | Promise] = {"jira": "JIRA", "link": gettext_lazy("Personal link")}
"""Doors by which somebody without an account acts, with the name that they go by."""


@dataclass(frozen=True)
class Actor:
    """One who asks for an act.

    `user` is None for the system. `on_behalf_of` is the principal whose right is used (B 代 A).
    `channel` says by which door the act came: web, portal, link, api, system, import, demo, jira.
    """

    user: User | None
    on_behalf_of: User | None = None
    channel: str = "web"

    def __str__(self) -> str:
        if self.user is None:
            return str(ELSEWHERE.get(self.channel) or _("System"))
        if self.on_behalf_of is None:
            return str(self.user)
        return _("%(substitute)s for %(principal)s") % {"substitute": self.user, "principal": self.on_behalf_of}

    @property
    def is_system(self) -> bool:
        """Whether the software acts by itself."""
        return self.user is None


SYSTEM = Actor(None, channel="system")


def principals_of(user: User, at: datetime) -> list[User]:
    """Those for whom the user stands in at that moment, each with how far (`lent`).

    Never a chain: a substitute's substitute is not asked. Who is named twice, for different things, is there twice.
    """
    if user.stands_in_for == []:
        return []
    rows = Substitution.objects.running(at).filter(substitute=user, principal__is_active=True)
    found: list[User] = []
    for row in rows.select_related("principal").order_by("id"):
        row.principal.lent = row.scope
        found.append(row.principal)
    return found

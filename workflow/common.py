"""The acts that every process knows: notes, files, copies, what is heard from elsewhere, the excuse of a miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from workflow.flow import ANY_STATE, Flow, verb
from workflow.parties import ACCOUNT_OWNER, DEPARTMENT, INVOLVED, SYSTEM, role

if TYPE_CHECKING:
    from workflow.flow import Act

DIRECTORS = role("service_director", "vice_president")
READERS = DEPARTMENT | ACCOUNT_OWNER | INVOLVED


class Common(Flow):
    """Acts beside a process's own, possible in every state."""

    @verb(ANY_STATE, None, by=READERS, label=_("Add a note"), tone="quiet", icon="note")
    def note(self, act: Act, text: str) -> None:
        """Leave a note for colleagues on the timeline."""

    @verb(ANY_STATE, None, by=READERS, label=_("Attach files"), tone="quiet", icon="paperclip")
    def attach(self, act: Act, text: str = "") -> None:
        """Keep material with the record; its files come with the form."""

    @verb(ANY_STATE, None, by=READERS, label=_("Copy to"), tone="quiet", icon="users")
    def copy_to(self, act: Act, people: Any, text: str = "") -> None:
        """抄送: let colleagues read along."""
        act.copy_to([person.pk for person in people])

    @verb(ANY_STATE, None, by=SYSTEM, label=_("Comment from elsewhere"), tone="quiet", icon="message-reply")
    def hear(self, act: Act, person: str, text: str) -> None:
        """What somebody wrote about the record in another system that it was passed on to."""

    @verb(ANY_STATE, None, by=DIRECTORS, label=_("Excuse a missed deadline"), tone="quiet", icon="shield-check")
    def excuse(self, act: Act, deadline: Any, reason: str) -> None:
        """Say why a miss is forgiven; it stays on record as a miss."""
        act.excuse(deadline.pk, reason)

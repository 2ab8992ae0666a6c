"""The acts that every process knows: notes, files, copies, links, what is heard from elsewhere, a miss excused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from workflow.beside import BESIDE, acting_beside
from workflow.flow import ANY_STATE, Flow, verb
from workflow.links import RecordsLinked, RecordsUnlinked
from workflow.parties import ACCOUNT_OWNER, DEPARTMENT, HANDLER, INVOLVED, SPECIALIST, SYSTEM, role

if TYPE_CHECKING:
    from workflow.flow import Act

DIRECTORS = role("service_director", "vice_president")
READERS = DEPARTMENT | ACCOUNT_OWNER | INVOLVED
LINKERS = DEPARTMENT | ACCOUNT_OWNER | HANDLER | SPECIALIST | DIRECTORS
"""Who says what belongs together: those whose work it is, and not everybody who reads along."""


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

    @verb(ANY_STATE, None, by=LINKERS, label=_("Link"), tone="quiet", icon="link")
    def link(self, act: Act, other: Any, relation: str) -> None:
        """Say what the record is to another one, of whatever process."""
        act.announce(RecordsLinked, other_id=other.pk, relation=relation)

    @verb(ANY_STATE, None, by=LINKERS, label=_("Unlink"), tone="quiet", icon="unlink")
    def unlink(self, act: Act, other: Any, reason: str) -> None:
        """Take back what was said of two records by hand."""
        act.announce(RecordsUnlinked, other_id=other.pk, reason=reason)

    @verb(ANY_STATE, None, by=BESIDE | SYSTEM, when=acting_beside, label=_("Linked"), tone="quiet", icon="link")
    def linked(self, act: Act, other: str, relation: str) -> None:
        """The other side of a link: somebody has linked another record to this one."""

    @verb(ANY_STATE, None, by=BESIDE | SYSTEM, when=acting_beside, label=_("Unlinked"), tone="quiet", icon="unlink")
    def unlinked(self, act: Act, other: str, reason: str) -> None:
        """The other side of a link that was taken back."""

    @verb(ANY_STATE, None, by=SYSTEM, label=_("Comment from elsewhere"), tone="quiet", icon="message-reply")
    def hear(self, act: Act, person: str, text: str = "", change: str = "", earlier: str = "") -> None:
        """What somebody wrote about the record in another system that it was passed on to, or did to it there."""

    @verb(ANY_STATE, None, by=DIRECTORS, label=_("Excuse a missed deadline"), tone="quiet", icon="shield-check")
    def excuse(self, act: Act, deadline: Any, reason: str) -> None:
        """Say why a miss is forgiven; it stays on record as a miss."""
        act.excuse(deadline.pk, reason)

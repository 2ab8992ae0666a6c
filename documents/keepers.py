"""Who keeps the paper: the department whose documents they are, and whoever a form names as holder of an original."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from workflow.parties import Part, Party, Slot, introduce, role

if TYPE_CHECKING:
    from people.models import User
    from workflow.models import Record

_OF_HOLDERS = {"hr": "hr_admin"}
"""The holders of originals who file what is signed in the service department's stead, by role."""
_OTHERWISE = "customer_specialist"
KEEPERS = role("hr_admin", "finance", "sales_ops")
"""Who has to do with signed paper outside of the service department; of documents that they see at all."""


@dataclass(frozen=True)
class _FilerPart(Part):
    """Whoever files a document: the role that holds its original, else the specialists."""

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person holds that role."""
        return user.has_role(self._role(record))

    def slots(self, record: Record) -> list[Slot]:
        """The role's queue."""
        return [Slot(role=self._role(record))]

    @staticmethod
    def _role(record: Any) -> str:
        found = (_OF_HOLDERS.get(holder.key) for holder in record.definition.holders)
        return next(filter(None, found), _OTHERWISE)


FILER = introduce(Party((_FilerPart("document_filer", _("who files it")),)))

"""The two acts by which a process deals with access details: put them on record, and open the password for a reason.

A process that works on customers' platforms gives its model a nullable `access` (a key to `vault.Access`), declares
both verbs in its flow with `recording` and `revealing`, and names their forms in its manifest (`VAULT_FORMS`). Who may
is the process's to say; that a look needs a reason, is written down and can be had from open records only, is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from vault.events import AccessRevealed
from vault.models import Access
from workflow.flow import ANY_STATE, Need, verb

if TYPE_CHECKING:
    from core.fields import Secret
    from workflow.flow import Act
    from workflow.parties import Party

RECORD, REVEAL = "record_access", "reveal_access"
STILL_OPEN = Need(
    lambda record: record.is_open,
    _("The record is closed: nobody works on the customer's platform for it any more."),
    rule="OFH-05",
)


def on_record(record: Any) -> bool:
    """Whether the record names access details."""
    return record.access_id is not None


def recording(*, by: Party) -> Any:
    """The verb that names access details on a record: new ones, or those on file."""

    @verb(
        ANY_STATE,
        None,
        by=by,
        label=_("Record access details"),
        rules=("OFH-04", "OFH-05"),
        needs=(STILL_OPEN,),
        icon="key",
    )
    def record_access(  # noqa: PLR0913, PLR0917 - a verb's parameters are what it asks for
        record: Any,
        act: Act,
        known: Access | None = None,
        site: Any = None,
        address: str = "",
        username: str = "",
        password: Secret | None = None,
        login_method: str = "",
        firewall: str = "",
    ) -> None:
        """Put the customer's address, user name, password, login method and firewall on record."""
        if known is None:
            known = Access(organisation=record.customer, site=site, address=address, username=username)
            known.password, known.login_method, known.firewall = password, login_method, firewall
            known.recorded_by, known.recorded_at = act.actor.user, act.at
            Access.objects.of(record.customer_id).filter(address=address, username=username).update(active=False)
            known.save()
        record.access = known

    return record_access


def revealing(*, by: Party) -> Any:
    """The verb that opens the password of the details on record: never without a reason, never unseen."""

    @verb(
        ANY_STATE,
        None,
        by=by,
        label=_("Open the password"),
        rules=("OFH-05",),
        needs=(
            STILL_OPEN,
            Need(on_record, _("No access details are on record here."), rule="OFH-04", who=by),
        ),
        icon="lock-open",
    )
    def reveal_access(record: Any, act: Act, reason: str) -> None:
        """Be given the password once. It is written down, and the customer's account manager is told."""
        act.announce(AccessRevealed, access_id=record.access_id, reason=reason)

    return reveal_access


__all__ = ("RECORD", "REVEAL", "on_record", "recording", "revealing")

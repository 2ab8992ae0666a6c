"""The part of a contract's life after its approval: sealed, posted, signed by both sides, effective, copied, filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from contracts.events import ContractArchived, ContractCopied, ContractEffective, ContractPrinted, ContractTerminated
from contracts.flow.states import FILING, IN_FORCE, LEADERS, SALES_OPS, State
from workflow.beside import BESIDE, acting_beside
from workflow.common import Common
from workflow.flow import Need, verb
from workflow.parties import HANDLER, role

if TYPE_CHECKING:
    from datetime import date

    from workflow.flow import Act

PAPERWORK = SALES_OPS | HANDLER
"""Who sees to seal and post: sales operations for new sales, the account manager for resales (CON-10, CON-13)."""
HR = role("hr_admin")


def is_printed(contract: Any) -> bool:
    """Whether HR has printed it with the opinions (CON-21)."""
    return contract.printed_at is not None


def is_not_printed(contract: Any) -> bool:
    """Whether it is still to be printed."""
    return contract.printed_at is None


def is_signed(contract: Any) -> bool:
    """Whether both sides' signatures are on record (CON-22)."""
    return contract.signed_ours_on is not None and contract.signed_theirs_on is not None


def is_not_signed(contract: Any) -> bool:
    """Whether a side's signature is not on record yet."""
    return not is_signed(contract)


def is_filed(contract: Any) -> bool:
    """Whether HR and finance have both filed it (CON-23)."""
    return bool(contract.hr_archive and contract.finance_archive)


def is_not_filed(contract: Any) -> bool:
    """Whether one of the two has still to file it."""
    return not is_filed(contract)


PRINTED = Need(
    is_printed,
    _("HR prints the approved contract with the opinions first: that is what is sealed."),
    rule="CON-21",
    who=HR,
)
SIGNED_BY_BOTH = Need(
    is_signed,
    _("Both sides' signatures are to be on record first."),
    rule="CON-22",
    who=FILING,
)
FILED_BY_BOTH = Need(
    is_filed,
    _("HR and finance both file it: give both archive numbers."),
    rule="CON-23",
    who=FILING,
)


class PaperActs(Common):
    """Acts on the paper."""

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        printed_at = signed_ours_on = signed_theirs_on = effective_on = cast("Any", None)
        copied_on = sealed_on = posted_on = cast("Any", None)
        hr_archive = finance_archive = terminated_on = cast("Any", None)

    def _keep(self, said: dict[str, Any]) -> None:
        for name, value in said.items():
            setattr(self, name, value)

    @verb(
        (State.APPROVED, State.SEALING, State.POSTED, *IN_FORCE),
        None,
        by=HR,
        label=_("Print contract and opinions"),
        rules=("CON-21",),
        tone="primary",
        icon="printer",
    )
    def print_papers(self, act: Act) -> None:
        """Print what was approved, and with which opinions; again, once the review sheet has more to say."""
        self.printed_at = act.at
        act.announce(ContractPrinted)

    @verb(
        State.APPROVED,
        State.SEALING,
        by=PAPERWORK | HR,
        label=_("Have it sealed"),
        rules=("CON-10", "CON-13", "CON-21"),
        needs=(PRINTED,),
        tone="primary",
        icon="rubber-stamp",
    )
    def have_sealed(self, act: Act, note: str = "") -> None:
        """Give contract and opinions, as printed, to the keeper of the seal."""

    @verb(
        State.SEALING,
        None,
        by=role("hr_admin") | PAPERWORK,
        label=_("Record the seal"),
        rules=("CON-21",),
        tone="primary",
        icon="rubber-stamp",
    )
    def record_seal(self, act: Act, **said: Any) -> None:
        """Sealed on a day, in so many copies."""
        self._keep(said)

    @verb(
        State.SEALING,
        State.POSTED,
        by=PAPERWORK,
        label=_("Post to the customer"),
        rules=("CON-10", "CON-13"),
        needs=(
            Need(
                lambda contract: contract.sealed_on is not None,
                _("It is to be sealed first."),
                rule="CON-10",
                who=role("hr_admin"),
            ),
        ),
        tone="primary",
        icon="send",
    )
    def post(self, act: Act, **said: Any) -> None:
        """Send the originals, with courier and waybill number."""
        self._keep(said)

    @verb(
        (State.SEALING, State.POSTED),
        None,
        by=PAPERWORK | FILING,
        label=_("Record a signature"),
        rules=("CON-22",),
        icon="signature",
    )
    def record_signature(self, act: Act, side: str, signed_on: date, signed_by: str, text: str = "") -> None:
        """One side's legal representative or authorised agent has signed."""
        self._keep({f"signed_{side}_on": signed_on, f"signed_{side}_by": signed_by})

    @verb(
        (State.SEALING, State.POSTED, *IN_FORCE),
        None,
        by=BESIDE,
        when=acting_beside,
        label=_("Signed copy is back"),
        rules=("CON-22",),
        icon="inbox",
    )
    def take_back(self, act: Act, document: str, how: str) -> None:
        """The signed contract has come back on paper or as a scan; whose signatures it bears is recorded next."""

    @verb(
        State.POSTED,
        State.EFFECTIVE,
        by=PAPERWORK | FILING,
        label=_("Take effect"),
        rules=("CON-22",),
        needs=(SIGNED_BY_BOTH,),
        tone="primary",
        icon="circle-check",
    )
    def take_effect(self, act: Act, effective_on: date) -> None:
        """Both sides have signed: it binds."""
        self.effective_on = effective_on
        act.announce(ContractEffective)

    @verb(
        IN_FORCE,
        None,
        by=SALES_OPS | HANDLER,
        label=_("Copy to the service department"),
        rules=("CON-24", "EXE-01"),
        tone="primary",
        icon="copy",
        when=lambda contract: contract.copied_on is None,
    )
    def copy_to_service(self, act: Act, copied_on: date) -> None:
        """Hand the copy over, which begins its execution."""
        self.copied_on = copied_on
        act.announce(ContractCopied)

    @verb(
        State.EFFECTIVE,
        None,
        by=FILING,
        label=_("Record the archive number"),
        rules=("CON-23", "CON-27"),
        icon="archive",
    )
    def file(self, act: Act, **said: Any) -> None:
        """HR or finance files the original under a number of theirs."""
        self._keep({name: value for name, value in said.items() if value})

    @verb(
        State.EFFECTIVE,
        State.ARCHIVED,
        by=FILING,
        label=_("Archive"),
        rules=("CON-23", "CON-27"),
        needs=(FILED_BY_BOTH,),
        tone="primary",
        icon="archive",
    )
    def archive(self, act: Act) -> None:
        """Both have filed it."""
        act.announce(ContractArchived)

    @verb(
        (State.APPROVED, State.SEALING, State.POSTED, *IN_FORCE),
        State.TERMINATED,
        by=LEADERS,
        label=_("Terminate"),
        tone="danger",
        icon="ban",
    )
    def terminate(self, act: Act, reason: str, terminated_on: date) -> None:
        """End it before its time, with a reason."""
        self.terminated_on = terminated_on
        act.announce(ContractTerminated)

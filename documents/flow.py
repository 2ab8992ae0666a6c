"""The life of a document: draft → submitted → to sign → signed → archived (forms.md G; FRM-13, ACC-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.events import DocumentFinalised, DocumentReplaced
from documents.outgoing import REMINDING, Outgoing
from documents.words import unanswered_words
from workflow.beside import BESIDE, acting_beside
from workflow.flow import Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import CUSTOMER, DEPARTMENT, HANDLER, SYSTEM, role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.flow import Act


FILLERS = role(
    *("account_manager", "sales_manager", "sales_director", "sales_ops", "finance", "finance_reviewer", "hr_admin"),
    *("department_head", "vice_president", "rd_engineer", "rd_reviewer"),
)
"""Who fills in or signs parts of forms beside the service department's own staff."""


class State(models.TextChoices):
    """Where a document stands. Content and PDF are frozen from `to_sign` on."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    TO_SIGN = "to_sign", _("To be signed")
    SIGNED = "signed", _("Signed")
    ARCHIVED = "archived", _("Archived")
    SUPERSEDED = "superseded", _("Superseded")
    CANCELLED = "cancelled", _("Cancelled")


FROZEN = (State.TO_SIGN, State.SIGNED, State.ARCHIVED, State.SUPERSEDED)


def _is_frozen(document: Any) -> bool:
    return document.frozen_at is not None


def _is_not_frozen(document: Any) -> bool:
    return document.frozen_at is None


PRINTED_FIRST = Need(
    _is_frozen,
    _("Its pages have not been printed and kept yet; that takes a few seconds."),
    rule="FRM-13",
)
ANSWERED_FIRST = Need(lambda document: not document.unanswered(), unanswered_words, rule="FRM-13")
PRINTABLE_FIRST = Need(
    lambda document: not document.unprintable(),
    lambda document: _("The printing font does not have: %(characters)s") % {"characters": document.unprintable()},
    rule="FRM-13",
)


class DocumentFlow(Outgoing):
    """draft → submitted → to be signed → signed → archived; a later document may take its place."""

    State = State
    final = (State.ARCHIVED, State.SUPERSEDED, State.CANCELLED)
    path = (State.DRAFT, State.SUBMITTED, State.TO_SIGN, State.SIGNED, State.ARCHIVED)
    waits = {
        State.DRAFT: Wait("submit", HANDLER),
        State.SUBMITTED: Wait("finalise", HANDLER),
        State.TO_SIGN: Wait("receive_signed", HANDLER, due="document.back"),
        State.SIGNED: Wait("archive", role("customer_specialist")),
    }
    timers = (
        REMINDING,
        Timer(
            "document.back",
            _("Back with signature and seal"),
            opens=("finalise",),
            closes=("receive_signed",),
            restarts=("chase",),
            within=(State.TO_SIGN,),
        ),
    )

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        handler = parent = replaces = cast("Any", None)
        values = cast("dict[str, Any]", None)
        code = signed_how = archive_no = archive_place = archive_box = cast("str", None)
        frozen_at = finalised_at = cast("Any", None)

    def _begin(self, said: dict[str, Any]) -> None:
        """Take the form, its version and what the house knows; the model's own affair, like the rest of these."""
        raise NotImplementedError

    def _answer(self, values: dict[str, Any], act: Act) -> None:
        raise NotImplementedError

    def _void_signatures(self, act: Act) -> None:
        raise NotImplementedError

    def _sign(self, act: Act, **said: Any) -> None:
        raise NotImplementedError

    def _lock(self, act: Act) -> None:
        raise NotImplementedError

    def _keep_prints(self, act: Act, prints: Sequence[Any]) -> None:
        raise NotImplementedError

    def _hand_over(self, act: Act, **said: Any) -> None:
        raise NotImplementedError

    @verb(
        NEW,
        State.DRAFT,
        by=DEPARTMENT | FILLERS | BESIDE | SYSTEM,
        label=_("Begin a document"),
        tone="primary",
        icon="plus",
    )
    def issue(self, act: Act, **said: Any) -> None:
        """Begin a document, filled in beforehand from what the house knows."""
        self._begin(said)
        self.handler = act.actor.on_behalf_of or act.actor.user

    @verb(
        (State.DRAFT, State.SUBMITTED),
        None,
        by=DEPARTMENT | FILLERS,
        label=_("Fill in"),
        tone="primary",
        icon="pencil",
    )
    def fill(self, act: Act, values: dict[str, Any], answered: Any = None) -> None:
        """Write what one may write: the form says which of its places are whose."""
        self._answer(values, act)

    @verb(State.DRAFT, None, by=SYSTEM | CUSTOMER, label=_("Filled in by the customer"), icon="pencil")
    def fill_in(self, act: Act, values: dict[str, Any], person: str = "", answered: Any = None) -> None:
        """Files that the customer sends with the form, before all of it is sent."""
        self._answer(values, act)

    @verb(State.DRAFT, State.SUBMITTED, by=SYSTEM | CUSTOMER, label=_("Sent in"), public=True, icon="inbox")
    def send_in(self, act: Act, values: dict[str, Any], person: str = "", answered: Any = None) -> None:
        """The customer has filled in the customer's part and sent it."""
        self._answer(values, act)

    @verb(State.DRAFT, State.SUBMITTED, by=DEPARTMENT | FILLERS, label=_("Submit"), tone="primary", icon="check")
    def submit(self, act: Act) -> None:
        """Nothing more is to be asked; what is missing can still be filled in by the company."""

    @verb(State.SUBMITTED, State.DRAFT, by=DEPARTMENT, label=_("Open again"), icon="arrow-back-up")
    def reopen(self, act: Act, reason: str) -> None:
        """Something is to be put right; signatures that were given are void."""
        self._void_signatures(act)

    @verb(
        (State.DRAFT, State.SUBMITTED),
        None,
        by=DEPARTMENT | FILLERS | CUSTOMER | SYSTEM,
        label=_("Sign"),
        icon="signature",
    )
    def sign(self, act: Act, item: str, name: str, how: str, **said: Any) -> None:
        """Put one's name to the document on the screen."""
        self._sign(act, item=item, name=name, how=how, **said)

    @verb(
        (State.DRAFT, State.SUBMITTED),
        State.TO_SIGN,
        by=DEPARTMENT,
        label=_("Finalise"),
        rules=("FRM-13",),
        needs=(ANSWERED_FIRST, PRINTABLE_FIRST),
        tone="primary",
        icon="lock",
    )
    def finalise(self, act: Act) -> None:
        """Freeze content and print: nothing of it changes any more."""
        self._lock(act)
        act.announce(DocumentFinalised)

    @verb(
        State.TO_SIGN,
        None,
        by=SYSTEM,
        label=_("Print frozen"),
        rules=("FRM-13",),
        when=_is_not_frozen,
        icon="file-text",
    )
    def freeze(self, act: Act, sha256: str, pages: int, prints: Any) -> None:
        """The PDF has been made; its fingerprint stands on the timeline."""
        self._keep_prints(act, prints)

    @verb(State.TO_SIGN, None, by=DEPARTMENT | SYSTEM, label=_("Chase"), icon="bell")
    def chase(self, act: Act, note: str = "") -> None:
        """Ask where the signed original is; the next reminder comes as long after it."""

    @verb(
        State.TO_SIGN,
        State.SIGNED,
        by=DEPARTMENT | SYSTEM,
        label=_("Signed copy received"),
        rules=("FRM-13",),
        needs=(PRINTED_FIRST,),
        tone="primary",
        icon="signature",
    )
    def receive_signed(self, act: Act, how: str, **said: Any) -> None:
        """The signed and sealed document is back: as a scan, or all have signed on the screen."""
        self.signed_how = how

    @verb(
        (State.TO_SIGN, State.SIGNED, State.ARCHIVED),
        None,
        by=DEPARTMENT,
        label=_("Hand over an original"),
        rules=("ACC-12",),
        icon="arrows-exchange",
    )
    def hand_over_original(self, act: Act, copy: int, to: str, **said: Any) -> None:
        """Say who holds an original now, and where; who held it before stays on the timeline."""
        self._hand_over(act, copy=copy, received_by=to, **said)

    @verb(
        State.SIGNED,
        State.ARCHIVED,
        by=DEPARTMENT,
        label=_("Archive"),
        rules=("FRM-13",),
        tone="primary",
        icon="archive",
    )
    def archive(self, act: Act, archive_no: str, archive_place: str = "", archive_box: str = "") -> None:
        """Say under which number and where the paper is kept."""
        self.archive_no, self.archive_place, self.archive_box = archive_no, archive_place, archive_box

    @verb(State.ARCHIVED, None, by=DEPARTMENT, label=_("Put elsewhere"), tone="quiet", icon="box")
    def refile(self, act: Act, archive_no: str, archive_place: str = "", archive_box: str = "") -> None:
        """The paper has another place now."""
        self.archive_no, self.archive_place, self.archive_box = archive_no, archive_place, archive_box

    @verb(
        (State.TO_SIGN, State.SIGNED, State.ARCHIVED),
        None,
        by=DEPARTMENT,
        label=_("Replace"),
        rules=("FRM-13",),
        needs=(
            Need(
                lambda document: document.successor is None,
                _("Another document is being made in its place already."),
                rule="FRM-13",
            ),
        ),
        icon="versions",
    )
    def replace(self, act: Act, reason: str) -> None:
        """Begin a document with the same answers, to be put right; once that is final, this one is superseded."""
        act.announce(DocumentReplaced, reason=reason)

    @verb(
        (State.TO_SIGN, State.SIGNED, State.ARCHIVED),
        State.SUPERSEDED,
        by=BESIDE | SYSTEM,
        when=acting_beside,
        label=_("Superseded"),
        rules=("FRM-13",),
        icon="versions",
    )
    def supersede(self, act: Act, by: str) -> None:
        """A later document stands in its place; this one stays as it is."""

    @verb(
        (State.DRAFT, State.SUBMITTED, State.TO_SIGN),
        State.CANCELLED,
        by=DEPARTMENT,
        label=_("Cancel the document"),
        tone="danger",
        icon="ban",
    )
    def cancel(self, act: Act, reason: str) -> None:
        """It is not needed. What was never final no longer stands in line for another one's place."""
        if not self.code:
            self.replaces = None

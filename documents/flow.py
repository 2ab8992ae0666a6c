"""The life of a document: draft → submitted → to sign → signed → archived (forms.md G; FRM-13, ACC-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from documents.events import DocumentFinalised
from documents.keepers import FILER
from documents.outgoing import REMINDING, Outgoing
from documents.paper import NOT_RECORDED, OnPaper
from documents.states import State
from documents.words import unanswered_words
from workflow.beside import BESIDE
from workflow.flow import Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import CUSTOMER, DEPARTMENT, HANDLER, SYSTEM, role

if TYPE_CHECKING:
    from workflow.flow import Act


FILLERS = role(
    *("account_manager", "sales_manager", "sales_director", "sales_ops", "finance", "finance_reviewer", "hr_admin"),
    *("department_head", "vice_president", "rd_engineer", "rd_reviewer"),
)
"""Who fills in or signs parts of forms beside the service department's own staff."""


ANSWERED_FIRST = Need(lambda document: not document.unanswered(), unanswered_words, rule="FRM-13")
PRINTABLE_FIRST = Need(
    lambda document: not document.unprintable(),
    lambda document: _("The printing font does not have: %(characters)s") % {"characters": document.unprintable()},
    rule="FRM-13",
)


class DocumentFlow(Outgoing, OnPaper):
    """draft → submitted → to be signed → signed → archived; a later document may take its place."""

    State = State
    final = (State.ARCHIVED, State.SUPERSEDED, State.CANCELLED)
    path = (State.DRAFT, State.SUBMITTED, State.TO_SIGN, State.SIGNED, State.ARCHIVED)
    waits = {
        State.DRAFT: Wait("submit", HANDLER),
        State.SUBMITTED: Wait("finalise", HANDLER),
        State.TO_SIGN: Wait("receive_signed", HANDLER, due="document.back"),
        State.SIGNED: Wait("archive", FILER),
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
        code = cast("str", None)

    def _begin(self, act: Act, said: dict[str, Any]) -> None:
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
        self._begin(act, said)
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
        by=DEPARTMENT | BESIDE,
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
        (State.DRAFT, State.SUBMITTED, State.TO_SIGN),
        State.CANCELLED,
        by=DEPARTMENT,
        label=_("Cancel the document"),
        needs=(NOT_RECORDED,),
        tone="danger",
        icon="ban",
    )
    def cancel(self, act: Act, reason: str) -> None:
        """It is not needed. What was never final no longer stands in line for another one's place."""
        if not self.code:
            self.replaces = None


__all__ = ("FILLERS", "DocumentFlow", "State")

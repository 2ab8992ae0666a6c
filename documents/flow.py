"""The life of a document: draft → submitted → to sign → signed → archived (forms.md G; FRM-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.common import Common
from workflow.flow import verb
from workflow.models.record import NEW
from workflow.parties import CUSTOMER, DEPARTMENT, SYSTEM, role

if TYPE_CHECKING:
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


class DocumentFlow(Common):
    """draft → submitted → to be signed → signed → archived; a later document may take its place."""

    State = State
    final = (State.ARCHIVED, State.SUPERSEDED, State.CANCELLED)
    path = (State.DRAFT, State.SUBMITTED, State.TO_SIGN, State.SIGNED, State.ARCHIVED)

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        handler = parent = cast("Any", None)
        values = cast("dict[str, Any]", None)
        archive_no = archive_place = archive_box = cast("str", None)

    @verb(NEW, State.DRAFT, by=DEPARTMENT | SYSTEM, label=_("Issue"), tone="primary", icon="file-plus")
    def issue(self, act: Act, **said: Any) -> None:
        """Begin a document, filled in beforehand from what the house knows."""
        self.parent = said.pop("about", None)
        for name, value in said.items():
            setattr(self, name, value)
        self.handler = act.actor.on_behalf_of or act.actor.user

    @verb(
        (State.DRAFT, State.SUBMITTED),
        None,
        by=DEPARTMENT | FILLERS,
        label=_("Fill in"),
        tone="primary",
        icon="pencil",
    )
    def fill(self, act: Act, values: dict[str, Any]) -> None:
        """Write the company's parts; the customer's own answers are the customer's."""
        self.values = {**self.values, **values}

    @verb(State.DRAFT, None, by=DEPARTMENT, label=_("Send to the customer"), icon="send")
    def send_out(self, act: Act, **said: Any) -> None:
        """Give a contact a personal link to the customer's part of the form."""

    @verb(State.DRAFT, None, by=SYSTEM | CUSTOMER, label=_("Filled in by the customer"), public=True, icon="pencil")
    def fill_in(self, act: Act, values: dict[str, Any], person: str = "") -> None:
        """What the customer has answered so far; saved as it goes."""
        self.values = {**self.values, **values}

    @verb(State.DRAFT, State.SUBMITTED, by=SYSTEM | CUSTOMER, label=_("Sent in"), public=True, icon="inbox")
    def send_in(self, act: Act, values: dict[str, Any], person: str = "") -> None:
        """The customer has filled in the customer's part and sent it."""
        self.values = {**self.values, **values}

    @verb(State.DRAFT, State.SUBMITTED, by=DEPARTMENT | FILLERS, label=_("Submit"), tone="primary", icon="check")
    def submit(self, act: Act) -> None:
        """Nothing more is to be asked; what is missing can still be filled in by the company."""

    @verb(State.SUBMITTED, State.DRAFT, by=DEPARTMENT, label=_("Open again"), icon="arrow-back-up")
    def reopen(self, act: Act, reason: str) -> None:
        """Something is to be put right; signatures that were given are void."""

    @verb(State.SUBMITTED, None, by=FILLERS, label=_("Sign"), rules=(), icon="signature")
    def sign(self, act: Act, item: str, name: str) -> None:
        """Put one's name to the document on the screen."""

    @verb(
        (State.DRAFT, State.SUBMITTED),
        State.TO_SIGN,
        by=DEPARTMENT,
        label=_("Finalise"),
        rules=("FRM-13",),
        tone="primary",
        icon="lock",
    )
    def finalise(self, act: Act) -> None:
        """Freeze content and print: nothing of it changes any more."""

    @verb(State.TO_SIGN, None, by=SYSTEM, label=_("Print frozen"), rules=("FRM-13",), icon="file-text")
    def freeze(self, act: Act, sha256: str, pages: int) -> None:
        """The PDF has been made; its fingerprint stands on the timeline."""

    @verb(
        State.TO_SIGN,
        State.SIGNED,
        by=DEPARTMENT | SYSTEM,
        label=_("Signed copy received"),
        rules=("FRM-13",),
        tone="primary",
        icon="signature",
    )
    def receive_signed(self, act: Act, how: str, **said: Any) -> None:
        """The signed and sealed document is back: as a scan, or all have signed on the screen."""

    @verb(
        State.SIGNED,
        State.ARCHIVED,
        by=DEPARTMENT,
        label=_("Archive"),
        rules=("FRM-13",),
        tone="primary",
        icon="archive",
    )
    def archive(self, act: Act, archive_no: str, place: str = "", box: str = "") -> None:
        """Say under which number and where the paper is kept."""
        self.archive_no, self.archive_place, self.archive_box = archive_no, place, box

    @verb(
        (State.TO_SIGN, State.SIGNED, State.ARCHIVED),
        State.SUPERSEDED,
        by=DEPARTMENT | SYSTEM,
        label=_("Superseded"),
        rules=("FRM-13",),
        icon="versions",
    )
    def supersede(self, act: Act, reason: str) -> None:
        """A later document stands in its place; this one stays as it is."""

    @verb(
        (State.DRAFT, State.SUBMITTED, State.TO_SIGN),
        State.CANCELLED,
        by=DEPARTMENT,
        label=_("Cancel"),
        tone="danger",
        icon="ban",
    )
    def cancel(self, act: Act, reason: str) -> None:
        """It is not needed."""

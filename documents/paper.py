"""The part of a document's life in which nothing of it changes: printed, signed, archived, replaced (FRM-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from documents.events import DocumentArchived, DocumentReplaced, DocumentSigned
from documents.keepers import KEEPERS
from documents.states import State
from workflow.beside import BESIDE, acting_beside
from workflow.common import READERS, Common
from workflow.flow import ANY_STATE, Need, verb
from workflow.parties import DEPARTMENT, SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.flow import Act


def _is_frozen(document: Any) -> bool:
    return document.frozen_at is not None


def _is_not_frozen(document: Any) -> bool:
    return document.frozen_at is None


NOT_RECORDED = Need(
    lambda document: not document.is_recorded,
    _("It is filled in by its record alone: print it anew from there."),
    rule="FRM-13",
)
PRINTED_FIRST = Need(
    _is_frozen,
    _("Its pages have not been printed and kept yet; that takes a few seconds."),
    rule="FRM-13",
)


class OnPaper(Common):
    """Acts on what is final."""

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        signed_how = archive_no = archive_place = archive_box = cast("str", None)

    def _keep_prints(self, act: Act, prints: Sequence[Any]) -> None:
        raise NotImplementedError

    def _hand_over(self, act: Act, **said: Any) -> None:
        raise NotImplementedError

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

    @verb(ANY_STATE, None, by=READERS | KEEPERS, label=_("Attach files"), tone="quiet", icon="paperclip")
    def attach(self, act: Act, text: str = "") -> None:
        """Put files with it: whoever keeps the paper brings the scan of what came back."""

    @verb(State.TO_SIGN, None, by=DEPARTMENT | KEEPERS | SYSTEM, label=_("Chase"), icon="bell")
    def chase(self, act: Act, note: str = "") -> None:
        """Ask where the signed original is; the next reminder comes as long after it."""

    @verb(
        State.TO_SIGN,
        State.SIGNED,
        by=DEPARTMENT | KEEPERS | SYSTEM,
        label=_("Signed copy received"),
        rules=("FRM-13",),
        needs=(PRINTED_FIRST,),
        tone="primary",
        icon="signature",
    )
    def receive_signed(self, act: Act, how: str, **said: Any) -> None:
        """The signed and sealed document is back: as a scan, or all have signed on the screen."""
        self.signed_how = how
        act.announce(DocumentSigned)

    @verb(
        (State.TO_SIGN, State.SIGNED, State.ARCHIVED),
        None,
        by=DEPARTMENT | KEEPERS,
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
        by=DEPARTMENT | KEEPERS | BESIDE,
        label=_("Archive"),
        rules=("FRM-13",),
        tone="primary",
        icon="archive",
    )
    def archive(self, act: Act, archive_no: str, archive_place: str = "", archive_box: str = "") -> None:
        """Say under which number and where the paper is kept."""
        self.archive_no, self.archive_place, self.archive_box = archive_no, archive_place, archive_box
        act.announce(DocumentArchived)

    @verb(State.ARCHIVED, None, by=DEPARTMENT | KEEPERS, label=_("Put elsewhere"), tone="quiet", icon="box")
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
            NOT_RECORDED,
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

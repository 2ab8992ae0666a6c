"""The sheet on which somebody decides or gives an opinion, and what lies beside it: which version, what has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from desk import acts, addresses, contents, waiting
from workflow.approvals import discussion
from workflow.approvals.board import Board
from workflow.approvals.deciding import seat_of
from workflow.models import Opinion, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from people.actors import Actor
    from workflow.flow import Verb
    from workflow.models import Record, Seat, Step


@dataclass
class Sheet:
    """An act's form as a sheet: its ways out, the version it is about, and what is new since one last decided."""

    attempt: acts.Attempt
    code: str
    title: str
    verbs: list[Verb]
    seat: Seat | None = None
    version: Version | None = None
    changed: list[str] = field(default_factory=list)
    compare: str = ""
    open_remarks: int = 0

    @property
    def rules(self) -> list[str]:
        """The rules of the act that are about all of it; a checklist's own stands with its items."""
        record: Any = self.attempt.record
        return [rule for rule in self.attempt.verb.rules if record.applies(rule)]

    @property
    def asked_by(self) -> str:
        """Who has asked for an opinion."""
        return str(self.seat.set_by or "") if self.seat is not None else ""


def laid_out(record: Record, actor: Actor, may: Collection[str], open_remarks: int) -> list[Sheet]:
    """The sheets for what waits for the visitor here: to decide, or to give an opinion."""
    flow: Any = type(record)
    codes = [code for code in ("agree", "advise") if code in may and waiting.is_decision(record.kind, code)]
    return [around(acts.prepare(record, flow.verbs[code], actor), open_remarks) for code in codes]


def around(attempt: acts.Attempt, open_remarks: int | None = None) -> Sheet:
    """What lies around a decision's form; the remarks are read, unless somebody has counted those that are open."""
    record, flow = attempt.record, type(attempt.record)
    consulted = attempt.verb.code == "advise"
    codes: Sequence[str] = ("advise",) if consulted else ("agree", "send_back", "reject")
    board = Board.of(record)
    step = board.step
    title = waiting.words(record.kind, attempt.verb.code)
    verbs = [flow.verbs[code] for code in codes]  # type: ignore[attr-defined] # its flow's
    sheet = Sheet(attempt, codes[0], _told(title, step) if step is not None else title, verbs)
    if board.round is not None:
        sheet.version = board.round.version
        read = open_remarks is None
        sheet.open_remarks = len(discussion.still_open(discussion.of(record))) if read else open_remarks or 0
    sheet.seat = seat_of(record, attempt.actor, consulted=consulted)
    if sheet.seat is not None and board.round is not None and board.round.number > 1:
        _look_back(sheet)
    return sheet


def _told(title: str, step: Step) -> str:
    return _("%(what)s: %(step)s") % {"what": title, "step": step.name}


def _look_back(sheet: Sheet) -> None:
    """What has changed since the visitor last decided on this record, if that was another version."""
    record, user, present = sheet.attempt.record, sheet.attempt.actor.user, sheet.version
    if present is None:
        return
    said = Opinion.objects.filter(version__record=record.pk, by=user).order_by("-pk").values("version")[:1]
    versions = Version.objects.filter(record=record.pk).filter(Q(pk=present.pk) | Q(pk=Subquery(said)))
    read = {version.pk: version for version in versions}
    now = read.pop(present.pk)
    for before in read.values():
        sheet.changed = contents.changed_fields(type(record), before.content, now.content)
        sheet.compare = f"{addresses.of(record)}versions/?from={before.number}&to={now.number}"

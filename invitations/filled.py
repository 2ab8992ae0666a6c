"""One round of filling in, for the link's page and the portal's: what was asked of the server, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from core import clock
from invitations import answering
from invitations.answering import NewerError, OverError, Visit
from workflow.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from forms_templates.chapters import Chapter
    from forms_templates.filling import FillingForm
    from invitations.models import Draft

AUTOSAVE = "autosave"


@dataclass
class Round:
    """What a page shows of a form that is being filled in."""

    visit: Visit
    form: FillingForm
    draft: Draft
    chapters: list[Chapter] = field(default_factory=list)
    sent: bool = False
    saved: bool = False
    newer: bool = False
    reason: str = ""
    status: int = HTTPStatus.OK

    def __post_init__(self) -> None:
        self.chapters = self.form.chapters()

    @property
    def faults(self) -> int:
        """How many answers were refused."""
        return sum(len(question.faults) for chapter in self.chapters for question in chapter.questions)

    @property
    def asking(self) -> list[Chapter]:
        """The sections in which something is asked."""
        return [chapter for chapter in self.chapters if chapter.asks]

    @property
    def done(self) -> int:
        """How many of them lack nothing."""
        return sum(not chapter.open and not chapter.faulty for chapter in self.asking)


def shown(visit: Visit) -> Round:
    """The form as it stands."""
    draft = answering.draft_of(visit.document)
    return Round(visit, answering.filling(visit, draft), draft)


def sent(request: HttpRequest, visit: Visit) -> Round:
    """What becomes of what was sent: kept, or sent to the house, or refused at its fields. Raises OverError."""
    do = request.POST.get("do", "send")
    version = version_of(request.POST.get("version", ""))
    try:
        if do == "send":
            form, draft = answering.send(visit, request.POST, request.FILES, version)
            passed = form.is_valid()
            return Round(visit, form, draft, sent=passed, status=HTTPStatus.OK if passed else _REFUSED)
        form, draft = answering.save(visit, request.POST, request.FILES, version)
    except NewerError as newer:
        form = answering.filling(visit, newer.draft, request.POST, request.FILES, partial=True)
        return Round(visit, form, newer.draft, newer=True, status=HTTPStatus.CONFLICT)
    except Refused as refusal:
        draft = answering.draft_of(visit.document)
        form = answering.filling(visit, draft, request.POST, None, partial=True)
        return Round(visit, form, draft, reason=str(refusal.reasons[0].message), status=_REFUSED)
    if do.startswith(("add:", "drop:")):
        return Round(visit, answering.filling(visit, draft, rearranged(request.POST, do), partial=True), draft)
    if form.is_valid():
        return Round(visit, answering.filling(visit, draft), draft, saved=True)
    return Round(visit, form, draft, saved=True, status=_REFUSED)


_REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


def rearranged(data: Any, do: str) -> Any:
    """What was sent, with a row more or one less, for browsers without scripts."""
    copied = data.copy()
    what, _colon, rest = do.partition(":")
    table, _colon, row = rest.partition(":")
    name = f"{table}-rows"
    numbers = [each for each in copied.get(name, "").split(",") if each.isdigit()]
    if what == "add":
        numbers.append(str(max(map(int, numbers), default=-1) + 1))
    else:
        numbers = [each for each in numbers if each != row]
    copied[name] = ",".join(numbers)
    return copied


def version_of(text: str) -> int:
    """The version of the answers that a page was drawn from; none for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004 - no page has so many


def told(made: Round) -> JsonResponse:
    """What the page's script is told of a saving: when, the version to go on from, and what could not be read."""
    if made.newer:
        return JsonResponse({"newer": True, "message": newer_words(made)}, status=HTTPStatus.CONFLICT)
    at = made.draft.saved_at
    # A place that is empty so far is no fault: only what was typed and cannot be read is told as it goes.
    faults = {name: [str(fault) for fault in errors] for name, errors in made.form.errors.items()}
    words = _("Saved %(at)s") % {"at": f"{clock.local(at):%H:%M}"} if at else ""
    kept = {item.key: True for item in made.form.asked if item.kind == "secret" and made.draft.values.get(item.key)}
    return JsonResponse({"version": made.draft.version, "message": words, "faults": faults, "kept": kept})


def newer_words(made: Round) -> str:
    """That somebody else, or another window, has saved meanwhile."""
    at = made.draft.saved_at
    when = f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
    words = _("These answers were saved from another page at %(at)s; nothing of that has been overwritten.")
    return words % {"at": when}


__all__ = ("AUTOSAVE", "OverError", "Round", "newer_words", "rearranged", "sent", "shown", "told")

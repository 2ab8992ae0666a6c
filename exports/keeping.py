"""What is asked for, handed out, given up and thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core.jobs import UNFINISHED
from exports import making, places
from exports.models import Export, Trace
from exports.sheets import NoSuchListError, query_of, sheet_of
from lists.columns import PLAIN
from people.models import User
from workflow.kick import wake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MOST_AT_ONCE = 3
LONGEST_QUERY = 4000
MOST_COLUMNS = 60
_NOT_OF_THE_ROWS = {"page", "filters"}


class CannotExportError(Exception):
    """Nothing was asked for; `str()` of it says why, to the person who wanted it."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants as a file, as it came from outside. `key` makes a form that is sent twice one wish."""

    kind: str
    query: str
    format: str
    key: str
    columns: Sequence[str] = ()


def ask(user: User, wish: Wish) -> Export:
    """Store what somebody wants; what is being made already is not made twice. Raises CannotExportError."""
    _check(user, wish)
    query = _plain_query(wish.query)
    said = "\n".join([wish.kind, query, wish.format, get_language() or "", *wish.columns])
    fingerprint = sha256(said.encode()).hexdigest()
    same = Export.objects.own(user).filter(Q(key=wish.key) | Q(fingerprint=fingerprint, stage__in=UNFINISHED))
    with transaction.atomic():
        # One after another: two windows of a person do not pass the limit together.
        User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
        if found := same.first():
            return found
        if Export.objects.own(user).unfinished().count() >= MOST_AT_ONCE:
            raise CannotExportError(
                _("%(count)s of your exports are still being made. Wait for one of them, or cancel it.")
                % {"count": MOST_AT_ONCE}
            )
        try:
            with transaction.atomic():
                return _store(user, wish, query, fingerprint)
        except IntegrityError:
            return same.get()


def _store(user: User, wish: Wish, query: str, fingerprint: str) -> Export:
    made = Export.objects.create(
        asked_by=user,
        key=wish.key,
        fingerprint=fingerprint,
        kind=wish.kind,
        query=query,
        columns=list(wish.columns),
        format=wish.format,
        language=get_language() or "",
        asked_at=clock.now(),
    )
    Trace.objects.create(export=made, what=Trace.What.ASKED, at=made.asked_at, by=user)
    transaction.on_commit(lambda: wake("exports.make"))
    return made


def _check(user: User, wish: Wish) -> None:
    if wish.format not in Export.Format.values:
        raise CannotExportError(_("Lists are exported as XLSX or as CSV."))
    if len(wish.query) > LONGEST_QUERY:
        raise CannotExportError(_("The address of this list is too long. Take away some of its filters."))
    try:
        sheet = sheet_of(user, wish.kind, wish.query)
    except NoSuchListError as error:
        if error.message:
            words = _("The list is not exported, because its filters are not right. %(faults)s")
            raise CannotExportError(words % {"faults": error.message}) from error
        raise CannotExportError(_("There is no such list.")) from error
    known = {*PLAIN, *sheet.rows.table.offered}
    if len(wish.columns) > MOST_COLUMNS or not known.issuperset(wish.columns):
        raise CannotExportError(_("The list has no such column."))


def _plain_query(asked: str) -> str:
    """The same address without what does not decide about rows, so that two ways to say it are one."""
    pairs = [(name, value) for name, values in query_of(asked).lists() for value in values if value]
    return urlencode(sorted(pair for pair in pairs if pair[0] not in _NOT_OF_THE_ROWS))


def again(user: User, export: Export, key: str) -> Export:
    """Ask for the same once more. Raises CannotExportError."""
    return ask(user, Wish(export.kind, export.query, export.format, key, export.columns))


def cancel(export: Export) -> bool:
    """Give up what is not wanted any more; False if it was at its end before."""
    return making.finish(export, Export.Stage.CANCELLED, Trace.What.CANCELLED)


def hand_out(export: Export, user: User) -> Path | None:
    """The file, with a line in the log that it was fetched; None if it is not there any more."""
    path = places.file(export)
    if export.stage != Export.Stage.DONE or not path.is_file():
        return None
    Trace.objects.create(export=export, what=Trace.What.DOWNLOADED, at=clock.now(), by=user, rows=export.written)
    return path


def remove_old() -> int:
    """Throw away files whose time is over or whose owner has left, and folders that belong to nothing."""
    over = Q(expires_at__lte=clock.now()) | Q(asked_by__is_active=False)
    removed = 0
    for export in Export.objects.filter(over, stage=Export.Stage.DONE):
        places.clear(export)
        with transaction.atomic():
            if Export.objects.filter(pk=export.pk, stage=Export.Stage.DONE).update(stage=Export.Stage.EXPIRED):
                Trace.objects.create(export=export, what=Trace.What.REMOVED, at=clock.now())
                removed += 1
    places.SHELF.sweep(_kept)
    return removed


def _kept(there: list[int]) -> Iterable[int]:
    stages = [*UNFINISHED, Export.Stage.DONE]
    return Export.objects.filter(pk__in=there, stage__in=stages).values_list("pk", flat=True)

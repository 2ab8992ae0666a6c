"""Watching: anybody of the staff who sees a record may be told how it goes on, and may stop.

It is no act on the record: it changes nothing of it, so it has no timeline entry, makes nobody's open form stale, and
waits for no lock. It gives no right either: who no longer sees a record is no longer told of it (docs/adr/0012).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from people.models import User
from workflow import registry
from workflow.models import Involvement, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


def watch(record: Record, user: User) -> None:
    """Be told from now on. Raises Record.DoesNotExist for who does not see the record, and for customers."""
    if user.is_customer or not Record.objects.for_actor(user).filter(pk=record.pk).exists():
        raise Record.DoesNotExist
    Involvement.objects.bulk_create(
        [Involvement(record_id=record.pk, user=user, part=Involvement.Part.WATCHER, since=clock.now())],
        ignore_conflicts=True,
    )
    Involvement.objects.filter(record=record.pk, user=user, stopped_at__isnull=False).update(stopped_at=None)


def watch_all(records: Sequence[Record], user: User) -> list[Record]:
    """Be told of several from now on, in four queries; returns those that the person sees, and so watches."""
    if user.is_customer:
        return []
    keys = [record.pk for record in records]
    seen = set(Record.objects.for_actor(user).filter(pk__in=keys).values_list("pk", flat=True))
    at = clock.now()
    Involvement.objects.bulk_create(
        [Involvement(record_id=key, user=user, part=Involvement.Part.WATCHER, since=at) for key in sorted(seen)],
        ignore_conflicts=True,
    )
    Involvement.objects.filter(record__in=seen, user=user, stopped_at__isnull=False).update(stopped_at=None)
    return [record for record in records if record.pk in seen]


def watched(records: Sequence[Record], user: User) -> set[int]:
    """The keys of those records with which a person reads along."""
    along = Involvement.objects.reading_along(user).filter(record__in=[record.pk for record in records])
    return set(along.values_list("record_id", flat=True))


def unwatch(record: Record, user: User) -> None:
    """Be told no more, whether one watched or was copied in; what one could see because of that, one still sees."""
    unwatch_all([record], user)


def unwatch_all(records: Sequence[Record], user: User) -> None:
    """Be told no more of several."""
    mine = Involvement.objects.filter(record__in=[record.pk for record in records], user=user)
    mine.filter(part=Involvement.Part.WATCHER).delete()
    mine.filter(part=Involvement.Part.COPIED, stopped_at__isnull=True).update(stopped_at=clock.now())


def pass_on(source: Record, target: Record, at: datetime) -> None:
    """Those who read along with one record read along with another from now on; who had stopped there, stays out."""
    present = Involvement.objects.filter(record=source.pk, part__in=Involvement.READING_ALONG, stopped_at__isnull=True)
    Involvement.objects.bulk_create(
        [Involvement(record_id=target.pk, user_id=row.user_id, part=row.part, since=at) for row in present],
        ignore_conflicts=True,
    )


def lost_sight(records: Sequence[Record], rows: Iterable[tuple[int, str, int]]) -> set[tuple[int, int]]:
    """Of involvements (record, part, person), those pairs of record and person who watch and see it no more.

    Whom the department or a role lets see it is known by two queries for all; the few others are asked for one by one.
    """
    known = list(rows)
    watching = {(record, user) for record, part, user in known if part == Involvement.Part.WATCHER}
    own = {(record, user) for record, part, user in known if part in Involvement.GIVING_SIGHT}
    doubtful = watching - own
    if not doubtful:
        return set()
    kinds = {record.pk: record.kind for record in records}
    wanted = User.objects.filter(pk__in={user for _record, user in doubtful})
    people = {user.pk: user for user in wanted.select_related("department").prefetch_related("roles")}
    unseen = {pair for pair in doubtful if not _at_large(people[pair[1]], kinds[pair[0]])}
    for person in {user for _record, user in unseen}:
        theirs = [record for record, user in unseen if user == person]
        seen = Record.objects.for_actor(people[person]).filter(pk__in=theirs).values_list("pk", flat=True)
        unseen -= {(record, person) for record in seen}
    return unseen


def _at_large(user: User, kind: str) -> bool:
    """Whether somebody sees all records of a process, whichever they are."""
    own = user.department.code if user.department_id and user.department else ""
    return user.sees_all or kind in registry.kinds_of_department(own)

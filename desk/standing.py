"""What every page must know: the visitor's roles, department and principals, what waits, and who is on duty now.

Two statements written by hand: each page asks them, and building them anew through the ORM took a quarter of a page's
time. A test holds them against the querysets whose meaning they share (`Substitution.running`, `WorkItem.of`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection

from calendars.algebra import CalendarError
from calendars.models import WorkCalendar
from calendars.schedules import DEFAULT, schedule_for
from core import clock
from core.server_side import Kept
from duty import roster
from duty.models import Post, Shift
from notifications import inbox
from notifications.models import Notice
from people.models import Department, Role, Substitution, User
from workflow import registry
from workflow.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model

    from workflow.models import Record

_WHO = """
    SELECT 'role', r.id, r.code, r.name_zh, r.name_en, CASE WHEN r.sees_all THEN 1 ELSE 0 END
    FROM {role} r JOIN {held} h ON h.role_id = r.id WHERE h.user_id = %s
    UNION ALL
    SELECT 'department', d.id, d.code, d.name_zh, d.name_en, 0 FROM {department} d WHERE d.id = %s
    UNION ALL
    SELECT 'principal', u.id, u.username, u.display_name, '', s.id
    FROM {substitution} s JOIN {person} u ON u.id = s.principal_id
    WHERE s.substitute_id = %s AND s.starts_at <= %s AND s.ends_at > %s AND u.is_active
    UNION ALL
    SELECT 'duty', p.id, COALESCE(u.mobile, ''), COALESCE(NULLIF(u.display_name, ''), u.username, ''), p.phone,
    COALESCE(u.id, 0)
    FROM {post} p LEFT JOIN {shift} w ON w.post_id = p.id AND w.starts_at <= %s AND w.ends_at > %s
    LEFT JOIN {person} u ON u.id = w.engineer_id WHERE p.active
    UNION ALL
    SELECT 'calendar', c.id, CAST(c.stamp AS VARCHAR(36)), '', '', 0 FROM {calendar} c WHERE c.code = %s
"""
_NOTICES = """
    (SELECT COUNT(*) FROM (SELECT 1 FROM {notice} WHERE recipient_id = %s AND read_at IS NULL LIMIT {many}) unread),
    (SELECT COALESCE(MAX(id), 0) FROM {notice} WHERE recipient_id = %s)
"""
_WORK = """
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM {work} WHERE done_at IS NULL AND user_id IN ({people})
        UNION ALL
        SELECT 1 FROM {work} WHERE done_at IS NULL AND user_id IS NULL AND role IN ({roles})
    LIMIT {many}) waiting)
"""


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: unread notices, the newest notice there is, and work (both counts end at 100)."""

    unread: int = 0
    newest: int = 0
    work: int = 0


@dataclass(frozen=True)
class Manned:
    """A post of the roster and who mans it now: nobody, if `person` is empty."""

    person: str
    mobile: str
    hotline: str


def learn(user: User) -> None:
    """Put roles, department, principals and duty onto the person's object, where the rest of the house looks."""
    if user.stands_in_for is not None:
        return
    now = connection.ops.adapt_datetimefield_value(clock.now())
    roles: list[str] = []
    sees_all = user.is_superuser
    principals: dict[int, User] = {}
    posts: list[Manned] = []
    on_duty, calendar = False, None
    asked = [user.pk, user.department_id, user.pk, now, now, now, now, DEFAULT]
    for kind, pk, code, first, second, number in _rows(_who(), asked):
        if kind == "role":
            roles.append(code)
            sees_all = sees_all or bool(number)
        elif kind == "department":
            user._state.fields_cache["department"] = Department(pk=pk, code=code, name_zh=first, name_en=second)
        elif kind == "duty":
            posts.append(Manned(first, code, second))
            on_duty = on_duty or number == user.pk
        elif kind == "calendar":
            calendar = WorkCalendar(pk=pk, stamp=UUID(code))
        else:
            principals[number] = User(pk=pk, username=code, display_name=first)
    learned = {"role_codes": frozenset(roles), "sees_all": sees_all, "on_duty_now": on_duty}
    learned |= {"_posts": posts, "_calendar": calendar}
    # The person of a request is a lazy proxy: only attributes reach the object behind it.
    for name, value in (learned | {"stands_in_for": [principals[number] for number in sorted(principals)]}).items():
        setattr(user, name, value)


def shape(user: User) -> tuple[Any, ...]:
    """All of a person that decides how a query for what the person may see is built; part of a prepared query's key."""
    learn(user)
    department = user.department.code if user.department_id and user.department else ""
    return user.pk, user.role_codes, user.sees_all, department, *registry.kinds()


def principals(user: User) -> list[User]:
    """Those for whom the visitor stands in now, with name and login only."""
    learn(user)
    return user.stands_in_for or []


def posts(user: User) -> list[Manned]:
    """Who is on duty now, post by post, while the department is closed; nothing during its hours."""
    learn(user)
    manned: list[Manned] = user._posts  # type: ignore[attr-defined] # put there above
    calendar: WorkCalendar | None = user._calendar  # type: ignore[attr-defined]
    if not manned or calendar is None:
        return []
    try:
        return manned if roster.closed(schedule_for(calendar), clock.now()) else []
    except CalendarError:
        return []


def waiting(user: User) -> Waiting:
    """What waits for a person; asked once a request."""
    known: Waiting | None = getattr(user, "_waiting", None)
    if known is None:
        people = [user.pk, *(principal.pk for principal in principals(user))]
        roles = sorted(user.role_codes) or [""]  # nobody holds a role without a code
        statement = _waiting(len(people), len(roles))
        known = user._waiting = Waiting(*_rows(statement, [user.pk, user.pk, *people, *roles])[0])  # type: ignore[attr-defined]
    return known


def told(user: User) -> Waiting:
    """Notices alone, for those who ask every few seconds."""
    return Waiting(*_rows(_told(), [user.pk, user.pk])[0])


def mark_seen(user: User, record: Record) -> None:
    """What the visitor was told of a record is read, now that the record is on the screen."""
    found = waiting(user)
    if not found.unread:
        return
    read = inbox.mark_record_read(user, record)
    if found.unread < inbox.MANY:
        user._waiting = replace(found, unread=found.unread - read)  # type: ignore[attr-defined]


def _rows(statement: Kept, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return statement.rows(DEFAULT_DB_ALIAS, values)


def _kept(sql: str) -> Kept:
    """A statement all of whose parameters differ from run to run."""
    count = sql.count("%s")
    return Kept(sql, [None] * count, range(count))


@cache
def _who() -> Kept:
    held = User.roles.through
    tables: dict[str, type[Model]] = {
        "role": Role,
        "held": held,
        "department": Department,
        "substitution": Substitution,
        "person": User,
        "post": Post,
        "shift": Shift,
        "calendar": WorkCalendar,
    }
    return _kept(_WHO.format(**{name: model._meta.db_table for name, model in tables.items()}))


@cache
def _told() -> Kept:
    return _kept(_notices())


def _notices() -> str:
    return "SELECT " + _NOTICES.format(notice=Notice._meta.db_table, many=inbox.MANY)


@cache
def _waiting(people: int, roles: int) -> Kept:
    """The statement for so many people and roles; their values are parameters."""
    marks = {"people": ", ".join(["%s"] * people), "roles": ", ".join(["%s"] * roles)}
    return _kept(f"{_notices()}, " + _WORK.format(work=WorkItem._meta.db_table, many=inbox.MANY, **marks))

"""What every page must know: the visitor's roles, department and principals, what waits, and who is on duty now.

Two statements written by hand: each page asks them, and building them anew through the ORM took a quarter of a page's
time. A test holds them against the querysets whose meaning they share (`Substitution.running`, `WorkItem.of`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection

from calendars.algebra import CalendarError
from calendars.schedules import NoCalendarError, default_calendar, schedule_for
from core import clock
from core.held import expressions
from core.server_side import Kept
from duty import roster
from duty.models import Post, Shift
from jira.models import Connection
from jira.outofstep import may_oversee
from notifications import inbox
from notifications.models import Notice
from people.models import Department, Role, Substitution, User
from people.scopes import Scope
from workflow import registry, substitutes
from workflow.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from workflow.models import Record

_WHO = """
    SELECT 'role', r.id, r.code, r.name_zh, r.name_en, CASE WHEN r.sees_all THEN 1 ELSE 0 END
    FROM {role} r JOIN {held} h ON h.role_id = r.id WHERE h.user_id = %s
    UNION ALL
    SELECT 'department', d.id, d.code, d.name_zh, d.name_en, 0 FROM {department} d WHERE d.id = %s
    UNION ALL
    SELECT 'principal', u.id, u.username, u.display_name,
    COALESCE(CAST(s.most AS TEXT), '') || '|' || CAST(s.kinds AS TEXT), s.id
    FROM {substitution} s JOIN {person} u ON u.id = s.principal_id
    WHERE s.substitute_id = %s AND s.starts_at <= %s AND s.ends_at > %s AND u.is_active
    UNION ALL
    SELECT 'lent', s.principal_id, r.code, '', '', s.id
    FROM {substitution} s JOIN {person} u ON u.id = s.principal_id
    JOIN {held} h ON h.user_id = u.id JOIN {role} r ON r.id = h.role_id
    WHERE s.substitute_id = %s AND s.starts_at <= %s AND s.ends_at > %s AND u.is_active
    UNION ALL
    SELECT 'jira', c.id, '', '', '', 0 FROM {connection} c WHERE c.active
    UNION ALL
    SELECT 'duty', p.id, COALESCE(u.mobile, ''), COALESCE(NULLIF(u.display_name, ''), u.username, ''), p.phone,
    COALESCE(u.id, 0)
    FROM {post} p LEFT JOIN {shift} w ON w.post_id = p.id AND w.starts_at <= %s AND w.ends_at > %s
    LEFT JOIN {person} u ON u.id = w.engineer_id WHERE p.active
"""
_STAMP = "UNION ALL SELECT 'stamp', 0, {expression}, '', '', {place} "
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
    """Put what every page must know onto the person's object, where the rest of the house looks for it."""
    if user.stands_in_for is not None:
        return
    now = connection.ops.adapt_datetimefield_value(clock.now())
    asked = [user.pk, user.department_id, user.pk, now, now, user.pk, now, now, now, now]
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    for kind, *row in _rows(_who(), asked):
        rows[kind].append(row)
    for pk, code, name_zh, name_en, _number in rows["department"]:
        user._state.fields_cache["department"] = Department(pk=pk, code=code, name_zh=name_zh, name_en=name_en)
    learned = {
        "role_codes": frozenset(code for _pk, code, *_names in rows["role"]),
        "sees_all": user.is_superuser or any(number for *_names, number in rows["role"]),
        "on_duty_now": any(number == user.pk for *_names, number in rows["duty"]),
        "_posts": [Manned(name, mobile, phone) for _pk, mobile, name, phone, _number in rows["duty"]],
        "_stamps": tuple(stamp for _pk, stamp, *_names in sorted(rows["stamp"], key=lambda row: row[-1])),
        "_jira_on": bool(rows["jira"]),
        "stands_in_for": _principals(rows),
    }
    # The person of a request is a lazy proxy: only attributes reach the object behind it.
    for attribute, value in learned.items():
        setattr(user, attribute, value)


def _principals(rows: Mapping[str, list[list[Any]]]) -> list[User]:
    """Those for whom the visitor stands in, in the order of their substitutions, with the roles that they lend."""
    lent: dict[int, set[str]] = defaultdict(set)
    for pk, code, *_none in rows["lent"]:
        lent[pk].add(code)
    found: list[User] = []
    for pk, login, name, scope, _number in sorted(rows["principal"], key=lambda row: row[-1]):
        found.append(User(pk=pk, username=login, display_name=name))
        most, _bar, kinds = scope.partition("|")
        found[-1].lent = Scope(tuple(json.loads(kinds)), Decimal(most) if most else None)
        found[-1].__dict__["role_codes"] = frozenset(lent[pk])
    return found


def shape(user: User) -> tuple[Any, ...]:
    """All of a person that decides how a query for what the person may see is built; part of a prepared query's key.

    Those for whom the person stands in belong to it with their roles: a prepared query has its own moment fixed, and
    must not be asked again once a substitution has begun or ended.
    """
    learn(user)
    department = user.department.code if user.department_id and user.department else ""
    lent = tuple((principal.pk, principal.role_codes, principal.lent) for principal in principals(user))
    return user.pk, user.role_codes, user.sees_all, department, lent, *registry.kinds()


def principals(user: User) -> list[User]:
    """Those for whom the visitor stands in now, with name, login and roles only."""
    learn(user)
    return user.stands_in_for or []


def jira_is_on(user: User) -> bool:
    """Whether R&D is reached through JIRA; it was asked together with all else of the visitor."""
    learn(user)
    on: bool = user._jira_on  # type: ignore[attr-defined] # put there above
    return on


def oversees_jira(user: User) -> bool:
    """Whether the visitor looks after the way to R&D's JIRA; nobody does while it is switched off."""
    return jira_is_on(user) and may_oversee(user)


def posts(user: User) -> list[Manned]:
    """Who is on duty now, post by post, while the department is closed; nothing during its hours."""
    learn(user)
    manned: list[Manned] = user._posts  # type: ignore[attr-defined] # put there above
    try:
        return manned if manned and roster.closed(schedule_for(default_calendar()), clock.now()) else []
    except (CalendarError, NoCalendarError):
        return []


def stamps(user: User) -> tuple[Any, ...]:
    """The stamps of what is held in memory (core.held), as they were when the visitor was learnt."""
    learn(user)
    known: tuple[Any, ...] = user._stamps  # type: ignore[attr-defined] # put there above
    return known


def waiting(user: User) -> Waiting:
    """What waits for a person; asked once a request."""
    known: Waiting | None = getattr(user, "_waiting", None)
    if known is None:
        whole, limited = substitutes.parted(principals(user))
        people = [user.pk, *(principal.pk for principal in whole)]
        lent = (principal.role_codes for principal in whole)
        roles = sorted(user.role_codes.union(*lent)) or [""]  # nobody holds a role without a code
        statement = _waiting(len(people), len(roles))
        known = Waiting(*_rows(statement, [user.pk, user.pk, *people, *roles])[0])
        if limited:
            within = WorkItem.objects.of(user, principals(user)).order_by().values("pk")[: inbox.MANY]
            known = replace(known, work=within.count())
        user._waiting = known  # type: ignore[attr-defined]
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
        "connection": Connection,
        "post": Post,
        "shift": Shift,
    }
    who = _WHO.format(**{name: model._meta.db_table for name, model in tables.items()})
    stamps = (_STAMP.format(expression=given, place=place) for place, given in enumerate(expressions()))
    return _kept(who + "".join(stamps))


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

"""What every page must know of its visitor: roles, department, whom the person stands in for, and what waits.

Two statements written by hand: each page asks them, and building them anew through the ORM took a quarter of a page's
time. A test holds them against the querysets whose meaning they share (`Substitution.running`, `WorkItem.of`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection

from core import clock
from core.server_side import Kept
from jira.models import Connection
from jira.outofstep import may_oversee
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
    SELECT 'jira', c.id, '', '', '', 0 FROM {connection} c WHERE c.active
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


def learn(user: User) -> None:
    """Put roles, department and principals onto the person's object, where the rest of the house looks for them."""
    if user.stands_in_for is not None:
        return
    now = connection.ops.adapt_datetimefield_value(clock.now())
    roles: list[str] = []
    sees_all, jira_on = user.is_superuser, False
    principals: dict[int, User] = {}
    for kind, pk, code, first, second, number in _rows(_who(), [user.pk, user.department_id, user.pk, now, now]):
        if kind == "role":
            roles.append(code)
            sees_all = sees_all or bool(number)
        elif kind == "jira":
            jira_on = True
        elif kind == "department":
            user._state.fields_cache["department"] = Department(pk=pk, code=code, name_zh=first, name_en=second)
        else:
            principals[number] = User(pk=pk, username=code, display_name=first)
    learned = {"role_codes": frozenset(roles), "sees_all": sees_all, "_jira_on": jira_on}
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


def jira_is_on(user: User) -> bool:
    """Whether R&D is reached through JIRA; it was asked together with all else of the visitor."""
    learn(user)
    on: bool = user._jira_on  # type: ignore[attr-defined] # put there above
    return on


def oversees_jira(user: User) -> bool:
    """Whether the visitor looks after the way to R&D's JIRA; nobody does while it is switched off."""
    return jira_is_on(user) and may_oversee(user)


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
        "connection": Connection,
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

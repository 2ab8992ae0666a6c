"""The house's people: made from `data/people.yaml`, with superiors, regions and substitutions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from demo.logins import ADMINISTRATOR, PASSWORD
from demo.sources import read
from people.actors import Actor
from people.models import Department, Region, Role, Substitution, User

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

CHANNEL = "demo"


@dataclass
class Cast:
    """Everybody at hand, as objects that know their roles and are asked again and again."""

    by_login: dict[str, User] = field(default_factory=dict)
    by_id: dict[int, User] = field(default_factory=dict)
    away: list[Substitution] = field(default_factory=list)

    @classmethod
    def gathered(cls) -> Cast:
        """The cast of a demonstration that is already there."""
        people = User.objects.select_related("department").prefetch_related("roles", "regions").order_by("id")
        cast = cls({user.username: user for user in people})
        cast.by_id = {user.pk: user for user in cast.by_login.values()}
        cast.away = list(Substitution.objects.order_by("id"))
        return cast

    def holding(self, role: str) -> list[User]:
        """Staff who hold a role."""
        return [user for user in self.by_login.values() if not user.is_customer and user.has_role(role)]

    def actor(self, user: User, at: datetime) -> Actor:
        """The person as an actor at a moment, or the substitute on the person's behalf while the person is away."""
        for row in self.away:
            if row.principal_id == user.pk and row.starts_at <= at < row.ends_at:
                return Actor(self.by_id[row.substitute_id], user, CHANNEL)
        return Actor(user, channel=CHANNEL)

    def someone(self, role: str, rng: Random, *, region: int | None = None) -> User:
        """One who holds a role, of the region if there is such a one."""
        holders = self.holding(role)
        near = [user for user in holders if region in {r.pk for r in user.regions.all()}]
        return rng.choice(near or holders)


def hire(end: datetime) -> None:
    """Make all people and their substitutions around the end of the year."""
    rows: list[dict[str, Any]] = read("people")
    password = make_password(PASSWORD)  # one hash for all: a hash is slow on purpose
    made = {row["login"]: _hire(row, password) for row in rows}
    departments = {department.code: department for department in Department.objects.all()}
    for row in rows:
        user = made[row["login"]]
        user.roles.set(Role.objects.filter(code__in=row["roles"]))
        user.regions.set(Region.objects.filter(code__in=row.get("regions", ())))
        if superior := row.get("under"):
            user.supervisor = made[superior]
            user.save()
        if headed := row.get("heads"):
            departments[headed].head = user
            departments[headed].save()
    _send_away(made, end)


def _hire(row: Mapping[str, Any], password: str) -> User:
    login: str = row["login"]
    number = sum(map(ord, login)) % 10000
    chief = bool(row.get("superuser"))
    return User.objects.create(
        username=login,
        display_name=row["name"],
        email=f"{login}@serviceops.example",
        mobile=f"1550000{number:04d}",
        department=Department.objects.get(code=row["department"]),
        password=password,
        is_staff=chief or login == ADMINISTRATOR,
        is_superuser=chief,
    )


def _send_away(made: Mapping[str, User], end: datetime) -> None:
    for row in read("away"):
        starts = end + timedelta(days=row["after"])
        Substitution.objects.create(
            principal=made[row["who"]],
            substitute=made[row["stands_in"]],
            starts_at=starts,
            ends_at=starts + timedelta(days=row["days"]),
            reason=row["why"],
        )

"""Work items: what waits for whom, by when. One indexed query is somebody's whole inbox across processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflow import substitutes
from workflow.models.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from people.models import User


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Named questions about work."""

    def open(self) -> Self:
        """What still waits."""
        return self.filter(done_at__isnull=True)

    def of(self, user: User, principals: Sequence[User] = ()) -> Self:
        """What waits for a person, for the roles held, and for those whom the person stands in for and their roles.

        Of those for whom the person stands in with a limit, only what is within it.
        """
        whole, limited = substitutes.parted(principals)
        people, roles = _whose(user, whole)
        found = Q(user__in=people) | Q(user__isnull=True, role__in=roles)
        for principal in limited:
            found |= _limited(principal)
        return self.open().filter(found)

    def soonest(self, user: User, principals: Sequence[User], most: int) -> Self:
        """The first of it by due time; of each person's and role's work no more is looked at, however much waits."""
        whole, limited = substitutes.parted(principals)
        people, roles = _whose(user, whole)
        ways = [*(Q(user=pk) for pk in people), *(Q(user__isnull=True, role=code) for code in sorted(roles))]
        ways += [_limited(principal) for principal in limited]
        firsts = [self.open().filter(way).order_by(*_SOONEST)[:most] for way in ways]
        # Each in a query of its own: SQLite orders no part of a union.
        first, *others = (self.filter(pk__in=some.values("pk")).values("pk") for some in firsts)
        return self.filter(pk__in=first.union(*others, all=True) if others else first).order_by(*_SOONEST)[:most]


_SOONEST = (F("due_at").asc(nulls_last=True), "id")


def _whose(user: User, principals: Sequence[User]) -> tuple[list[int], frozenset[str]]:
    """The people and the roles whose work is a person's to do."""
    people = [user.pk, *(principal.pk for principal in principals)]
    return people, user.role_codes.union(*(principal.role_codes for principal in principals))


def _limited(principal: User) -> Q:
    """The work of one for whom somebody stands in with a limit, and of that one's roles, within it."""
    whose = Q(user=principal.pk) | Q(user__isnull=True, role__in=principal.role_codes)
    return whose & substitutes.within(principal.lent, "record__")


class WorkItem(models.Model):
    """That a verb on a record waits for a person, or for whoever holds a role."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="work_items", verbose_name=_("record"))
    key = models.CharField(max_length=60)
    verb = models.CharField(_("act"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="work_items",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=40, blank=True)
    since = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        indexes = (
            models.Index(fields=["user", "due_at", "id"], condition=Q(done_at__isnull=True), name="work_of_person"),
            models.Index(
                fields=["role", "due_at", "id"],
                condition=Q(done_at__isnull=True, user__isnull=True),
                name="work_of_role",
            ),
            models.Index(fields=["record"], condition=Q(done_at__isnull=True), name="work_on_record"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["record", "key", "user"],
                condition=Q(done_at__isnull=True, user__isnull=False),
                name="work_waits_once_for_person",
            ),
            models.UniqueConstraint(
                fields=["record", "key", "role"],
                condition=Q(done_at__isnull=True, user__isnull=True),
                name="work_waits_once_for_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.verb}"

    def instead_of(self, user: User, principals: Sequence[User]) -> User | None:
        """Of those whom a person stands in for, the one for whom it waits; None if it waits for the person as well."""
        if self.user_id is not None:
            return next((principal for principal in principals if principal.pk == self.user_id), None)
        if self.role in user.role_codes:
            return None
        lending = (one for one in principals if self.role in one.role_codes)
        return next((one for one in lending if not one.lent.kinds or self.record.kind in one.lent.kinds), None)

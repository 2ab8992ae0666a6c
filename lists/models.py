"""What people keep of lists: views under a name, and each one's own habits with the list of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lists import addresses
from people.models import Department
from workflow import registry

if TYPE_CHECKING:
    from people.models import User


class Sharing(models.TextChoices):
    """With whom a view is shared."""

    PRIVATE = "private", _("Only for me")
    DEPARTMENT = "department", _("My department")
    EVERYBODY = "everybody", _("All colleagues")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Named questions about saved views."""

    def for_reader(self, user: User) -> Self:
        """One's own, and what is shared with one. What a view shows is another matter: that is the reader's rights."""
        shared = Q(sharing=Sharing.EVERYBODY) | Q(sharing=Sharing.DEPARTMENT, department=user.department_id)
        return self.filter(Q(owner=user) | shared)


class SavedView(models.Model):
    """A list as it stands, kept under a name: `query` says tab, filters and order, `columns` what is shown.

    Both are written as in an address (lists.addresses). A view has no rights of its own: everybody sees under it what
    they may see. `department` is the one that it is shared with.
    """

    kind = models.CharField(_("process"), max_length=30)
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.PRIVATE)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    query = models.CharField(_("tab, filters and order"), max_length=addresses.LONGEST)
    columns = models.CharField(_("columns"), max_length=addresses.LONGEST, blank=True)

    objects = SavedViewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                name="view_name_is_used_once",
                violation_error_message=_("You have a view of this name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_a_name"),
            models.CheckConstraint(
                condition=Q(sharing=Sharing.DEPARTMENT, department__isnull=False)
                | Q(sharing__in=[Sharing.PRIVATE, Sharing.EVERYBODY], department__isnull=True),
                name="view_names_its_department_if_shared_with_one",
                violation_error_message=_("Name the department exactly when the view is shared with one."),
            ),
        )
        indexes = (models.Index(fields=["kind", "sharing"], name="views_of_kind"),)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Only what the process's list knows is kept. Raises ValidationError."""
        if self.kind not in registry.kinds():
            raise ValidationError({"kind": _("There is no such process.")})
        if self.owner_id is None:  # the form says so at its field
            return
        process = registry.get(self.kind)
        self.query = addresses.canonical(process, self.owner, addresses.parsed(self.query))
        self.columns = addresses.columns(process, self.columns)


class Habit(models.Model):
    """How one person likes the list of one process: columns, the view it opens with, and the order of the bar.

    `bar` are keys of views in the person's order; a view that it does not name stands behind them. `aside` are those
    that the person does not want on the bar. A key whose view is gone means nothing.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("process"), max_length=30)
    columns = models.CharField(_("columns"), max_length=addresses.LONGEST, blank=True)
    opens_with = models.ForeignKey(
        SavedView, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("opens with")
    )
    bar = models.JSONField(_("order of the bar"), default=list, blank=True)
    aside = models.JSONField(_("not on the bar"), default=list, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("habit with a list")
        verbose_name_plural = _("habits with lists")
        ordering: ClassVar[list[str]] = ["id"]
        constraints = (models.UniqueConstraint(fields=["user", "kind"], name="one_habit_of_a_person_and_list"),)

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"

    @classmethod
    def change(cls, user: User, kind: str, **values: Any) -> None:
        """Remember something of a person's habits, and leave the rest."""
        cls.objects.update_or_create(user=user, kind=kind, defaults=values)

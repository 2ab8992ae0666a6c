"""Who works here: users, roles, departments, regions, supervisors and substitutes (roles.yaml)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Term
from core.text import initials
from people.scopes import EVERYTHING, Scope, kinds

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any


class Department(Term):
    """A department; its head decides in its name and its staff see its processes' records."""

    head = models.ForeignKey(
        "people.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="heads",
        verbose_name=_("head"),
    )
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")


class Region(Term):
    """A sales and service region: it decides who looks after a customer."""

    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")


class Role(Term):
    """What somebody may do, by the codes of the handbook's roles; a person may hold several."""

    department_code = models.CharField(_("usual department"), max_length=40, blank=True)
    sees_all = models.BooleanField(_("sees every record"), default=False)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")


class UserQuerySet(models.QuerySet["User"]):
    """The vocabulary in which people are asked for."""

    def staff(self) -> Self:
        """Everybody of the company who can log in; customers' contacts are not."""
        return self.filter(is_active=True, is_customer=False)

    def holding(self, *codes: str) -> Self:
        """Active staff who hold any of the roles."""
        return self.staff().filter(roles__code__in=codes).distinct()

    def present(self, at: datetime, kind: str = "") -> Self:
        """Without those who have named a substitute for that moment: they are away.

        Whoever has named one for some processes only is away for these (`kind`), and for nothing else.
        """
        # One row must hold the moment: `exclude` over the relation would mix a past row with a future one.
        return self.exclude(pk__in=Substitution.objects.running(at).among(kind).values("principal"))


class People(UserManager["User"]):
    """Django's manager for users, speaking `UserQuerySet`.

    The questions are passed on by hand: type checkers do not follow a user model's manager made at run time.
    """

    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet:
        """All users."""
        return UserQuerySet(self.model, using=self._db)

    def staff(self) -> UserQuerySet:
        """Ask `UserQuerySet.staff`."""
        return self.get_queryset().staff()

    def holding(self, *codes: str) -> UserQuerySet:
        """Ask `UserQuerySet.holding`."""
        return self.get_queryset().holding(*codes)

    def present(self, at: datetime, kind: str = "") -> UserQuerySet:
        """Ask `UserQuerySet.present`."""
        return self.get_queryset().present(at, kind)


class User(AbstractUser):
    """Somebody who can log in: staff, or (with `is_customer`) a customer's contact."""

    class Theme(models.TextChoices):
        """How the pages look to this person."""

        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    display_name = models.CharField(_("name"), max_length=60)
    initials = models.CharField(_("pinyin initials"), max_length=64, blank=True, editable=False)
    mobile = models.CharField(_("mobile"), max_length=30, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    regions = models.ManyToManyField(Region, blank=True, related_name="people", verbose_name=_("regions"))
    roles = models.ManyToManyField(Role, blank=True, related_name="people", verbose_name=_("roles"))
    supervisor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("supervisor")
    )
    is_customer = models.BooleanField(_("customer's contact"), default=False)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)

    objects: ClassVar[People] = People()
    # Neither password hashes nor log-in times belong into a history row.
    history = HistoricalRecords(m2m_fields=[roles, regions], excluded_fields=["password", "last_login"])

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=F("id")),
                name="person_is_not_own_supervisor",
                violation_error_message=_("Nobody can be their own supervisor."),
            ),
            models.CheckConstraint(
                condition=Q(is_customer=False)
                | Q(is_staff=False, is_superuser=False, department__isnull=True, supervisor__isnull=True),
                name="customer_is_never_staff",
                violation_error_message=_(
                    "A customer's contact can have no department, no supervisor and no administrator's rights."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the initials in step with the name. A login alone leaves no history row: nothing was changed."""
        self.initials = initials(self.display_name)
        if list(kwargs.get("update_fields") or ()) != ["last_login"]:
            super().save(*args, **kwargs)
            return
        # simple_history asks whether the attribute is there.
        self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def get_full_name(self) -> str:
        """The name, as Django's own pages ask for it."""
        return str(self)

    def get_short_name(self) -> str:
        """The same: names here have one form."""
        return str(self)

    def clean(self) -> None:
        """Refuse a supervisor who is not of the staff, or who would close a circle."""
        super().clean()
        if self.supervisor is None:
            return
        if self.supervisor.is_customer:
            raise ValidationError({"supervisor": _("A customer's contact cannot be a supervisor.")})
        if self.pk is not None and self.pk in self.supervisor.chain_of_command():
            raise ValidationError(
                {
                    "supervisor": _("%(name)s already reports to this person, directly or through others.")
                    % {"name": self.supervisor}
                }
            )

    def chain_of_command(self) -> list[int]:
        """The ids of this person, of the supervisor, of the supervisor's supervisor and so on; one query."""
        superiors = dict(User.objects.filter(supervisor__isnull=False).values_list("pk", "supervisor_id"))
        chain: list[int] = []
        above: int | None = self.pk
        while above is not None and above not in chain:
            chain.append(above)
            above = superiors.get(above)
        return chain

    stands_in_for: list[User] | None = None
    """Those for whom the person stands in now, with name and login; None where nobody has asked yet (desk.standing)."""
    lent: Scope = EVERYTHING
    """Of one for whom somebody stands in: how far (`people.actors.principals_of`)."""

    @cached_property
    def role_codes(self) -> frozenset[str]:
        """The codes of the roles held, asked once for each object."""
        return frozenset(role.code for role in self._roles)

    @cached_property
    def sees_all(self) -> bool:
        """Whether any role held sees every record (directors, the vice president, administrators)."""
        return self.is_superuser or any(role.sees_all for role in self._roles)

    @cached_property
    def _roles(self) -> list[Role]:
        return list(self.roles.all())

    def has_role(self, *codes: str) -> bool:
        """Whether any of the roles is held."""
        return not self.role_codes.isdisjoint(codes)


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    """Named questions about who stands in for whom."""

    def running(self, at: datetime) -> Self:
        """Those in force at a moment."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def among(self, kind: str) -> Self:
        """Those that are for a process, or for all of them."""
        # SQLite cannot look into JSON by containment; the text of a list of codes says the same everywhere.
        return self.annotate(for_kinds=Cast("kinds", models.TextField())).filter(
            Q(for_kinds="[]") | Q(for_kinds__contains=f'"{kind}"')
        )

    def meeting(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those that share a moment with the half-open time from the one to the other."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Substitution(models.Model):
    """B acts for A from one moment to another; everything that B then does for A is recorded as "B 代 A".

    `kinds` and `most` limit it to some processes and to records up to an amount; empty, it is for everything.
    """

    principal = models.ForeignKey(User, models.CASCADE, related_name="substituted_by", verbose_name=_("who is away"))
    substitute = models.ForeignKey(
        User, models.CASCADE, related_name="substitutes_for", verbose_name=_("who stands in")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    kinds = models.JSONField(_("for these processes only"), default=list, blank=True)
    most = models.DecimalField(
        _("up to this amount only (CNY)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = SubstitutionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ("-starts_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="substitution_ends_after_start",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("substitute")),
                name="nobody_substitutes_themselves",
                violation_error_message=_("Nobody can stand in for themselves."),
            ),
        )

    def __str__(self) -> str:
        return _("%(substitute)s for %(principal)s") % {"substitute": self.substitute, "principal": self.principal}

    @property
    def scope(self) -> Scope:
        """How far it goes."""
        return Scope(tuple(self.kinds), self.most)

    def clean(self) -> None:
        """Both must be staff, and who stands in must be able to log in."""
        faults: dict[str, str] = {}
        if not isinstance(self.kinds, list) or not set(map(str, self.kinds)) <= {code for code, _label in kinds()}:
            faults["kinds"] = gettext("There is no such process.")
        if self.principal_id is not None and self.principal.is_customer:
            faults["principal"] = gettext("Only staff can be stood in for.")
        if self.substitute_id is not None and (self.substitute.is_customer or not self.substitute.is_active):
            faults["substitute"] = gettext("Only active staff can stand in for somebody.")
        if faults:
            raise ValidationError(faults)

    def warnings(self) -> list[str]:
        """What is allowed here but seldom meant: two substitutes at once, or one who is away too."""
        others = Substitution.objects.meeting(self.starts_at, self.ends_at).exclude(pk=self.pk)
        said = [
            gettext("%(name)s stands in for %(principal)s in part of this time too; both may act.")
            % {"name": other.substitute, "principal": self.principal}
            for other in others.filter(principal=self.principal).select_related("substitute")
        ]
        if others.filter(principal=self.substitute).exists():
            said.append(
                gettext("%(name)s is away in part of this time; a substitute's substitute is not asked.")
                % {"name": self.substitute}
            )
        return said

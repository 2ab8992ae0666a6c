"""Administration of people: who works here, with which roles, under whom, and who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from core import clock
from core.text import fold
from people import hooks, scopes
from people.models import Department, Region, Role, Substitution, User

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class PersonForm(UserChangeForm[User]):
    """A person as administrators edit them. The password is not part of it, not even as a hash."""

    password = None  # type: ignore[assignment]  # how Django lets an inherited field be dropped
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """A customer's contact holds no role and looks after no region."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("is_customer"):
            for name in ("roles", "regions"):
                if given.get(name):
                    self.add_error(name, _("A customer's contact can have none."))
        elif given.get("is_customer") is False and self.instance.pk and hasattr(self.instance, "contact"):
            self.add_error("is_customer", _("This is the login of a contact of a customer; it stays one."))
        return given


class NewPersonForm(AdminUserCreationForm[User]):
    """A new person; the rest is filled in on the next page."""

    class Meta:
        model = User
        fields = ("username", "display_name", "email", "is_customer")


class SubstitutionForm(forms.ModelForm[Substitution]):
    """A substitution; the model's own checks decide."""

    kinds = forms.MultipleChoiceField(
        label=_("for these processes only"),
        choices=scopes.kinds,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for everything."),
    )

    class Meta:
        model = Substitution
        fields = ("principal", "substitute", "starts_at", "ends_at", "kinds", "most", "reason")


class SubstitutionInline(admin.TabularInline[Substitution, User]):
    """Who stands in for the person."""

    model = Substitution
    form = SubstitutionForm
    fk_name = "principal"
    autocomplete_fields = ("substitute",)
    extra = 0


class ContactLoginFilter(admin.SimpleListFilter):
    """Staff first: customers' logins are many and are seldom looked for here."""

    title = _("kind of login")
    parameter_name = "login"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Staff, or customers' contacts."""
        return [("staff", _("Staff")), ("customer", _("Customers' contacts"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Only those asked for."""
        return queryset.filter(is_customer=self.value() == "customer") if self.value() else queryset


@admin.register(User)
class PersonAdmin(SimpleHistoryAdmin, UserAdmin[User]):
    """People. Nobody is deleted: the timeline names them for ever; who leaves is made inactive."""

    form = PersonForm
    add_form = NewPersonForm
    inlines = (SubstitutionInline,)
    list_display = ("display_name", "username", "department", "role_names", "supervisor", "is_active", "is_customer")
    list_filter = ("is_active", ContactLoginFilter, "department", "roles", "regions")
    list_select_related = ("department", "supervisor")
    search_fields = ("display_name", "username", "initials__startswith", "mobile", "email")
    ordering = ("id",)
    autocomplete_fields = ("department", "supervisor")
    filter_horizontal = ("groups", "user_permissions")
    readonly_fields = ("password_link", "initials", "last_login", "date_joined", "waiting")
    fieldsets = (
        (None, {"fields": ("username", "display_name", "initials", "email", "mobile", "is_active", "is_customer")}),
        (_("Work"), {"fields": ("department", "supervisor", "roles", "regions", "waiting")}),
        (_("Preferences"), {"fields": ("language", "theme")}),
        (_("Login"), {"fields": ("password_link", "last_login", "date_joined", *_RIGHTS)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "display_name",
                    "email",
                    "is_customer",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles and regions are few: all of them are seen, and ticked."""
        if db_field.name in {"roles", "regions"}:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People with their roles, in one more query for the whole page."""
        people: QuerySet[User] = super().get_queryset(request).prefetch_related("roles")
        return people

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only a superuser gives administrators' rights."""
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *_RIGHTS)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple[type[SubstitutionInline], ...]:
        """Substitutes are named for staff that exist."""
        return () if obj is None or obj.is_customer else self.inlines

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's login is changed by superusers alone: its password is a key to everything."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Full and half width are the same; where a person is picked, only those who can be are offered."""
        found, distinct = super().get_search_results(request, queryset, fold(search_term))
        if request.path.endswith("/autocomplete/"):
            contact_login = request.GET.get("model_name") == "contact"
            found = found.filter(is_active=True, is_customer=contact_login)
        return found, distinct

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save, and say what is odd about the substitutions."""
        super().save_formset(request, form, formset, change)
        for row in (*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)):
            _warn(request, row)

    @admin.display(description=_("roles"))
    def role_names(self, person: User) -> str:
        """The roles held, in the reader's language."""
        return " · ".join(role.name for role in person.roles.all())

    @admin.display(description=_("waits for this person"))
    def waiting(self, person: User) -> str:
        """What waits for the person: seen before somebody is made inactive, whose seats then go to others."""
        found = hooks.waiting_for(person) if person.pk is not None else []
        lines = format_html_join("", '<li><a href="{}">{}</a></li>', found)
        return format_html("<ul>{}</ul>", lines) if found else gettext("Nothing.")

    @admin.display(description=_("password"))
    def password_link(self, person: User) -> str:
        """A way to set a new password; nothing of the old one is shown."""
        if person.pk is None:
            return ""
        address = reverse("admin:auth_user_password_change", args=(person.pk,))
        return format_html('<a href="{}">{}</a>', address, _("Set a new password"))


def _warn(request: HttpRequest, row: Substitution) -> None:
    for text in row.warnings():
        messages.warning(request, text)


class RunningFilter(admin.SimpleListFilter):
    """In force now, to come, or over."""

    title = _("in force")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """The three times."""
        return [("now", _("Now")), ("later", _("Later")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Substitution]) -> QuerySet[Substitution]:
        """Only those of the time asked for."""
        now = clock.now()
        if self.value() == "now":
            return queryset.filter(starts_at__lte=now, ends_at__gt=now)
        if self.value() == "later":
            return queryset.filter(starts_at__gt=now)
        return queryset.filter(ends_at__lte=now) if self.value() == "over" else queryset


@admin.register(Substitution)
class SubstitutionAdmin(SimpleHistoryAdmin):
    """Who stands in for whom, from when until when."""

    form = SubstitutionForm
    list_display = ("principal", "substitute", "starts_at", "ends_at", "reach", "reason")
    list_filter = (RunningFilter,)
    list_select_related = ("principal", "substitute")
    search_fields = (
        "principal__display_name",
        "principal__initials",
        "substitute__display_name",
        "substitute__initials",
    )
    autocomplete_fields = ("principal", "substitute")
    date_hierarchy = "starts_at"

    @admin.display(description=_("scope"))
    def reach(self, row: Substitution) -> str:
        """How far it goes."""
        return row.scope.words or gettext("all processes, any amount")

    def save_model(self, request: HttpRequest, obj: Substitution, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save, and say what is odd about it."""
        super().save_model(request, obj, form, change)
        _warn(request, obj)


class TermAdmin(SimpleHistoryAdmin):
    """Coded words: the code stays for ever once given, and a word no longer wanted is switched off, not deleted."""

    list_display: ClassVar[Any] = ("code", "name_zh", "name_en", "position", "active")
    list_editable = ("position", "active")
    list_filter: ClassVar[Any] = ("active",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("position", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Code and rules refer to the code."""
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switched off instead."""
        return False


@admin.register(Department)
class DepartmentAdmin(TermAdmin):
    """Departments and their heads."""

    list_display = (*TermAdmin.list_display, "head")
    list_select_related = ("head",)
    autocomplete_fields = ("head",)


@admin.register(Region)
class RegionAdmin(TermAdmin):
    """Regions; who looks after one is said with the person."""

    list_display = (*TermAdmin.list_display, "people_names")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        """Regions with their people."""
        regions: QuerySet[Region] = super().get_queryset(request).prefetch_related("people")
        return regions

    @admin.display(description=_("people"))
    def people_names(self, region: Region) -> str:
        """Who looks after the region."""
        return ", ".join(str(person) for person in region.people.all() if person.is_active)


@admin.register(Role)
class RoleAdmin(TermAdmin):
    """Roles come from the handbook, since flows name them; how they are called and what they see is set here."""

    list_display = (*TermAdmin.list_display, "sees_all", "holders")
    list_filter = ("active", "sees_all")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        """Roles with their holders."""
        roles: QuerySet[Role] = super().get_queryset(request).prefetch_related("people")
        return roles

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A role that no rule names would do nothing."""
        return False

    @admin.display(description=_("held by"))
    def holders(self, role: Role) -> str:
        """Active people who hold the role."""
        return ", ".join(str(person) for person in role.people.all() if person.is_active)

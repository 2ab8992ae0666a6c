"""The inputs that forms of tickets share, and what a required one says when it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from people.models import User
from tickets import services
from tickets.models import Channel, Severity
from workflow.forms import VerbForm
from workflow.widgets import Choice, Found, Typeahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def needed(message: Any) -> dict[str, Any]:
    """A required field that says what is missing and which rule asks for it."""
    return {"error_messages": {"required": message}}


def how_satisfied(message: Any) -> forms.TypedChoiceField:
    """How satisfied the customer is, from 5 to 1; `message` says what is missing."""
    return forms.TypedChoiceField(
        label=_("Satisfaction"),
        choices=(
            (5, _("5 – very satisfied")),
            (4, _("4 – satisfied")),
            (3, _("3 – neither")),
            (2, _("2 – dissatisfied")),
            (1, _("1 – very dissatisfied")),
        ),
        coerce=int,
        widget=forms.RadioSelect,
        **needed(message),
    )


class Judged(Choice):
    """A severity with its criterion beside it, as it is chosen (TKT-04)."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Severity.objects.filter(active=True), **{"empty_label": None, **kwargs})

    def label_from_instance(self, obj: Any) -> str:
        """Name and criterion."""
        return f"{obj.name} – {obj.criterion}" if obj.criterion else obj.name


class _ByType(ModelChoiceIterator[Any]):
    """Subtypes in groups of their types."""

    field: SubtypeChoice

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        groups: dict[Any, list[Any]] = {}
        for subtype in self.field.words():
            groups.setdefault(subtype.issue_type, []).append(self.choice(subtype))
        yield from ((str(issue_type), choices) for issue_type, choices in groups.items())


class SubtypeChoice(Choice):
    """A subtype; it implies its type."""

    iterator = _ByType


def contact_way() -> Choice:
    """By which way the customer was spoken to."""
    return Choice(
        Channel.objects.filter(active=True),
        label=_("Contacted by"),
        **needed(_("Say by which way you spoke to the customer.")),
    )


class Handler(Found):
    """A colleague who can be given a ticket."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Handler"))
        super().__init__(
            User.objects.staff(), names=("display_name", "username"), widget=Typeahead("people", eager=True), **kwargs
        )

    def clean(self, value: Any) -> Any:
        """The colleague. Raises ValidationError for people who do not handle tickets."""
        person = super().clean(value)
        if person is not None and not services.may_handle(person):
            raise forms.ValidationError(
                _("%(person)s cannot be given tickets: that needs an active colleague with a handling role."),
                params={"person": person},
            )
        return person


class GivenForm(VerbForm):
    """The base of the forms by which a ticket comes to somebody."""

    def clean_handler(self) -> User | None:
        """Consultants are given what is theirs (TKT-12)."""
        person: User | None = self.cleaned_data["handler"]
        if person is None or not services.only_consultant(person):
            return person
        subtype = getattr(self.record, "subtype", None)
        if subtype is not None and subtype.for_consultants:
            return person
        raise forms.ValidationError(
            _("Only issues of deployment, planning, consulting and tools go to a consultant (TKT-12)."), code="TKT-12"
        )

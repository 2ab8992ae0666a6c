"""A filter by a person that can also say “me” or “my department”: of whoever reads the list, at every visit anew."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from people.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.utils.functional import Promise


class Meant(StrEnum):
    """Whom a reader can mean without a name. A view that is shared keeps the word, and not who said it first."""

    ME = "me"
    OURS = "department"


_WORDS: dict[Meant, Promise] = {Meant.ME: _("me"), Meant.OURS: _("my department")}


class Reader:
    """A choice that stands for its reader."""

    def __init__(self, meant: Meant) -> None:
        self.meant = meant

    def __str__(self) -> str:
        return str(_WORDS[self.meant])


class _Choices(ModelChoiceIterator):  # type: ignore[misc] # the library has no types
    """The reader before all others."""

    def __iter__(self) -> Iterator[Any]:
        people = super().__iter__()
        if self.field.empty_label is not None:
            yield next(people)
        yield from ((meant.value, words) for meant, words in _WORDS.items())
        yield from people


class _PersonField(ModelChoiceField):  # type: ignore[misc] # the library has no types
    iterator = _Choices

    def to_python(self, value: Any) -> Any:
        """The reader by a word, or somebody by a key. Raises ValidationError for what is neither."""
        return Reader(Meant(value)) if value in list(Meant) else super().to_python(value)


class PersonFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc] # the library has no types
    """By one person, by nobody, by the reader, or by the reader's department.

    The filter set knows its reader (`lists.rows.filters_of`), so that a list is the same without a browser.
    """

    field_class = _PersonField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Those who have left are offered too: their records are still here.
        kwargs.setdefault("queryset", User.objects.filter(is_customer=False).order_by("display_name", "id"))
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> Any:
        """The rows of whom it names; nobody's for a department that the reader does not have."""
        if not isinstance(value, Reader):
            return super().filter(qs, value)
        reader: User = self.parent.reader
        if value.meant == Meant.ME:
            return qs.filter(**{self.field_name: reader.pk})
        if reader.department_id is None:
            return qs.none()
        colleagues = User.objects.filter(department=reader.department_id).values("pk")
        return qs.filter(**{f"{self.field_name}__in": colleagues})

"""Which version of a form and of the letterhead is in force, and how a later one comes to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import IntegrityError, transaction

from core import clock
from forms_templates import catalogue
from forms_templates.models import FormVersion, Letterhead

if TYPE_CHECKING:
    from people.models import User

Kept = TypeVar("Kept", FormVersion, Letterhead)
COMPANY = {"name": "北京赛尔毕博信息技术有限公司"}
"""The first letterhead. Numbers and bank are the administrator's to add; nothing that is not known is printed."""


class Outdated(Exception):  # noqa: N818 - reads as what happened
    """Somebody else has made a later version meanwhile."""


def in_force(code: str) -> FormVersion:
    """The form's latest version; its first use keeps the catalogue's as version 1. Raises catalogue.UnknownForm.

    A catalogue that has changed with a release becomes the next version, unless an administrator has made the last one.
    """
    body = catalogue.data(code)
    last = FormVersion.objects.filter(form=code).first()
    if last is not None and (last.made_by_id is not None or last.body == body):
        return last
    return _kept(code, (last.number if last else 0) + 1, body)


def letterhead_in_force() -> Letterhead:
    """The latest letterhead; the first is made of the company's name."""
    return Letterhead.objects.first() or _first_letterhead()


def add(basis: FormVersion, body: dict[str, Any], *, by: User, note: str) -> FormVersion:
    """A later version in place of `basis`. Raises Outdated when there is one already, DefinitionError for a slip."""
    catalogue.checked(body)
    if in_force(basis.form).number != basis.number:
        raise Outdated(basis.form)
    made = FormVersion(form=basis.form, number=basis.number + 1, body=body, made_at=clock.now(), made_by=by, note=note)
    return _added(made)


def add_letterhead(basis: Letterhead, made: Letterhead, *, by: User, note: str) -> Letterhead:
    """A later letterhead in place of `basis`. Raises Outdated when there is one already."""
    if letterhead_in_force().number != basis.number:
        raise Outdated(basis.name)
    made.pk, made.number, made.made_at, made.made_by, made.note = None, basis.number + 1, clock.now(), by, note
    return _added(made)


def _added(made: Kept) -> Kept:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Outdated(str(made)) from error
    return made


def _kept(code: str, number: int, body: dict[str, Any]) -> FormVersion:
    """That version, made by whoever asks first: the database lets one of a number in."""
    given = {"body": body, "made_at": clock.now()}
    return FormVersion.objects.get_or_create(form=code, number=number, defaults=given)[0]


def _first_letterhead() -> Letterhead:
    return Letterhead.objects.get_or_create(number=1, defaults={**COMPANY, "made_at": clock.now()})[0]

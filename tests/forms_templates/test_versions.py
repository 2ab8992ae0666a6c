"""Versions of forms and of the letterhead: kept for ever, one of a number, the last in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from forms_templates import catalogue, samples, versions
from forms_templates.language import DefinitionError
from forms_templates.models import FormVersion, Letterhead
from forms_templates.printing import render
from tests.concurrency.at_once import at_once
from tests.forms_templates.paper import text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _retitled(version: FormVersion, title: str) -> dict[str, Any]:
    return {**version.body, "title": {"zh": title, "en": "Other"}}


def test_the_first_use_keeps_the_catalogue_s_definition_as_version_one() -> None:
    first = versions.in_force("Serv103")
    assert (first.number, first.made_by, first.definition) == (1, None, catalogue.form("Serv103"))
    assert versions.in_force("Serv103") == first
    assert FormVersion.objects.count() == 1


def test_a_form_that_there_is_not_gets_no_version() -> None:
    with pytest.raises(catalogue.UnknownForm):
        versions.in_force("Serv999")
    assert not FormVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_who_use_a_form_first_keep_one_version(held_clock: object) -> None:
    found = at_once(20, lambda _: (versions.in_force("Serv103").pk, versions.letterhead_in_force().pk))
    assert len(set(found)) == 1
    assert (FormVersion.objects.count(), Letterhead.objects.count()) == (1, 1)


def test_a_document_of_version_one_prints_as_version_one_after_version_two(cast: Cast) -> None:
    first, house = versions.in_force("Serv103"), versions.letterhead_in_force()
    values = samples.values("Serv103")
    before = render(first.definition, house, values)
    second = versions.add(first, _retitled(first, "新的到货证明"), by=cast.specialist, note="改名")
    new_house = versions.add_letterhead(house, Letterhead(name="新公司", fax="1"), by=cast.specialist, note="更名")
    again = FormVersion.objects.get(form="Serv103", number=1)
    assert render(again.definition, Letterhead.objects.get(number=1), values) == before
    assert versions.in_force("Serv103") == second
    assert versions.letterhead_in_force() == new_house
    found = text(render(second.definition, new_house, values))
    assert ("新的到货证明" in found, "新公司" in found, "第2版" in found) == (True, True, True)
    assert "新公司" not in text(before)


def test_of_two_who_change_the_same_version_the_second_is_told(cast: Cast) -> None:
    first = versions.in_force("Serv103")
    versions.add(first, _retitled(first, "甲"), by=cast.specialist, note="甲")
    with pytest.raises(versions.Outdated):
        versions.add(first, _retitled(first, "乙"), by=cast.director, note="乙")
    assert FormVersion.objects.filter(form="Serv103").count() == 2


def test_a_definition_that_contradicts_itself_is_not_kept(cast: Cast) -> None:
    first = versions.in_force("Serv103")
    with pytest.raises(DefinitionError):
        versions.add(first, {**first.body, "under_title": ["nowhere"]}, by=cast.specialist, note="x")
    assert FormVersion.objects.count() == 1


def test_a_catalogue_that_changed_with_a_release_is_the_next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    first = versions.in_force("Serv103")
    monkeypatch.setattr(catalogue, "data", lambda _code: _retitled(first, "改版"))
    assert (versions.in_force("Serv103").number, versions.in_force("Serv103").definition.title.zh) == (2, "改版")


def test_a_release_does_not_take_back_what_an_administrator_changed(
    monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    first = versions.in_force("Serv103")
    second = versions.add(first, _retitled(first, "本公司的"), by=cast.specialist, note="改名")
    monkeypatch.setattr(catalogue, "data", lambda _code: _retitled(first, "改版"))
    assert versions.in_force("Serv103") == second


@pytest.mark.parametrize("table", ["forms_templates_formversion", "forms_templates_letterhead"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET note = 'x'", "DELETE FROM {}"])
def test_the_database_itself_keeps_every_version(table: str, statement: str) -> None:
    versions.in_force("Serv103")
    versions.letterhead_in_force()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert FormVersion.objects.get().made_at <= clock.now()

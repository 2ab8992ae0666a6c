"""“Me” and “my department” in a list mean whoever reads it, also in a view that somebody else shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict

from exports.sheets import sheet_of
from lists.counting import count
from lists.models import SavedView
from lists.presets import preset_of
from lists.rows import filters_of
from people.models import Department
from tests.browser.house import worked_on
from workflow import registry
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    BrowserOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db
ME, OURS = "show=all&handler=me", "show=all&handler=department"


@pytest.fixture
def three(cast: Cast, new_ticket: Callable[..., Ticket]) -> list[Ticket]:
    """A ticket with the engineer, one with the trainer, one with somebody of R&D."""
    rows = [worked_on(new_ticket(), cast) for _n in range(3)]
    for row, person in zip(rows, (cast.engineer, cast.trainer, cast.rd_engineer), strict=True):
        Record.objects.filter(pk=row.pk).update(handler=person)
    return rows


def shared(owner: User, query: str) -> SavedView:
    view = SavedView(kind="ticket", name="我的", owner=owner, sharing="everybody", query=query)
    view.full_clean()
    view.save()
    return view


def shown(browser: Client, address: str, rows: list[Ticket]) -> list[bool]:
    answer = browser.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    return [row.number in page for row in rows]


def test_a_shared_view_keeps_me_and_shows_each_reader_their_own(
    cast: Cast, browser_of: BrowserOf, three: list[Ticket]
) -> None:
    view = shared(cast.director, ME)
    assert view.query == ME
    address = f"/ticket/?view={view.pk}"
    assert shown(browser_of(cast.engineer), address, three) == [True, False, False]
    assert shown(browser_of(cast.trainer), address, three) == [False, True, False]
    assert shown(browser_of(cast.director), address, three) == [False, False, False]
    assert [count(view, person) for person in (cast.engineer, cast.trainer, cast.director)] == [1, 1, 0]


def test_my_department_is_the_readers(cast: Cast, browser_of: BrowserOf, three: list[Ticket]) -> None:
    address = f"/ticket/?view={shared(cast.director, OURS).pk}"
    assert shown(browser_of(cast.engineer), address, three) == [True, True, False]
    assert shown(browser_of(cast.rd_engineer), address, three)[:2] == [False, False]
    type(cast.director).objects.filter(pk=cast.director.pk).update(department=None)
    assert shown(browser_of(cast.director), address, three) == [False, False, False]


def test_somebody_who_changes_departments_reads_the_new_ones_list_at_once(
    cast: Cast, browser_of: BrowserOf, three: list[Ticket]
) -> None:
    address, browser = f"/ticket/?view={shared(cast.director, OURS).pk}", browser_of(cast.director)
    assert shown(browser, address, three) == [True, True, False]
    type(cast.director).objects.filter(pk=cast.director.pk).update(department=Department.objects.get(code="rd"))
    assert shown(browser, address, three) == [False, False, True]


def test_the_filter_offers_the_reader_first_and_says_who_is_meant(
    cast: Cast, browser_of: BrowserOf, three: list[Ticket]
) -> None:
    page = browser_of(cast.engineer).get(f"/ticket/?{ME}&filters=open").content.decode()
    assert '<option value="me" selected>me</option>' in page
    assert page.index('value="department"') < page.index(f'<option value="{cast.engineer.pk}">{cast.engineer}')
    answer = browser_of(cast.engineer).get("/ticket/?show=all&handler=nonsense")
    assert answer.status_code == 200


def test_nobody_else_is_nobody_and_a_person_is_still_a_person(
    cast: Cast, browser_of: BrowserOf, three: list[Ticket], new_ticket: Callable[..., Ticket]
) -> None:
    browser = browser_of(cast.specialist)
    assert shown(browser, f"/ticket/?show=all&handler={cast.trainer.pk}", three) == [False, True, False]
    assert shown(browser, "/ticket/?show=all&handler=null", three) == [False, False, False]


def test_a_file_of_the_list_means_whoever_asked_for_it(cast: Cast, three: list[Ticket]) -> None:
    assert list(sheet_of(cast.engineer, "ticket", ME).keys()) == [three[0].pk]
    assert list(sheet_of(cast.trainer, "ticket", ME).keys()) == [three[1].pk]


@pytest.mark.parametrize("kind", ["article", "contract", "document", "execution"])
def test_other_lists_know_the_word_too_and_take_a_person_by_name(cast: Cast, browser_of: BrowserOf, kind: str) -> None:
    browser, process = browser_of(cast.specialist), registry.get(kind)
    for said in ("me", "department", str(cast.engineer.pk), "null"):
        query = QueryDict(f"show=all&handler={said}")
        asked = filters_of(process, cast.specialist, preset_of(process, cast.specialist, "all"), query, whole=False)
        assert asked.form.is_valid() or (said, kind) == ("null", "article"), asked.form.errors
        assert browser.get(f"/{kind}/?{query.urlencode()}").status_code == 200

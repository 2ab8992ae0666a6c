"""Saved views as rows: what is kept of an address, who may use one, and that it shows nobody more than they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict

from lists import addresses, shelf
from lists.counting import count, words
from lists.models import Habit, SavedView
from people.models import Department
from tests.cast import act, person
from tickets.models import Severity
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def view_of(owner: User, query: str = "show=open", **more: Any) -> SavedView:
    view = SavedView(**{"kind": "ticket", "name": "要紧的", "owner": owner, "query": query, **more})
    view.full_clean()
    view.save()
    return view


def names(user: User) -> list[str]:
    return [view.name for view in shelf.shelf_of(registry.get("ticket"), user).views]


def stood(user: User, asked: str) -> shelf.Stand:
    return shelf.stand(registry.get("ticket"), user, QueryDict(asked))


def test_only_what_the_list_knows_is_kept_of_an_address(cast: Cast) -> None:
    view = view_of(cast.specialist, "sort=due&q=&state=recorded&page=7&evil=1&show=all&view=3&state=recorded")
    assert view.query == "show=all&state=recorded&sort=due"
    assert view_of(cast.specialist, "sort=body&show=nonsense", name="b").query == "show=open"
    assert view_of(cast.specialist, columns="number,password,region", name="c").columns == "number,region"
    assert not view_of(cast.specialist, columns="nonsense", name="d").columns


def test_what_is_too_long_or_of_no_process_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        view_of(cast.specialist, f"show=all&q={'长' * 400}")
    with pytest.raises(ValidationError):
        view_of(cast.specialist, kind="nothing")
    with pytest.raises(ValidationError):
        view_of(cast.specialist, name="")


def test_the_database_itself_refuses_what_cannot_be(cast: Cast) -> None:
    view_of(cast.specialist)
    given: dict[str, Any] = {"kind": "ticket", "owner": cast.specialist, "query": "show=open"}
    service = Department.objects.get(code="service")
    for wrong in (
        {"name": "要紧的"},
        {"name": ""},
        {"name": "b", "sharing": "department"},
        {"name": "c", "sharing": "private", "department": service},
        {"name": "d", "sharing": "world"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(**{**given, **wrong})


def test_who_may_use_a_view(cast: Cast) -> None:
    service = Department.objects.get(code="service")
    view_of(cast.director, name="a private one")
    view_of(cast.director, name="b of the department", sharing="department", department=service)
    view_of(cast.director, name="c of everybody", sharing="everybody")
    assert names(cast.director) == ["a private one", "b of the department", "c of everybody"]
    assert names(cast.specialist) == ["b of the department", "c of everybody"]
    assert names(cast.rd_engineer) == names(cast.finance) == ["c of everybody"]
    nowhere = person("nowhere", "无部门", "trainer")
    nowhere.department = None
    nowhere.save()
    assert names(nowhere) == ["c of everybody"]


def test_those_who_lead_people_may_share_and_others_may_not(cast: Cast) -> None:
    may = {name for name, user in cast.everybody().items() if shelf.may_share(user)}
    assert may == {"director", "supervisor", "admin"}
    assert shelf.may_share(person("lead", "徐静", "training_lead"))


def test_a_shared_view_shows_nobody_more_than_they_may_see(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    first, _second = new_ticket(), new_ticket()
    view = view_of(cast.director, "show=all&state=recorded", sharing="everybody")
    assert [count(view, user) for user in (cast.director, cast.specialist)] == [2, 2]
    assert [count(view, user) for user in (cast.rd_engineer, cast.finance)] == [0, 0]
    act(first, "copy_to", cast.specialist, people=[cast.finance.pk])
    assert count(view, cast.finance) == 1


def test_a_view_stands_on_the_readers_own_tab(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket()
    view = view_of(cast.director, "show=customers", sharing="everybody")
    assert (count(view, cast.account_manager), count(view, cast.engineer)) == (1, 0)


def test_counts_end_where_nobody_counts_on(cast: Cast, monkeypatch: pytest.MonkeyPatch, new_ticket: Any) -> None:
    for _each in range(4):
        new_ticket()
    monkeypatch.setattr("lists.counting.MOST", 2)
    counted = count(view_of(cast.specialist), cast.specialist)
    assert counted == 3
    assert [words(number) for number in (2, counted, None)] == ["2", "2+", "?"]


def test_what_a_view_names_and_is_gone_is_no_error(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket()
    gone = Severity.objects.create(code="gone", name_zh="无", name_en="none", criterion_zh="无", criterion_en="none")
    view = view_of(cast.specialist, f"show=open&severity={gone.pk}")
    assert count(view, cast.specialist) == 0
    gone.delete()
    assert count(view, cast.specialist) is None


def test_the_address_of_a_view_is_filled_in_and_what_differs_is_a_change(cast: Cast) -> None:
    view = view_of(cast.specialist, "show=all&state=recorded&sort=due", columns="number,region")
    alone = stood(cast.specialist, f"view={view.pk}&page=2")
    assert alone.query.dict() == {
        "show": "all",
        "state": "recorded",
        "sort": "due",
        "columns": "number,region",
        "view": str(view.pk),
        "page": "2",
    }
    assert (alone.view, alone.changed, alone.columns) == (view, False, ("number", "region"))
    same = f"view={view.pk}&sort=due&state=recorded&show=all&columns=number,region&page=3"
    assert not stood(cast.specialist, same).changed
    assert stood(cast.specialist, same.replace("recorded", "closed")).changed
    assert stood(cast.specialist, same.replace("&columns=number,region", "")).changed


def test_a_view_that_is_not_shared_is_as_good_as_gone(cast: Cast) -> None:
    view = view_of(cast.director)
    for asked in (f"view={view.pk}", "view=99999999999999999999999", "view=nonsense"):
        lost = stood(cast.specialist, asked)
        assert (lost.view, lost.lost) == (None, True)
    assert not stood(cast.specialist, "").lost


def test_the_list_opens_with_the_chosen_view_until_an_address_says_more(cast: Cast) -> None:
    view = view_of(cast.specialist, "show=all&state=closed")
    Habit.change(cast.specialist, "ticket", opens_with=view)
    assert stood(cast.specialist, "").view == view
    assert stood(cast.specialist, "show=open").view is None
    assert stood(cast.other_specialist, "").view is None
    view.delete()
    assert stood(cast.specialist, "").view is None


def test_views_stand_in_ones_own_order_and_the_bar_has_an_end(cast: Cast) -> None:
    keys = [view_of(cast.specialist, name=f"{number:02}").pk for number in range(12)]
    Habit.change(cast.specialist, "ticket", bar=[keys[3], 77, keys[1]], aside=[keys[0]])
    found = shelf.shelf_of(registry.get("ticket"), cast.specialist)
    assert [view.pk for view in found.views][:3] == [keys[3], keys[1], keys[0]]
    assert keys[0] not in [view.pk for view in found.bar]
    assert len(found.bar) == shelf.ON_BAR


def test_columns_are_ones_own_where_no_view_says_otherwise(cast: Cast) -> None:
    Habit.change(cast.specialist, "ticket", columns="number,title,region")
    view = view_of(cast.specialist)
    assert stood(cast.specialist, "show=all").columns == ("number", "title", "region")
    assert stood(cast.specialist, f"view={view.pk}").columns == ()
    assert stood(cast.engineer, "show=all").columns == ()


def test_filters_are_known_for_every_process() -> None:
    for process in registry.all_processes():
        assert bool(addresses.filter_names(process.kind)) == bool(process.filterset)
    assert {"severity", "q", "accepted_from"} <= addresses.filter_names("ticket")

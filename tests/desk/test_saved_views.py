"""Saved views and chosen columns on the pages: who can keep, change and take away what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from exports.sheets import sheet_of
from lists.models import Habit, SavedView
from lists.rows import is_lasting
from people.models import Department
from tests.browser.house import dispatched
from tickets.models import Severity
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    BrowserOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db
NEW = "/ticket/views/new/"


def page(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def keep(browser: Client, stands: str = "?show=open&state=recorded&sort=due", **said: Any) -> Any:
    return browser.post(NEW, {"stands": stands, "name": "要紧的", "sharing": "private", "show": "open", **said})


def shared(owner: User, query: str = "show=all&state=recorded", **more: Any) -> SavedView:
    return SavedView.objects.create(kind="ticket", name="共享的", owner=owner, sharing="everybody", query=query, **more)


def test_a_list_is_kept_as_it_stands(cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]) -> None:
    first, second = new_ticket(), dispatched(new_ticket(), cast)
    browser = browser_of(cast.specialist)
    assert "Keep the list as it stands" in page(browser, f"{NEW}?show=open&state=recorded")
    answer = keep(browser, "?show=open&state=recorded&sort=due&columns=number,region")
    view = SavedView.objects.get()
    assert answer["Location"] == f"/ticket/?view={view.pk}"
    assert (view.query, view.columns) == ("show=open&state=recorded&sort=due", "number,region")
    assert view.owner == cast.specialist
    found = page(browser, answer["Location"])
    assert first.number in found
    assert second.number not in found
    assert 'data-label="Region"' in found
    assert 'data-label="Title"' not in found
    assert "Change not kept" not in found
    assert view.history.count() == 1


def test_a_view_needs_a_name_and_not_one_that_is_taken(cast: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(cast.specialist)
    for wrong in ("", "  ", "长" * 61):
        assert keep(browser, name=wrong).status_code == 422
    keep(browser)
    answer = keep(browser)
    assert answer.status_code == 422
    assert "You have a view of this name already." in answer.content.decode()
    assert 'value="要紧的"' in answer.content.decode()
    assert keep(browser_of(cast.engineer)).status_code == 302
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("sharing", ["department", "everybody"])
def test_only_those_who_lead_share(cast: Cast, browser_of: BrowserOf, sharing: str) -> None:
    assert keep(browser_of(cast.specialist), sharing=sharing).status_code == 422
    assert keep(browser_of(cast.director), sharing=sharing).status_code == 302
    view = SavedView.objects.get()
    assert view.department == (Department.objects.get(code="service") if sharing == "department" else None)


def test_nonsense_is_dropped_or_told_and_never_an_error(cast: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(cast.specialist)
    assert keep(browser, "?show=%00&q=%00&sort=%ff&columns=%00,,&x[]=1").status_code == 302
    assert keep(browser, f"?show=all&q={'长' * 900}", name="b").status_code == 422
    assert keep(browser, name="c", show="nonsense").status_code == 422
    assert browser.get("/nothing/views/").status_code == 404
    assert browser.post("/nothing/views/new/", {"name": "x"}).status_code == 404
    for asked in ("view=%00", "view=-1", "columns=%00", "columns=number,number,nonsense", "view=1&view=2"):
        page(browser, f"/ticket/?{asked}")


def test_nobody_else_changes_keeps_or_deletes_a_view(cast: Cast, browser_of: BrowserOf) -> None:
    view = shared(cast.director)
    for other in (cast.specialist, cast.supervisor, cast.admin):
        browser = browser_of(other)
        assert browser.get(f"/ticket/views/{view.pk}/").status_code == 404
        for act in ("", "keep/", "drop/"):
            answer = browser.post(f"/ticket/views/{view.pk}/{act}", {"name": "x", "sharing": "private", "show": "all"})
            assert answer.status_code == 404
        assert "Name and sharing" not in page(browser, f"/ticket/?view={view.pk}")
    view.refresh_from_db()
    assert (view.name, view.query) == ("共享的", "show=all&state=recorded")


def test_its_owner_renames_it_and_takes_the_sharing_back(cast: Cast, browser_of: BrowserOf) -> None:
    view, browser = shared(cast.director), browser_of(cast.director)
    assert "共享的" in page(browser_of(cast.engineer), "/ticket/")
    answer = browser.post(f"/ticket/views/{view.pk}/", {"name": "我的", "sharing": "private", "show": "mine"})
    assert answer.status_code == 302
    view.refresh_from_db()
    assert (view.name, view.sharing, view.query) == ("我的", "private", "show=mine&state=recorded")
    lost = page(browser_of(cast.engineer), f"/ticket/?view={view.pk}")
    assert "This view is gone, or is not shared with you any more." in lost


def test_a_view_is_deleted_once_that_is_confirmed(cast: Cast, browser_of: BrowserOf) -> None:
    view, browser = shared(cast.director), browser_of(cast.director)
    assert "It is shared" in page(browser, f"/ticket/views/{view.pk}/drop/")
    assert SavedView.objects.count() == 1
    assert browser.post(f"/ticket/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()
    assert "This view is gone" in page(browser, f"/ticket/?view={view.pk}")
    assert SavedView.history.filter(history_type="-").get().name == "共享的"


def test_what_differs_from_a_view_is_told_and_kept_by_its_owner_alone(cast: Cast, browser_of: BrowserOf) -> None:
    view = shared(cast.director)
    changed = f"/ticket/?show=all&state=closed&view={view.pk}"
    assert "Keep the change" not in page(browser_of(cast.specialist), changed)
    browser = browser_of(cast.director)
    assert "Keep the change" in page(browser, changed)
    stands = {"stands": f"?show=all&state=closed&view={view.pk}&columns=number,title"}
    assert browser.post(f"/ticket/views/{view.pk}/keep/", stands)["Location"] == f"/ticket/?view={view.pk}"
    view.refresh_from_db()
    assert (view.query, view.columns) == ("show=all&state=closed", "number,title")


def test_a_value_that_is_gone_is_told_and_the_view_can_be_mended(
    cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]
) -> None:
    ticket = new_ticket()
    gone = Severity.objects.create(code="gone", name_zh="无", name_en="none", criterion_zh="无", criterion_en="none")
    view = shared(cast.director, f"show=open&severity={gone.pk}")
    gone.delete()
    found = page(browser_of(cast.specialist), f"/ticket/?view={view.pk}")
    assert "What this view names under “Severity” is not there any more." in found
    assert ticket.number in found
    assert browser_of(cast.specialist).get("/ticket/views/counts/").json() == {"counts": {str(view.pk): "?"}}


def test_a_views_query_is_known_and_still_says_what_is_so_now(
    cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]
) -> None:
    first, view = new_ticket(), shared(cast.director)
    reader, stranger, address = browser_of(cast.specialist), browser_of(cast.finance), f"/ticket/?view={view.pk}"
    assert first.number in page(reader, address)
    second = new_ticket()
    dispatched(first, cast)
    found = page(reader, address)
    assert second.number in found
    assert first.number not in found
    assert second.number not in page(stranger, address)
    view.query = "show=all&state=dispatched"
    view.save()
    assert first.number in page(reader, address)


def test_a_view_is_exported_as_it_shows(cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]) -> None:
    first, _second = new_ticket(), dispatched(new_ticket(), cast)
    view = shared(cast.director, columns="number,region")
    sheet = sheet_of(cast.specialist, "ticket", f"view={view.pk}")
    assert [column.code for column in sheet.columns] == ["number", "region"]
    assert list(sheet.keys()) == [first.pk]
    assert not list(sheet_of(cast.finance, "ticket", f"view={view.pk}").keys())
    found = page(browser_of(cast.specialist), f"/ticket/?view={view.pk}")
    assert 'name="query" value="show=all&amp;state=recorded&amp;view=' in found
    assert '<input type="hidden" name="columns" value="region">' in found
    Habit.change(cast.engineer, "ticket", columns="number,channel")
    assert [column.code for column in sheet_of(cast.engineer, "ticket", "").columns] == ["number", "channel"]


def test_what_changes_with_time_is_asked_anew(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    process = registry.get("ticket")
    for asked, lasts in (("state=recorded", True), ("waiting=old", False), ("response=missed&state=recorded", False)):
        assert is_lasting(process, QueryDict(asked)) == lasts


def test_counts_are_the_readers_own(cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]) -> None:
    new_ticket()
    view = shared(cast.director)
    for reader, number in ((cast.specialist, "1"), (cast.rd_engineer, "0"), (cast.finance, "0")):
        assert browser_of(reader).get("/ticket/views/counts/").json() == {"counts": {str(view.pk): number}}


def test_views_cost_the_list_no_query_however_many_there_are(
    cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]
) -> None:
    new_ticket()
    browser = browser_of(cast.specialist)

    def cost() -> int:
        browser.get("/ticket/?show=all")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/ticket/?show=all")
        return len(asked)

    before = cost()
    for number in range(6):
        keep(browser, name=f"第 {number} 个")
    assert cost() == before


def test_views_are_put_in_order_and_the_list_opens_with_one(cast: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(cast.specialist)
    keep(browser, name="a")
    keep(browser, name="b")
    first, second = SavedView.objects.order_by("name")
    moved = browser.post("/ticket/views/", {"order": [first.pk, second.pk], "on": [first.pk], "up": second.pk})
    assert moved.content.decode().index(">b<") < moved.content.decode().index(">a<")
    assert not Habit.objects.exists()
    said = {"order": [second.pk, first.pk, 999, "x"], "on": [second.pk], "opens": second.pk}
    assert browser.post("/ticket/views/", said).status_code == 302
    habit = Habit.objects.get()
    assert (habit.bar, habit.aside, habit.opens_with) == ([second.pk, first.pk], [first.pk], second)
    found = page(browser, "/ticket/")
    assert f'href="/ticket/?view={second.pk}" aria-current="page"' in found
    assert f'href="/ticket/?view={first.pk}"' not in found


def test_a_person_chooses_columns_and_goes_back_to_the_usual_ones(
    cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]
) -> None:
    new_ticket()
    browser = browser_of(cast.specialist)
    said = {"stands": "show=all&page=2", "order": ["region", "title", "number"], "on": ["region", "title", "evil"]}
    moved = browser.post("/ticket/columns/", {**said, "down": "region"}).content.decode()
    assert moved.index('value="title"') < moved.index('value="region"')
    assert browser.post("/ticket/columns/", said)["Location"] == "/ticket/?show=all"
    assert Habit.objects.get().columns == "region,title,number"
    found = page(browser, "/ticket/?show=all")
    assert found.index("Region</th>") < found.index("Title</th>") < found.index("Number")
    assert "Severity</a>" not in found
    assert 'data-label="Region"' not in page(browser_of(cast.engineer), "/ticket/?show=all")
    browser.post("/ticket/columns/", {**said, "usual": "on"})
    assert not Habit.objects.get().columns
    assert "Severity" in page(browser, "/ticket/?show=all")


def test_columns_of_a_view_are_a_change_of_it_until_kept(cast: Cast, browser_of: BrowserOf) -> None:
    view, browser = shared(cast.director), browser_of(cast.director)
    said = {"stands": f"view={view.pk}", "order": ["number", "region"], "on": ["number", "region"]}
    where = browser.post("/ticket/columns/", said)["Location"]
    assert "Keep the change" in page(browser, where)
    view.refresh_from_db()
    assert not view.columns
    assert not Habit.objects.exists()


def test_every_column_can_be_shown_and_none_asks_once_a_row(
    cast: Cast, browser_of: BrowserOf, new_ticket: Callable[..., Ticket]
) -> None:
    browser = browser_of(cast.specialist)
    every = "subtype,region,account_manager,channel,contact,specialist,accepted,responded,expected,resolved,updated"
    address = f"/ticket/?show=all&columns={every},satisfaction"

    def cost() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            page(browser, address)
        return len(asked)

    new_ticket()
    before = cost()
    for _each in range(5):
        dispatched(new_ticket(), cast)
    assert cost() == before


def test_a_customers_contact_has_no_views_at_all(cast: Cast, browser_of: BrowserOf, university: Any) -> None:
    browser = browser_of(cast.contact)
    for path in ("views/", "views/new/", "views/counts/", "columns/", "several/"):
        assert browser.get(f"/ticket/{path}").status_code == 403

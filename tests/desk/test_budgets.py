"""What every page costs: the queries that are committed beside this file, never more than 15, and 60 KB at 25 rows.

A page that asks more often than is written down fails, and so does one that asks less: the better number is then worth
keeping. `UPDATE_QUERY_COUNTS=1` writes the numbers anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lists.models import SavedView
from tests.browser.house import dispatched, solved, worked_on
from tests.cast import act
from workflow.models import Deadline, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db

WRITTEN = Path(__file__).with_name("query_counts.json")
MOST_QUERIES = 15
HEAVIEST = 60 * 1024
WORDS = "从昨天下午开始，老师在教学平台上传课件后一直显示转码中，换了浏览器也一样，教务处要求今天之内解决。"

LISTS = {
    "home": "/",
    "home, all work": "/?work=all",
    "list": "/ticket/?show=all",
    "list, second page": "/ticket/?show=all&page=2",
    "list, searched": "/ticket/?show=all&q=教学平台",
    "list, by due time": "/ticket/?show=all&sort=due",
    "list, mine": "/ticket/?show=mine",
    "list, filters open": "/ticket/?show=all&filters=open",
    "views": "/ticket/views/",
    "view, new": "/ticket/views/new/?show=all&state=recorded",
    "columns": "/ticket/columns/",
    "new": "/ticket/new/",
}
FOUND = {
    "search": "/search/?q=第",
    "find customers": "/find/customers/?q=bj",
    "find people": "/find/people/?q=w",
    "find anything": "/find/anything/?q=第",
}
PORTAL = {
    "portal": "/portal/",
    "portal, all": "/portal/?show=all",
    "portal, new": "/portal/new/ticket/",
    "portal, forms": "/portal/forms/",
    "portal, profile": "/portal/profile/",
}
NUMBERS = {
    "rule": "/handbook/TKT-17/",
    "forms": "/forms/",
    "form": "/forms/Serv103/",
    "rule, cases": "/handbook/TKT-01/cases/",
    "dashboard": "/reports/",
    "dashboard, anew": "/reports/?fresh=1",
    "dashboard, all": "/reports/?board=all&period=year",
}


@pytest.fixture
def busy(held_clock: Any, cast: Cast, new_ticket: Callable[..., Ticket]) -> Ticket:
    """Fifty tickets of which half wait for the engineer, and one with a long history, on a Monday morning."""
    for n in range(50):
        ticket = new_ticket(title=f"第 {n} 号：{WORDS[:24]}", body=WORDS)
        if n % 2:
            dispatched(ticket, cast)
    told = worked_on(new_ticket(title=WORDS[:30], body=WORDS * 4, severity="urgent"), cast)
    for _round in range(12):
        act(told, "note", cast.engineer, text=WORDS * 2)
        act(told, "log_contact", cast.specialist, contacted_by=told.channel_id, person="张老师", summary=WORDS)
    return told


def at_work(ticket: Ticket) -> dict[str, str]:
    """A view that narrows by two things and shows what the usual list does not, and thirty chosen records."""
    shown = ["number", "customer", "region", "account_manager", "contact", "specialist", "channel", "subtype"]
    region = ticket.customer.region_id  # type: ignore[union-attr]
    query = urlencode({"show": "open", "region": region, "state": "dispatched", "sort": "due"})
    more = {"owner_id": ticket.specialist_id, "sharing": "everybody", "query": query, "columns": ",".join(shown)}
    view = SavedView.objects.create(kind="ticket", name="派给人的", **more)
    chosen = urlencode({"chosen": [f"{each.number}.{each.version}" for each in Record.objects.all()[:30]]}, doseq=True)
    return {
        "list, saved view": f"/ticket/?view={view.pk}",
        "view counts": "/ticket/views/counts/",
        "several": f"/ticket/several/?{chosen}",
        "several, note": f"/ticket/several/note/?{chosen}",
    }


def joining(number: str) -> dict[str, str]:
    """Linking, merging, splitting, and texts to put in."""
    record = f"/ticket/{number}/"
    return {
        **{f"verb: {verb}": f"{record}{verb}/" for verb in ("link", "merge", "split")},
        "texts": "/texts/",
        "text, new": "/texts/new/",
        "texts beside a field": f"{record}texts/note/",
        "find records": f"/find/records/?beside={number}",
        "find records, typed": f"/find/records/?beside={number}&same=1&q=TK-",
    }


def pages(ticket: Ticket) -> dict[str, tuple[str, str]]:
    """Who reads what: a name, a part of the cast and an address."""
    record, deadline = f"/ticket/{ticket.number}/", Deadline.objects.filter(record=ticket.pk).order_by("id")[0]
    staff: dict[str, str] = {
        **{
            name: f"/{name}/"
            for name in (
                *("notices", "exports", "preferences", "substitutes", "handbook", "customers", "people", "duty"),
                *("scans", "batches"),
            )
        },
        **LISTS,
        "record": record,
        "record, earlier entries": f"{record}timeline/?before=10",
        "roster, month": "/duty/?view=month",
        "night": "/ticket/pages/night/",
        "batch, new": "/batches/new/?form=Serv304",
        "verb: note": f"{record}note/",
        "verb: resolve": f"{record}resolve/",
        "verb: correct": f"{record}correct/",
        **joining(ticket.number),
        "customer": f"/customers/{ticket.customer_id}/",
        **NUMBERS,
        **FOUND,
        "list, from a number": f"/ticket/?show=all&response=kept&response_from=2026-01-01&severity={ticket.severity_id}"
        f"&handler={ticket.specialist_id}",
        **at_work(ticket),
        "why": f"/deadlines/{deadline.pk}/",
        "live": f"/live/?record={ticket.number}",
        "find contacts": f"/find/contacts/?customer={ticket.customer_id}",
        "find similar": f"/find/similar/?kind=ticket&customer={ticket.customer_id}&title=课件",
    }
    guest = PORTAL | {"portal, issue": f"/portal/issues/{ticket.number}/"}
    found = {f"{part}: {name}": (part, url) for part in ("specialist", "engineer") for name, url in staff.items()}
    found |= {
        f"director: {name}": ("director", staff[name]) for name in ("home", "list", "record", "dashboard", "handbook")
    }
    return found | {f"contact: {name}": ("contact", url) for name, url in guest.items()}


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_page_asks_more_often_or_weighs_more_than_is_written_down(cast: Cast, busy: Ticket) -> None:
    counts: dict[str, int] = {}
    heavy: dict[str, Any] = {}
    browsers = {part: browser_of(user) for part, user in vars(cast).items()}
    for name, (part, address) in pages(busy).items():
        browsers[part].get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = browsers[part].get(address)
        assert answer.status_code in {200, 302, 403, 409}, (name, answer.status_code)
        counts[name] = len(asked)
        if len(answer.content) > HEAVIEST:
            heavy[name] = len(answer.content)
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        WRITTEN.write_text(json.dumps(counts, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    assert not heavy, heavy
    assert {name: count for name, count in counts.items() if count > MOST_QUERIES} == {}
    assert counts == json.loads(WRITTEN.read_text())


def test_a_list_costs_the_same_however_much_there_is(
    cast: Cast, busy: Ticket, new_ticket: Callable[..., Ticket]
) -> None:
    browser = browser_of(cast.specialist)

    def cost() -> int:
        browser.get("/ticket/?show=all&page=2")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/ticket/?show=all&page=2")
        return len(asked)

    before = cost()
    for n in range(10):
        solved(worked_on(new_ticket(title=f"更多 {n}"), cast), cast)
    assert cost() == before

"""Every address × everybody × somebody else's ticket: never an error, never a leak, and always the same answer.

What each may open is written down in `pages.txt`, to be read. `UPDATE_MATRIX=1 pytest tests/matrix -n0` writes it anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.matrix.conftest import CUSTOMER, KNOWLEDGE, NOTE, TITLE
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from people.models import User
    from tests.matrix.conftest import Scene

TABLE = Path(__file__).with_name("pages.txt")
PEOPLE = (
    "nobody",
    "specialist",
    "other_specialist",
    "account_manager",
    "engineer",
    "other_engineer",
    "trainer",
    "consultant",
    "rd_engineer",
    "supervisor",
    "director",
    "finance",
    "contact",
    "admin",
    "sales",
    "foreign_contact",
    "former_contact",
)
OUTSIDERS = {"nobody", "rd_engineer", "finance", "sales", "foreign_contact", "former_contact"}
"""Those who may know nothing of the ticket."""
CUSTOMERS = {"nobody", "contact", "foreign_contact", "former_contact"}
"""Those who may know nothing of what colleagues tell one another."""
SENDERS = (*sorted(OUTSIDERS), "specialist", "engineer", "director", "contact", "admin")
"""Those who send something: each has another right, and what the others may is tried where it is declared."""
_WORDS = {
    200: "opens",
    204: "does",
    400: "bad request",
    403: "refused",
    404: "not there",
    405: "not so",
    409: "not now",
}


def browser(user: User | None) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def answer(response: Any) -> str:
    """What happened, in words."""
    if response.status_code in {301, 302}:
        where = response["Location"].partition("?")[0]
        return "asks for login" if "login" in where else "leads elsewhere"
    return _WORDS[response.status_code]


def body(response: Any) -> str:
    """All that a response tells."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    told = content.decode("utf-8", "replace")
    return told + str(dict(response.headers))


def test_everybody_is_in_the_table(scene: Scene) -> None:
    assert set(scene.people) == set(PEOPLE)


@pytest.mark.parametrize("who", PEOPLE)
def test_what_everybody_may_open(scene: Scene, who: str) -> None:
    found: dict[str, list[str]] = {}
    client = browser(scene.people[who])
    for address in scene.addresses:
        response = client.get(address.path)
        assert response.status_code < 500, address
        told = body(response)
        if who in OUTSIDERS:
            assert TITLE not in told, address
        if who in OUTSIDERS & CUSTOMERS:
            assert CUSTOMER not in told, address
        if who in OUTSIDERS | CUSTOMERS:
            assert NOTE not in told, address
        if who in CUSTOMERS:
            assert KNOWLEDGE not in told, address
        found.setdefault(answer(response), []).append(address.name)
    compare(who, found)


def compare(who: str, found: dict[str, list[str]]) -> None:
    """Compare with what is written down, or write it down."""
    told = [f"== {who}", *(f"{what}: {', '.join(sorted(set(names)))}" for what, names in sorted(found.items()))]
    written = sections()
    if os.environ.get("UPDATE_MATRIX"):
        written[who] = told
        text = "\n\n".join("\n".join(written[each]) for each in PEOPLE if each in written)
        TABLE.write_text(f"{text}\n", encoding="utf-8")
    assert told == written.get(who)


def sections() -> dict[str, list[str]]:
    """The table by people."""
    parts = TABLE.read_text(encoding="utf-8").strip().split("\n\n") if TABLE.exists() else []
    return {part.splitlines()[0].removeprefix("== "): part.splitlines() for part in parts if part}


def footprint(scene: Scene) -> Any:
    """What the ticket is, and all that was said of it."""
    return Record.objects.values().get(pk=scene.ticket.pk), Entry.objects.count(), Record.objects.count()


RUBBISH = {
    "version": "-1",
    "key": "\x00" * 9,
    "handler": "' OR 1=1",
    "text": "<script>",
    "customer": "99999999999999999999",
    "deadline": "[]",
    "people": "x",
    "next": "https://evil.example/",
}


@pytest.mark.parametrize("sent", [{}, RUBBISH], ids=["nothing", "rubbish"])
@pytest.mark.parametrize("who", SENDERS)
def test_whatever_anybody_sends_is_answered_and_outsiders_change_nothing(
    scene: Scene, who: str, sent: dict[str, str]
) -> None:
    before, client = footprint(scene), browser(scene.people[who])
    for address in scene.addresses:
        if address.name.startswith("admin:") or address.name == "desk:logout" or "looking" in address.name:
            continue
        response = client.post(address.path, sent)
        assert response.status_code < 500, address
        assert "evil.example" not in response.headers.get("Location", ""), address
        if who in OUTSIDERS:
            assert TITLE not in body(response), address
            assert footprint(scene) == before, address
    assert footprint(scene)[0]["number"] == before[0]["number"]


def test_a_page_that_is_not_there_tells_outsiders_the_same_as_one_that_they_may_not_see(scene: Scene) -> None:
    finance = browser(scene.people["finance"])
    hidden = finance.get(f"/ticket/{scene.ticket.number}/")
    absent = finance.get("/ticket/TK-19990101-0001/")
    assert hidden.status_code == absent.status_code == 404


ODD = (
    "/ticket/TK-20260101-99999999999/",
    "/ticket/TK-20260101-0001%00/",
    "/files/99999999999999999999999/",
    "/deadlines/0/",
    "/customers/9223372036854775808/",
    "/ticket/?page=-1",
    "/ticket/?page=99999999999999999999",
    "/ticket/?page=x&sort=__class__&order=;DROP",
    "/ticket/?q=%00",
    "/ticket/?state=nowhere&severity=9&handler=%27",
    "/ticket/?customer=99999999999999999999999",
    "/find/customers/?q=%00%FF",
    "/search/?q=" + "x" * 5000,
    "/reports/?period=free&since=9999-12-31&until=9999-12-31&by=x",
    "/reports/?period=free&since=0001-01-01&until=0001-01-01",
    "/reports/?kind=%00&board=%27&period=x",
    "/handbook/TKT-01/cases/?person=99999999999999999999&department=%00&page=-1",
    "/ticket/?waits_for=x&waiting=9&response=no&response_from=x&waits_role=%00",
    "/ticket/?accepted_from=0001-01-01&accepted_to=9999-12-31&response_to=9999-12-31",
    "/handbook/..%2F..%2Fetc%2Fpasswd/",
    "/notices/9223372036854775807/",
    "/exports/99999999999999999999999/file/",
    "/exports/9223372036854775808/?x=%00",
    "/live/?export=%00&export=9223372036854775808&record=TK-20260101-0001&tab=%00&verb=%FF",
    "/%E4%B8%AD/",
    "/Ticket/",
    "/login/?next=https://evil.example/",
    "/look/?next=//evil.example/",
    "/portal/issues/%00/",
    "/portal/new/nothing/",
    "/admin/workflow/record/999999999999999999999/change/",
)


def test_no_address_however_odd_is_an_error(scene: Scene) -> None:
    for who in ("nobody", "engineer", "contact", "admin"):
        client = browser(scene.people[who])
        for path in ODD:
            response = client.get(path)
            assert response.status_code < 500, (who, path)
            assert "evil.example" not in response.headers.get("Location", "").partition("?")[0], (who, path)

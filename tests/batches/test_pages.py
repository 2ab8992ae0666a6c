"""The pages of batches: a campaign looked at beforehand and begun, watched, cancelled and fetched by its own person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.test import Client

from batches import making
from batches.models import Batch, Item, Trace
from documents import previews
from documents.models import Document

if TYPE_CHECKING:
    from people.models import User
    from tests.batches.conftest import Ask, Many
    from tests.cast import Cast


pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def browser_of(user: User) -> Client:
    """A browser in which somebody is logged in, reading English."""
    type(user).objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def _quickly(printer: list[str]) -> None:
    """No page waits for a printer here."""


def said(**changed: Any) -> dict[str, Any]:
    campaign = {"names": "", "goal": "print", "format": "pdf", "in_service": "on"} | changed
    return {"form": "Serv103", "key": "a" * 32, **{f"campaign-{name}": value for name, value in campaign.items()}}


def test_a_campaign_is_looked_at_beforehand_and_nothing_is_made_for_that(cast: Cast, form: str, many: Many) -> None:
    customers, browser = many(4), browser_of(cast.specialist)
    assert "?form=Serv103" in browser.get("/batches/new/").content.decode()
    names = f"{customers[0].name}\n {customers[1].name} \n\n{customers[0].name}"
    page = browser.post("/batches/new/", said(names=names) | {"contract_no": "HT-2026-9"}).content.decode()
    assert "2 documents, for 2 customers." in page
    assert "HT-2026-9" in page
    assert customers[0].name in page
    assert 'name="begin"' in page
    assert not Batch.objects.exists()
    answer = browser.post("/batches/new/", said(names=names) | {"contract_no": "HT-2026-9", "begin": "1"})
    batch = Batch.objects.get()
    assert answer["Location"] == f"/batches/{batch.pk}/"
    making.run(60)
    document: Any = Document.objects.order_by("pk")[0]
    assert document.values["contract_no"] == "HT-2026-9"
    assert document.values["customer_name"] == customers[0].name


def test_the_first_of_a_campaign_is_looked_at_on_paper_by_whoever_plans_it_alone(
    cast: Cast, form: str, many: Many, printer: list[str]
) -> None:
    names, browser = "\n".join(customer.name for customer in many(2)), browser_of(cast.specialist)
    page = browser.post("/batches/new/", said(names=names) | {"contract_no": "HT-2026-9"}).content.decode()
    address = re.findall(r'href="(/batches/preview/[^"]+)"', page)[0]
    assert "being made" in browser.get(address).content.decode()
    assert browser.get(address, headers=HTMX).status_code == 204
    previews.make_proposed(address.split("/")[-2])
    assert browser.get(address, headers=HTMX)["HX-Redirect"] == address
    assert browser.get(address).content.startswith(b"%PDF")
    assert browser_of(cast.account_manager).get(address).status_code == 404
    assert browser.get("/batches/preview/nothing/").status_code == 404
    assert not Document.objects.exists()


def test_customers_are_chosen_by_what_is_known_of_them(cast: Cast, form: str, many: Many, university: Any) -> None:
    many(3)
    owner = {"account_manager": cast.account_manager.pk}
    page = browser_of(cast.specialist).post("/batches/new/", said(**owner)).content.decode()
    assert "1 document, for 1 customer." in page
    page = browser_of(cast.specialist).post("/batches/new/", said(region=university.region.pk)).content.decode()
    assert "4 documents, for 4 customers." in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"names": "nobody\nno one"}, "2 names are no customer"),
        ({"goal": "steal"}, "valid choice"),
        ({"until": "2031-01-01"}, "within a year"),
        ({"region": "999999"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(
    cast: Cast, form: str, many: Many, wrong: dict[str, Any], words: str
) -> None:
    many(1)
    answer = browser_of(cast.specialist).post("/batches/new/", said(**wrong) | {"begin": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert wrong.get("names", "") in page
    assert not Batch.objects.exists()


@pytest.mark.parametrize("part", ["finance", "rd_engineer", "contact"])
def test_campaigns_are_not_begun_by_others(cast: Cast, form: str, part: str) -> None:
    browser = browser_of(vars(cast)[part])
    assert browser.get("/batches/new/").status_code == 403
    assert browser.post("/batches/new/", said(begin="1")).status_code == 403


def test_progress_is_the_servers_and_survives_the_page(cast: Cast, ask: Ask) -> None:
    batch, browser = ask(count=3, goal="print"), browser_of(cast.specialist)
    making._step(batch.pk)
    making._step(batch.pk)
    page = browser.get(f"/batches/{batch.pk}/").content.decode()
    assert "1 of 3 documents" in page
    assert "every 2s" in page
    assert '<progress max="100" value="33"' in page
    making.run(60)
    part = browser.get(f"/batches/{batch.pk}/", headers=HTMX).content.decode()
    assert "<html" not in part
    assert "every 2s" not in part
    assert f"/batches/{batch.pk}/file/" in part
    answer: Any = browser.get(f"/batches/{batch.pk}/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Trace.objects.filter(what="downloaded", by=cast.specialist).count() == 1


@pytest.mark.parametrize("part", ["other_specialist", "director", "admin", "contact"])
def test_nobody_sees_or_touches_somebody_elses_batch(cast: Cast, ask: Ask, part: str) -> None:
    batch = ask(count=1, goal="print")
    making.run(60)
    other, refused = browser_of(vars(cast)[part]), {403} if part == "contact" else {404}
    for path in ("", "file/"):
        assert other.get(f"/batches/{batch.pk}/{path}").status_code in refused
    assert other.post(f"/batches/{batch.pk}/cancel/").status_code in refused
    if part != "contact":
        assert f"/batches/{batch.pk}/" not in other.get("/batches/").content.decode()
    assert not Trace.objects.filter(what="downloaded").exists()


def test_a_batch_is_cancelled_by_its_person(cast: Cast, ask: Ask) -> None:
    batch, browser = ask(count=3), browser_of(cast.specialist)
    assert "cancelled" in browser.post(f"/batches/{batch.pk}/cancel/", follow=True).content.decode()
    assert "come to its end before" in browser.post(f"/batches/{batch.pk}/cancel/", follow=True).content.decode()
    assert "This file is not there any more." in browser.get(f"/batches/{batch.pk}/file/", follow=True).content.decode()


def test_what_was_left_out_can_be_read_alone_and_many_items_page_by_page(cast: Cast, ask: Ask) -> None:
    batch, browser = ask(count=60, goal="print"), browser_of(cast.specialist)
    Item.objects.filter(batch=batch, position=57).update(stage="refused", why="<b>evil</b>")
    Batch.objects.update(refused=1)
    assert "?from=50" in browser.get(f"/batches/{batch.pk}/").content.decode()
    page = browser.get(f"/batches/{batch.pk}/?show=refused").content.decode()
    assert "&lt;b&gt;evil" in page
    assert page.count("<tr>") == 2


def test_chosen_documents_and_whole_lists_are_fetched_from_their_list(cast: Cast, made: Ask) -> None:
    made(count=3)
    documents, browser = list(Document.objects.order_by("pk")), browser_of(cast.specialist)
    assert "/batches/fetch/?list=" in browser.get("/document/?show=all").content.decode()
    chosen = [f"{document.number}.{document.version}" for document in documents[:2]]
    assert "2 documents. What is final" in browser.get("/batches/fetch/", {"chosen": chosen}).content.decode()
    address = f"/batches/fetch/?list={quote('show=all')}"
    assert "3 documents. What is final" in browser.get(address).content.decode()
    answer = browser.post("/batches/fetch/", {"chosen": chosen, "format": "zip", "key": "b" * 32})
    batch = Batch.objects.latest("pk")
    assert (answer["Location"], batch.total) == (f"/batches/{batch.pk}/", 2)
    answer = browser.post("/batches/fetch/", {"chosen": ["x"], "format": "zip", "key": "c" * 32})
    assert (answer.status_code, b"nothing to be done" in answer.content) == (422, True)

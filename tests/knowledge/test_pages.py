"""The reading pages of both faces: who reads what, votes, pictures, the preview, hostile text, and what they cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from knowledge.models import Article, Topic, Use, Vote
from tests.browser.house import PICTURE
from tests.cast import act
from tests.knowledge.conftest import BODY, TITLE, article_data
from workflow.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from people.models import User
    from tests.cast import Cast, University
    from tickets.models import Ticket

    Write = Callable[..., Article]

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) {{ 7 }} \u202e"


def browser_of(user: User) -> Client:
    client = Client()
    type(user).objects.filter(pk=user.pk).update(language="en")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(cast: Cast, university: University) -> Client:
    """A colleague of another department, who may read what is published."""
    return browser_of(cast.finance)


@pytest.fixture
def portal(cast: Cast, university: University) -> Client:
    """A customer's contact."""
    return browser_of(cast.contact)


@pytest.fixture
def own_files(tmp_path: Path, settings: Any) -> None:
    """Uploads go where the test can leave them."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.mark.rule("TKT-25")
def test_colleagues_read_all_that_is_published_and_customers_what_is_for_them(
    desk: Client, portal: Client, write: Write
) -> None:
    for_all = write(until="published")
    inside = write(title="只给同事看", audience="staff", until="published")
    draft = write(title="还在写")
    paths = [f"/knowledge/{article.number}/" for article in (for_all, inside, draft)]
    assert [desk.get(path).status_code for path in paths] == [200, 200, 404]
    assert [portal.get(f"/portal{path}").status_code for path in paths] == [200, 404, 404]
    shelf = portal.get("/portal/knowledge/").content.decode()
    assert TITLE in shelf
    assert "只给同事看" not in shelf
    assert "还在写" not in desk.get("/knowledge/").content.decode()


def test_a_customer_reads_nothing_on_the_desk_and_a_colleague_nothing_in_the_portal(
    desk: Client, portal: Client, write: Write
) -> None:
    article = write(until="published")
    assert portal.get(f"/knowledge/{article.number}/").status_code == 403
    assert portal.get(f"/article/{article.number}/").status_code == 403
    assert desk.get(f"/portal/knowledge/{article.number}/").status_code == 302
    assert Client().get(f"/portal/knowledge/{article.number}/").status_code == 302


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        *(("转码", 1), ("课件", 1), ("清理队列", 1), ("重启 转码", 1), ("KB-", 1), ("码", 1)),
        *(("采购", 0), ("%", 0), ("x" * 500, 0)),
    ],
)
def test_what_is_looked_for_is_found_in_title_text_and_tags(desk: Client, write: Write, asked: str, found: int) -> None:
    write(until="published")
    assert desk.get("/knowledge/", {"q": asked}).content.decode().count(TITLE) == found


def test_what_is_called_so_comes_before_what_only_speaks_of_it(desk: Client, write: Write) -> None:
    write(title="转码服务的重启", until="published")
    write(title="课件打不开", body="先看转码队列。", tags="", until="published")
    page = desk.get("/knowledge/", {"q": "转码"}).content.decode()
    assert page.index("转码服务的重启") < page.index("课件打不开")


def test_a_topic_holds_what_is_about_its_parts(desk: Client, write: Write) -> None:
    write(until="published")
    for topic, found in (("technical", 1), ("fault", 1), ("application", 0), ("' OR 1=1", 1), ("nowhere", 1)):
        assert desk.get("/knowledge/", {"topic": topic}).content.decode().count(TITLE) == found


def test_pages_that_are_not_there_are_the_nearest(desk: Client, write: Write) -> None:
    write(until="published")
    for page in ("0", "-1", "999999999999", "x", "\x00", "٣"):
        assert desk.get("/knowledge/", {"page": page}).status_code == 200


def test_readers_vote_once_and_may_change_their_mind(desk: Client, portal: Client, write: Write, cast: Cast) -> None:
    article = write(until="published")
    for answer in ("yes", "no", "perhaps", ""):
        portal.post(f"/portal/knowledge/{article.number}/vote/", {"useful": answer})
    desk.post(f"/knowledge/{article.number}/vote/", {"useful": "yes"})
    assert set(Vote.objects.values_list("user", "useful")) == {(cast.contact.pk, False), (cast.finance.pk, True)}
    assert portal.get(f"/portal/knowledge/{article.number}/vote/").status_code == 405
    page = desk.get(f"/knowledge/{article.number}/").content.decode()
    assert "helped 1 reader" in page
    assert 'value="yes" aria-pressed="true"' in page


def test_nobody_votes_on_what_they_may_not_read(portal: Client, write: Write) -> None:
    article = write(audience="staff", until="published")
    assert portal.post(f"/portal/knowledge/{article.number}/vote/", {"useful": "yes"}).status_code == 404
    assert not Vote.objects.exists()


def test_a_forged_vote_is_refused(cast: Cast, write: Write, university: University) -> None:
    article = write(until="published")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.contact, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(f"/portal/knowledge/{article.number}/vote/", {"useful": "yes"}).status_code == 403


@pytest.mark.usefixtures("own_files")
def test_a_picture_that_the_text_calls_is_shown_and_no_other_file(cast: Cast, portal: Client, write: Write) -> None:
    files = [SimpleUploadedFile(name, PICTURE, "image/png") for name in ("登录错误.png", "内部.png")]
    article = write(body=f"{BODY}\n\n![页面](登录错误.png)", files={"files": files}, until="published")
    called, inside = (Attachment.objects.get(name=name) for name in ("登录错误.png", "内部.png"))
    address = f"/portal/knowledge/{article.number}/files/{called.pk}/"
    assert f'src="{address}"' in portal.get(f"/portal/knowledge/{article.number}/").content.decode()
    assert portal.get(address).status_code == 200
    assert portal.get(f"/portal/knowledge/{article.number}/files/{inside.pk}/").status_code == 404
    assert portal.get(f"/portal/files/{called.pk}/").status_code == 404


@pytest.mark.usefixtures("own_files")
def test_a_picture_of_a_revision_is_not_shown_before_it_is_published(
    cast: Cast, desk: Client, write: Write, held_clock: Callable[[datetime], Any]
) -> None:
    first = [SimpleUploadedFile("图.png", PICTURE, "image/png")]
    article = write(body="![图](图.png)", files={"files": first}, until="published")
    old = Attachment.objects.get()
    held_clock(clock.now() + timedelta(hours=1))
    act(article, "revise", cast.engineer, reason="换图")
    again = {"files": [SimpleUploadedFile("图.png", PICTURE, "image/png")]}
    act(article, "edit", cast.engineer, files=again, title="新的题目")
    new = Attachment.objects.exclude(pk=old.pk).get()
    assert f"/files/{old.pk}/" in desk.get(f"/knowledge/{article.number}/").content.decode()
    assert desk.get(f"/knowledge/{article.number}/files/{new.pk}/").status_code == 404


@pytest.mark.parametrize("field", ["title", "body", "tags", "product"])
def test_hostile_text_is_shown_as_text_wherever_it_stands(
    cast: Cast, desk: Client, portal: Client, write: Write, field: str
) -> None:
    article = write(**{field: HOSTILE if field != "product" else HOSTILE[:60]}, until="published")
    staff = browser_of(cast.specialist)
    pages = [
        (portal, "/portal/knowledge/"),
        (portal, f"/portal/knowledge/{article.number}/"),
        (desk, "/knowledge/"),
        (desk, f"/knowledge/{article.number}/"),
        (staff, "/article/?show=all"),
        (staff, f"/article/{article.number}/"),
        (staff, f"/article/{article.number}/print/"),
        (staff, "/find/similar/?kind=ticket&title=alert script"),
    ]
    for browser, address in pages:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert 'href="javascript' not in page, address


def test_the_preview_shows_what_becomes_of_a_text_and_keeps_nothing(desk: Client, portal: Client) -> None:
    page = desk.post("/knowledge/preview/", {"body": f"## 现象\n\n{HOSTILE}"}).content.decode()
    assert "<h2>现象</h2>" in page
    assert "<script" not in page
    assert "Nothing is written yet" in desk.post("/knowledge/preview/", {}).content.decode()
    assert portal.post("/knowledge/preview/", {"body": "x"}).status_code == 403
    assert not Article.objects.exists()


@pytest.mark.rule("TKT-25")
def test_beside_a_ticket_stands_what_is_known_and_the_way_to_write_it_up(
    cast: Cast, write: Write, ticket: Ticket
) -> None:
    article = write(until="published")
    engineer = browser_of(cast.engineer)
    record = engineer.get(f"/ticket/{ticket.number}/").content.decode()
    assert f'hx-get="/knowledge/beside/{ticket.number}/"' in record
    beside = engineer.get(f"/knowledge/beside/{ticket.number}/", headers={"HX-Request": "true"}).content.decode()
    assert f"/knowledge/{article.number}/?with={ticket.number}" in beside
    assert f"/article/new/?source={ticket.number}" in beside
    page = engineer.get(f"/article/new/?source={ticket.number}").content.decode()
    assert "重启登录网关" in page
    assert "13800138000" not in page
    engineer.post(f"/knowledge/{article.number}/use/", {"record": ticket.number})
    assert Use.objects.get().record_id == ticket.pk
    made = Article()
    act(made, "write", cast.engineer, **article_data(source=ticket.number))
    beside = engineer.get(f"/knowledge/beside/{ticket.number}/").content.decode()
    assert made.number in beside
    assert "/article/new/" not in beside


def test_beside_a_ticket_that_somebody_may_not_see_there_is_nothing(
    desk: Client, write: Write, ticket: Ticket, cast: Cast
) -> None:
    article = write(until="published")
    assert desk.get(f"/knowledge/beside/{ticket.number}/").status_code == 404
    assert desk.get("/knowledge/beside/TK-19990101-0001/").status_code == 404
    assert desk.post(f"/knowledge/{article.number}/use/", {"record": ticket.number}).status_code == 404
    assert ticket.title not in desk.get(f"/knowledge/{article.number}/?with={ticket.number}").content.decode()


def test_while_a_ticket_is_logged_what_is_known_is_shown(cast: Cast, write: Write, university: University) -> None:
    article = write(until="published")
    specialist = browser_of(cast.specialist)
    for title, known in (("课件一直转码", True), ("采购", False)):
        page = specialist.get(f"/find/similar/?kind=ticket&title={title}").content.decode()
        assert (f"/knowledge/{article.number}/" in page) is known


COSTS = {"shelf": 7, "searched": 7, "article": 7, "beside": 11, "list": 5, "record": 14, "portal shelf": 6, "portal": 5}


def test_reading_costs_what_is_written_down_however_much_there_is(
    cast: Cast, write: Write, ticket: Ticket, portal: Client
) -> None:
    article = write(until="published")
    for n in range(6):
        write(title=f"{TITLE} {n}", until="published")
    staff = browser_of(cast.specialist)
    pages = {
        "shelf": (staff, "/knowledge/"),
        "searched": (staff, "/knowledge/?q=转码"),
        "article": (staff, f"/knowledge/{article.number}/"),
        "beside": (staff, f"/knowledge/beside/{ticket.number}/"),
        "list": (staff, "/article/?show=all"),
        "record": (staff, f"/article/{article.number}/"),
        "portal shelf": (portal, "/portal/knowledge/"),
        "portal": (portal, f"/portal/knowledge/{article.number}/"),
    }
    found = {}
    for name, (browser, address) in pages.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        found[name] = len(queries)
    assert found == COSTS


def test_every_topic_has_a_name_in_both_languages(seeded: None) -> None:
    assert Topic.objects.count() > 10
    assert all(topic.name_zh and topic.name_en for topic in Topic.objects.all())


@pytest.mark.parametrize(("kind", "rule"), [("digest", "TKT-25"), ("opinions", "TKT-26")])
def test_a_list_on_which_all_is_done_says_what_would_be_here_and_leads_to_what_is_done(
    cast: Cast, kind: str, rule: str
) -> None:
    page = browser_of(cast.specialist).get(f"/{kind}/").content.decode()
    assert rule in page[page.index('class="empty"') :]
    assert f'href="/{kind}/?show=all"' in page[page.index('class="empty"') :]
    assert "Nothing here." in browser_of(cast.specialist).get(f"/{kind}/?show=mine").content.decode()

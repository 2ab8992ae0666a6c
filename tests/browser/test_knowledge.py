"""Knowledge from one ticket to the next, in the browsers of those who write, review, read, judge and use it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core import clock
from knowledge import services
from knowledge.models import Article, Digest, Rhythm, Summary, Use, Vote
from tests.browser.house import PICTURE, solved, worked_on
from tests.browser.test_accessibility import LANGUAGES, examine, look_closely, reader
from tests.cast import act
from tests.knowledge.conftest import article_data
from tests.support.browser import PHONE
from tickets.models import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.cast import Cast
    from tests.support.browser import Window
    from tickets.models import Ticket

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RICH = "\n\n".join(
    (
        *("## 现象", "1. 一\n2. 二", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |", "> 提示", "```\nrestart\n```"),
        "[链接](https://docs.example/)",
    )
)


def press(window: Window, article: Article, verb: str) -> Page:
    """Perform a verb that asks for nothing that must be said."""
    page = window.go(f"/article/{article.number}/")
    page.locator(f"[data-verb={verb}]").click()
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    expect(page.locator("main > .note-success")).to_be_visible()
    return page


@pytest.mark.rule("TKT-25")
def test_an_article_made_of_a_ticket_is_reviewed_published_found_judged_and_used(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    body = "张老师反映课件转码一直停在百分之九十，电话 13800138000。"
    ticket = solved(worked_on(new_ticket(title="课件转码停在百分之九十", body=body), cast), cast)
    engineer = window(cast.engineer)
    article = written_up(engineer, ticket)
    press(engineer, article, "submit")
    specialist = window(cast.specialist)
    expect(specialist.go("/").locator(f"a[href='/article/{article.number}/approve/']")).to_be_visible()
    press(specialist, article, "approve")
    press(specialist, article, "publish")

    guest = window(cast.contact, viewport=PHONE, has_touch=True, is_mobile=True)
    found_and_judged(guest, article)
    assert Vote.objects.get(article=article).user == cast.contact

    another = worked_on(new_ticket(title="上传课件以后转码停住"), cast)
    page = engineer.go(f"/ticket/{another.number}/")
    page.locator(f".beside-list a[href*='/knowledge/{article.number}/']").click()
    page.locator("form[action$='/use/'] button").click()
    expect(page.locator(".reading-used")).to_be_visible()
    assert Use.objects.get(article=article).record_id == another.pk
    expect(engineer.go(f"/ticket/{another.number}/").locator(".timeline")).to_contain_text(article.number)


def written_up(engineer: Window, ticket: Ticket) -> Article:
    """An article made of a ticket, from the ticket's own page, with a picture."""
    page = engineer.go(f"/ticket/{ticket.number}/")
    page.locator(f"a[href$='/article/new/?source={ticket.number}']").click()
    expect(page.locator("#id_title")).to_have_value("课件转码停在百分之九十")
    text = page.locator("#id_body").input_value()
    assert "重启登录网关" in text
    assert "13800138000" not in text
    assert "张老师" not in text
    page.fill("#id_body", f"{text}\n\n![转码页面](转码.png)")
    page.locator(".preview-do button").click()
    expect(page.locator("#id_body_preview h2").first).to_be_visible()
    page.set_input_files("#id_files", {"name": "转码.png", "mimeType": "image/png", "buffer": PICTURE})
    page.select_option("#id_audience", "customers")
    page.locator("form[data-draft] [data-default]").click()
    page.wait_for_url("**/article/KB-*/")
    return Article.objects.get(parent=ticket.pk)


def found_and_judged(guest: Window, article: Article) -> None:
    """A customer finds an article on a phone, reads it, and says that it has helped."""
    page = guest.go("/portal/")
    page.locator(".page-do a[href='/portal/knowledge/']").tap()
    page.fill("#shelf-q", "转码")
    page.keyboard.press("Enter")
    page.locator(f"a[href='/portal/knowledge/{article.number}/']").tap()
    expect(page.locator(".richtext img")).to_be_visible()
    page.locator("button[name=useful][value=yes]").tap()
    expect(page.locator("button[name=useful][value=yes]")).to_have_attribute("aria-pressed", "true")
    assert guest.wider_than_the_screen() == []


@pytest.mark.rule("TKT-25")
def test_what_is_known_is_shown_while_a_ticket_is_logged(cast: Cast, window: Open) -> None:
    article = published(cast, title="移动端签到一直转圈", body="清理网关缓存。")
    specialist = window(cast.specialist)
    page = specialist.go("/ticket/new/")
    page.fill("#id_title", "手机移动端签到转圈")
    expect(page.locator(f"#similar a[href='/knowledge/{article.number}/']")).to_be_visible()


def test_what_is_known_comes_beside_a_ticket_and_takes_the_focus_from_nobody(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    published(cast, title="移动端签到一直转圈", body="清理网关缓存。")
    ticket = new_ticket(title="移动端签到一直转圈")
    page = window(cast.specialist).go(f"/ticket/{ticket.number}/")
    expect(page.locator(".beside-list a").first).to_contain_text("签到")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement === document.body")


def published(cast: Cast, **said: str) -> Article:
    """An article that can be read."""
    article = Article()
    act(article, "write", cast.engineer, **article_data(**said))
    act(article, "submit", cast.engineer)
    act(article, "approve", cast.specialist)
    act(article, "publish", cast.specialist)
    return article


def gathered(cast: Cast, new_ticket: New) -> tuple[Digest, Summary]:
    """A digest and a summary of the last month."""
    if not Digest.objects.exists():
        ticket = worked_on(new_ticket(title="成绩册无法导出"), cast)
        said = {"contacted_by": Channel.objects.get(code="phone").pk, "person": "张老师", "summary": "进度"}
        act(ticket, "log_contact", cast.specialist, **said, opinion_kind="suggestion", opinion="希望批量导出")
        act(solved(ticket, cast), "confirm", cast.specialist, satisfaction=4, comment="好")
        now = clock.local(clock.now())  # one month is over then, whatever day it is, and no other
        Rhythm.objects.update(done_until=now.date().replace(day=1))
        with clock.held(now.replace(day=1) + timedelta(days=40)):
            services.gather_what_is_due()
    return Digest.objects.get(), Summary.objects.get()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_knowledge_base(cast: Cast, new_ticket: New, window: Open, language: str) -> None:
    article = published(cast, title=f"课件转码 {language}", body=RICH)
    ticket = solved(worked_on(new_ticket(title="课件转码失败"), cast), cast)
    digest, summary = gathered(cast, new_ticket)
    opened = reader(window, cast.specialist, language)
    reading = ["/knowledge/", "/knowledge/?q=nowhere", f"/knowledge/{article.number}/?with={ticket.number}"]
    records = ["/article/?show=all", f"/article/{article.number}/", f"/article/new/?source={ticket.number}"]
    records += [f"/knowledge/beside/{ticket.number}/", f"/article/{article.number}/revise/"]
    records += [f"/digest/{digest.number}/", f"/opinions/{summary.number}/", f"/opinions/{summary.number}/print/"]
    records += [f"/opinions/{summary.number}/summarise/", f"/digest/{digest.number}/finish/"]
    examine(opened, [*reading, *records])
    page = opened.go("/article/new/")
    page.fill("#id_body", RICH)
    page.locator(".preview-do button").click()
    page.locator("#id_body_preview h2").wait_for()
    assert not (found := look_closely(opened)), "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_knowledge_base_of_the_customers(cast: Cast, window: Open, language: str) -> None:
    article = published(cast, title=f"签到说明 {language}")
    guest = reader(window, cast.contact, language)
    examine(guest, ["/portal/knowledge/", "/portal/knowledge/?q=nowhere", f"/portal/knowledge/{article.number}/"])

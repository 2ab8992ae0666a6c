"""Text of any kind is text: it is not run, it does not break the page, and it does not make it heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import worked_on
from tests.cast import act
from tests.support.browser import DESK, PHONE
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.support.browser import Window
    from tickets.models import Ticket

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">{{ 7|add:1 }}"
TEXTS = {
    "script": SCRIPT,
    "right-to-left": "مرحبا بالعالم \u202e gnp.exe עברית",
    "zero-width": "零\u200b宽\u200d字\ufeff符" * 8,
    "emoji": "👩‍🔬🇨🇳😀" * 20,
    "one word": "W" * 190,
    "marks": "Z̸̧̢̛͓̟̣̹̱̳͔̜̱͋̓͗̄̈̓̆͘͝" * 4,
    "tall han": "𠮷龘靐齉" * 30,
}
HEAVIEST = 60 * 1024


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_is_shown_as_text(cast: Cast, new_ticket: New, window: Open, kind: str) -> None:
    text = TEXTS[kind]
    ticket = worked_on(new_ticket(title=text[:190], body=text * 3), cast)
    act(ticket, "note", cast.engineer, text=text * 5)
    opened = window(cast.specialist)
    for address in (f"/ticket/{ticket.number}/", "/ticket/?show=all", "/", f"/ticket/{ticket.number}/correct/"):
        page = opened.go(address)
        assert opened.wider_than_the_screen() == []
        assert "taken" not in page.title() or kind == "script"
        assert page.locator("main img[src=x], main script").count() == 0
        page.set_viewport_size(PHONE)
        assert opened.wider_than_the_screen() == []
        page.set_viewport_size(DESK)
    ticket.refresh_from_db()
    opened.go(f"/ticket/{ticket.number}/")
    assert page.locator("h1").inner_text().strip() == " ".join(ticket.title.split())
    guest = window(cast.contact, viewport=PHONE)
    guest.go(f"/portal/issues/{ticket.number}/")
    assert guest.wider_than_the_screen() == []


def test_what_finders_and_toasts_show_is_text(cast: Cast, new_ticket: New, window: Open) -> None:
    specialist, engineer = window(cast.specialist), window(cast.engineer)
    engineer.page.clock.install()
    engineer.go("/")
    ticket = new_ticket(title=SCRIPT)
    page = specialist.go("/")
    page.keyboard.press("/")
    page.keyboard.type(ticket.number)
    expect(page.locator(".jump [role=option]").first).to_contain_text("<script>")
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    engineer.page.clock.fast_forward(11_000)
    expect(engineer.page.locator(".toast-note").first).to_be_visible()
    for opened in (page, engineer.page):
        assert "taken" not in opened.title()
        assert opened.locator("img[src=x]").count() == 0


def test_a_paste_of_a_megabyte_is_kept_or_refused_in_words_and_the_page_stays_light(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    ticket = worked_on(new_ticket(title="日志贴了一整页"), cast)
    specialist = window(cast.specialist)
    page = specialist.go(f"/ticket/{ticket.number}/note/")
    page.evaluate("document.getElementById('id_text').value = ('ERROR 日志 '.repeat(25) + '\\n').repeat(3600)")
    with specialist.expects(422):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.evaluate("document.querySelector('form[data-draft]').requestSubmit()")
        refused, kept = page.locator("#id_text_error"), page.locator("main > .note-success")
        expect(refused.or_(kept)).to_be_visible()
    assert Entry.objects.filter(record=ticket.pk, verb="note").exists() == bool(kept.count())
    answer = page.request.get(f"{specialist.home}/ticket/{ticket.number}/")
    assert len(answer.body()) <= HEAVIEST

"""axe finds nothing where R&D's JIRA shows: on its page, where something is ignored, and on a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jira import polling
from jira.models import Connection, Issue, Outgoing
from tests.browser.house import worked_on
from tests.browser.test_accessibility import LANGUAGES, examine, reader
from tests.cast import act
from tests.jira.conftest import QUESTION, connect
from tests.jira.conftest import jira as jira  # noqa: PLC0414 - a fixture
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Stand
    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window
    from tests.support.jira import FakeJira

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def out_of_step(stand: Stand, jira: FakeJira) -> None:
    """An answer that lacks something, a ticket that came back by hand, and an issue that JIRA refuses."""
    connect(jira.origin)
    outbox.drain()
    jira.moves("RD-1", "Done", "done", "Fixed", advice="升级到 9.2", result="已恢复")
    jira.says("RD-1", "请提供网关日志")
    polling.poll()
    for how in (0, 400):
        ticket = worked_on(stand.new_ticket(title="成绩导出后乱码"), stand.cast)
        act(ticket, "escalate_to_rd", stand.cast.engineer, **QUESTION)
        if how:
            jira.fail("POST .*/issue$", how)
        outbox.drain()
        if not how:
            said = {"method": "改编码", "advice": "升级", "result": "正常"}
            act(ticket, "return_from_rd", stand.cast.rd_engineer, **said)


def test_the_pages_on_which_jira_shows(
    house: House, stand: Stand, cast: Cast, window: Callable[..., Window], jira: FakeJira
) -> None:
    out_of_step(stand, jira)
    issue, message = Issue.objects.exclude(lacks=[]).get(), Outgoing.objects.get(failed_at__isnull=False)
    pages = ["/jira/", f"/jira/issue/{issue.pk}/ignore/", f"/jira/message/{message.pk}/ignore/"]
    try:
        for language in LANGUAGES:
            opened = reader(window, cast.director, language)
            examine(opened, [*pages, f"/ticket/{issue.record.number}/"])
            with opened.expects(422):
                opened.go(pages[1])
                opened.page.locator("form button.btn-main").last.click()
                opened.page.locator(".fault").wait_for()
    finally:
        Connection.objects.update(active=False)

"""A text message leads whoever is asked to the decision too, where that is switched on; a group's robot nobody."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

from decisions.models import DecisionLink
from notifications.channels import sms
from notifications.kinds import Kind
from notifications.models import Robot, Sending, SmsGateway
from notifications.preferences import choose
from tests.decisions.conftest import browser_of, links_of
from tests.notifications.conftest import service
from tests.workflow.approvals.conftest import say
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.notifications.conftest import Service
    from tests.workflow.approvals.conftest import Signers

    Remind = Callable[..., None]

__all__ = ("service",)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _text_messages(service: Service, signers: Signers) -> None:
    """A provider is set up, and the reviewer of finance wants none."""
    cache.clear()
    SmsGateway.objects.create(name="短信", url=f"{service.origin}/sms", signature="服务部", active=True)
    for number, user in enumerate((signers.service, signers.finance)):
        user.mobile, user.language = f"1381234000{number}", "en"
        user.save()
    for kind in Kind:
        choose(signers.service, kind, "sms", on=True)
        choose(signers.finance, kind, "sms", on=False)


def texts(service: Service) -> list[tuple[str, str]]:
    """To whom text messages went, and what they said."""
    return [(payload["phone"], payload["content"]) for path, _headers, payload in service.requests if path == "/sms"]


def test_whoever_wants_text_messages_is_led_to_the_decision_by_the_link_that_the_mail_bears(
    asked: Contract, signers: Signers, service: Service, remind: Remind
) -> None:
    remind()
    (link,) = links_of(signers.service)
    told = texts(service)
    assert {phone for phone, _text in told} == {signers.service.mobile}
    assert all(text.startswith("【服务部】") and text.endswith(link) for _phone, text in told)
    assert all(len(text) <= 210 for _phone, text in told)
    browser = browser_of(signers.service)
    assert browser.get(link)["Location"] == f"/contract/{asked.number}/#decide"
    assert browser.post(f"/contract/{asked.number}/agree/", {}).status_code == 302
    entry = Entry.objects.filter(record=asked).latest("seq")
    assert (entry.verb, entry.channel) == ("agree", "mail")
    assert browser.get(link).status_code == 410


def test_who_is_not_asked_is_led_nowhere(asked: Contract, signers: Signers, service: Service, remind: Remind) -> None:
    say(asked, "agree", signers.service)
    say(asked, "copy_to", signers.vice, people=[signers.service.pk])
    remind()
    told = [text for phone, text in texts(service) if phone == signers.service.mobile]
    assert told
    assert not [text for text in told if "/decide/" in text]


def test_a_groups_robot_leads_nobody_to_a_decision(
    asked: Contract, signers: Signers, service: Service, remind: Remind
) -> None:
    Robot.objects.create(
        name="群", service="wecom", webhook=f"{service.origin}/send?key=k", kinds=list(Kind.values), language="en"
    )
    remind()
    posted = [str(payload) for path, _headers, payload in service.requests if path != "/sms"]
    assert posted
    assert not [text for text in posted if "/decide/" in text]


def test_no_row_and_no_log_holds_what_opens_the_page(
    asked: Contract, signers: Signers, remind: Remind, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    SmsGateway.objects.update(active=False)
    settings.DEMO = True
    with caplog.at_level(logging.INFO):
        remind()
    assert "text message to …0000" in caplog.text
    assert "/decide/" not in caplog.text
    token = DecisionLink.objects.get(user=signers.service).token
    assert len(token) == 24
    assert not [row for row in Sending.objects.values() if token in str(row)]


def test_a_long_title_is_cut_and_the_link_is_whole(asked: Contract, signers: Signers, remind: Remind) -> None:
    from dataclasses import replace

    from notifications.channels.base import Parcel
    from notifications.models import Notice
    from notifications.rendering import message_of

    remind()
    notice = Notice.objects.with_context().filter(recipient=signers.service).first()
    assert notice is not None
    message = replace(message_of(notice), title="长" * 300, path=f"/decide/{'x' * 24}/", led=True)
    text = sms.with_link(sms.text_of(Parcel("k", "1", "en", (message,))), Parcel("k", "1", "en", (message,)))
    assert len(text) <= 200
    assert text.endswith(message.url)

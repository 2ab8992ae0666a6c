"""A mail leads whoever is asked to the decision, once, and decides nothing; everybody else is told why not."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from core import clock
from core.masking import WithoutLinks
from decisions.links import LIFE
from decisions.models import DecisionLink
from people.models import Substitution
from tests.cast import person
from tests.decisions.conftest import browser_of, links_of, mails_of
from tests.workflow.approvals.conftest import say
from workflow.models import Entry, Opinion

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers

    Remind = Callable[..., None]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_knocked() -> None:
    cache.clear()


def agree(browser: Client, contract: Contract, **said: Any) -> Any:
    return browser.post(f"/contract/{contract.number}/agree/", said)


def last(contract: Contract) -> Entry:
    return Entry.objects.filter(record=contract).latest("seq")


def test_who_is_asked_is_led_to_the_decision_and_the_act_bears_the_mails_mark(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind()
    (address,) = links_of(signers.service)
    assert links_of(signers.finance) != [address], "each has a link of the own"
    browser = browser_of(signers.service)
    for _twice in range(2):
        answer = browser.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/contract/{asked.number}/#decide")
        assert answer["Referrer-Policy"] == "strict-origin"
    asked.refresh_from_db()
    assert asked.state == "in_review"
    assert not Opinion.objects.exists(), "looking decides nothing"
    assert agree(browser, asked).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, last(asked).channel, last(asked).actor) == ("leader_approval", "mail", signers.service)
    link = DecisionLink.objects.get(user=signers.service)
    assert (link.used_at, link.entry) == (last(asked).at, last(asked))
    answer = browser.get(address)
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "used this link already" in page
    assert f"/contract/{asked.number}/" in page


def test_an_act_without_the_link_bears_no_mark_and_leaves_it_unused(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind()
    assert agree(browser_of(signers.service), asked).status_code == 302
    assert last(asked).channel == "web"
    assert not DecisionLink.objects.exclude(used_at=None).exists()


def test_whoever_comes_late_is_told_by_whom_it_was_decided_and_led_to_the_record(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind()
    say(asked, "agree", signers.finance)
    (address,) = links_of(signers.service)
    answer = browser_of(signers.service).get(address)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "梁财审 decided at" in page
    assert f'href="/contract/{asked.number}/"' in page


def test_a_link_leads_nowhere_for_anybody_else(asked: Contract, signers: Signers, remind: Remind) -> None:
    remind()
    (address,) = links_of(signers.service)
    answer = browser_of(signers.outsider).get(address)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "高审核" in page
    assert asked.number not in page
    colleague = browser_of(signers.finance)
    assert colleague.get(address).status_code == 403
    assert agree(colleague, asked).status_code == 302
    assert last(asked).channel == "web"


def test_whoever_is_not_logged_in_logs_in_first_and_learns_nothing_before(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind()
    (address,) = links_of(signers.service)
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={address}")
    assert DecisionLink.objects.get(user=signers.service).opened_at is None
    assert Client().get(f"/decide/{'x' * 43}/").status_code == 302, "nor whether there is such a link"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_but_looking_is_possible_behind_the_link(
    asked: Contract, signers: Signers, remind: Remind, method: str
) -> None:
    remind()
    (address,) = links_of(signers.service)
    assert getattr(browser_of(signers.service), method)(address).status_code == 405
    asked.refresh_from_db()
    assert asked.state == "in_review"


def test_a_link_ends_after_its_time_and_the_next_mail_bears_a_new_one(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind()
    (address,) = links_of(signers.service)
    browser = browser_of(signers.service)
    browser.get(address)
    with clock.held(clock.now() + LIFE + timedelta(hours=1)):
        answer = browser.get(address)
        assert answer.status_code == 410
        assert "still waits for you" in answer.content.decode()
        assert agree(browser, asked).status_code == 302
        assert last(asked).channel == "web"
    remind(LIFE + timedelta(hours=1))
    assert not links_of(signers.service)[1:], "nobody who has decided is reminded"


def test_the_next_reminder_bears_the_same_link_while_it_is_open(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind()
    before = len(mails_of(signers.service))
    remind(timedelta(minutes=61))
    assert len(mails_of(signers.service)) > before
    (address,) = links_of(signers.service)
    DecisionLink.objects.update(expires_at=clock.now())
    remind(timedelta(hours=49))
    assert links_of(signers.service) == [address], "nobody was told anything new"
    say(asked, "press_decision", signers.author)
    remind(timedelta(minutes=5))
    first, second = links_of(signers.service)
    assert first == address != second


def test_whoever_is_asked_is_led_there_as_soon_as_the_step_begins(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    remind(timedelta(0))
    assert (len(links_of(signers.service)), len(links_of(signers.finance)), links_of(signers.vice)) == (1, 1, [])
    say(asked, "agree", signers.service)
    remind(timedelta(0))
    assert len(links_of(signers.vice)) == 1


def test_what_is_refused_leaves_the_link_open(asked: Contract, signers: Signers, remind: Remind) -> None:
    remind()
    (address,) = links_of(signers.service)
    browser = browser_of(signers.service)
    browser.get(address)
    answer = browser.post(f"/contract/{asked.number}/reject/", {"opinion": ""})
    assert answer.status_code == 422
    assert DecisionLink.objects.get(user=signers.service).used_at is None
    assert browser.post(f"/contract/{asked.number}/reject/", {"opinion": "不可", "ground": "price"}).status_code == 302
    assert last(asked).channel == "mail"


def test_a_substitute_gets_a_link_of_the_own_and_decides_for_who_is_away(
    asked: Contract, signers: Signers, remind: Remind
) -> None:
    deputy = person("deputy", "代理人", "rd_engineer", department="rd")
    now = clock.now()
    Substitution.objects.create(
        principal=signers.service, substitute=deputy, starts_at=now, ends_at=now + timedelta(days=1)
    )
    remind()
    (address,) = links_of(deputy)
    browser = browser_of(deputy)
    assert browser.get(address).status_code == 302
    agree(browser, asked)
    assert (last(asked).actor, last(asked).on_behalf_of, last(asked).channel) == (deputy, signers.service, "mail")


def test_mails_of_those_who_are_not_asked_lead_to_the_record(asked: Contract, signers: Signers, remind: Remind) -> None:
    remind()
    say(asked, "agree", signers.service)
    mail.outbox.clear()
    remind(timedelta(minutes=90))
    assert links_of(signers.vice)
    assert not links_of(signers.service)
    assert not links_of(signers.finance)


def test_no_row_and_no_log_holds_what_opens_the_page(asked: Contract, signers: Signers, remind: Remind) -> None:
    remind()
    (address,) = links_of(signers.service)
    token = address.split("/")[2]
    kept = DecisionLink.objects.values_list("seed", "token_hash")
    assert all(token not in value for row in kept for value in row)
    line = logging.LogRecord("x", logging.INFO, "x", 1, "GET %s?next=%s", (address, address), None)
    WithoutLinks().filter(line)
    assert token not in line.getMessage()


def test_guessing_is_slowed_down(asked: Contract, signers: Signers) -> None:
    browser = browser_of(signers.outsider)
    statuses = [browser.get(f"/decide/{'x' * 40}{n}/").status_code for n in range(22)]
    assert statuses == [404] * 20 + [429] * 2

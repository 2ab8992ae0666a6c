"""Deciding on the record's page: the sheet, what is kept of it, and what is said to those who come too late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from people.models import Substitution
from tests.workflow.approvals.conftest import say, submitted
from workflow.models import Opinion, OpinionDraft, Step, WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from contracts.models import Contract
    from people.models import User
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import Checklist, ReviewPolicy

    Browser = Callable[[User], Client]
    Policy = Callable[..., ReviewPolicy]

pytestmark = pytest.mark.django_db


def post(browser: Client, contract: Contract, verb: str, **said: Any) -> Any:
    return browser.post(f"/contract/{contract.number}/{verb}/", said, headers={"HX-Request": "true"})


def page(browser: Client, contract: Contract) -> str:
    return browser.get(f"/contract/{contract.number}/").content.decode()


@pytest.fixture
def asked(contract: Contract, signers: Signers, policy: Policy, checklist: Checklist) -> Contract:
    """A contract that waits for its service reviewer with a checklist of two, then for the vice president."""
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"), checklists=[checklist.code])
    return submitted(contract, signers.author)


ALL_PASS: dict[str, Any] = {"verdict_0": "pass", "verdict_1": "pass"}


@pytest.mark.rule("CON-15", "CON-16", "CON-17", "CON-18")
def test_the_sheet_asks_every_item_and_nobody_agrees_with_one_unanswered_or_a_concern(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    reviewer = browser_of(signers.service)
    told = page(reviewer, asked)
    assert "Price" in told
    assert "/handbook/CON-16/" in told
    assert told.count("data-check>") == 2
    answer = post(reviewer, asked, "agree", verdict_0="pass", opinion="可以")
    assert answer.status_code == 422
    assert "可以" in answer.content.decode()
    answer = post(reviewer, asked, "agree", verdict_0="pass", verdict_1="concern", comment_1="条款不明")
    assert answer.status_code == 422
    assert "With a concern on record nobody agrees" in answer.content.decode()
    assert "条款不明" in answer.content.decode()
    assert post(reviewer, asked, "agree", verdict_0="pass", verdict_1="concern").status_code == 422
    assert not Opinion.objects.exists()
    assert post(reviewer, asked, "agree", **ALL_PASS).status_code == 204
    assert Opinion.objects.get().answers["two.price"]["verdict"] == "pass"


def test_a_decision_against_needs_words_and_no_checklist(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    reviewer = browser_of(signers.service)
    for verb in ("send_back", "reject"):
        answer = post(reviewer, asked, verb)
        assert answer.status_code == 422
        assert "Say what stands against it." in answer.content.decode()
        assert "Say what kind of reason it is." in answer.content.decode()
    assert (
        post(
            reviewer, asked, "send_back", opinion="价格太低", ground="price", verdict_0="concern", comment_0="太低"
        ).status_code
        == 204
    )
    asked.refresh_from_db()
    assert asked.state == "returned"
    assert "太低" in page(browser_of(signers.author), asked)


def test_what_one_has_begun_to_write_is_there_on_any_device_and_for_nobody_else(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    reviewer = browser_of(signers.service)
    said = {
        "opinion": "还要再看付款条款",
        "ground": "payment",
        "verdict_0": "concern",
        "comment_0": "偏低",
        "verdict_1": "nonsense",
    }
    answer = post(reviewer, asked, "opinion", **said)
    assert answer.status_code == 200
    assert "only you can see it" in answer.content.decode()
    told = page(browser_of(signers.service), asked)
    assert "还要再看付款条款" in told
    assert 'value="偏低"' in told
    assert '<option value="payment" selected>' in told
    assert "What you had begun at" in told
    assert Opinion.objects.count() == 0
    for other in (signers.vice, signers.author, signers.admin):
        assert "还要再看付款条款" not in page(browser_of(other), asked)
    assert post(reviewer, asked, "agree", **ALL_PASS).status_code == 204
    assert not OpinionDraft.objects.exists()


def test_nobody_keeps_an_opinion_where_none_is_asked(asked: Contract, signers: Signers, browser_of: Browser) -> None:
    for user in (signers.vice, signers.author, signers.admin):
        browser = browser_of(user)
        if browser.get(f"/contract/{asked.number}/").status_code == 200:
            assert post(browser, asked, "opinion", opinion="x").status_code == 409
        else:
            assert post(browser, asked, "opinion", opinion="x").status_code == 404
    assert not OpinionDraft.objects.exists()


def test_a_second_decision_is_told_who_decided_when_and_what_was_written_stays(
    contract: Contract, signers: Signers, policy: Policy, checklist: Checklist, browser_of: Browser
) -> None:
    both = [signers.service, signers.other_service]
    policy(("review", both, "any"), ("leader", [signers.vice], "all"), checklists=[checklist.code])
    submitted(contract, signers.author)
    step = Step.objects.get(outcome="open")
    say(contract, "agree", signers.service, **ALL_PASS)
    late = browser_of(signers.other_service)
    answer = post(late, contract, "agree", opinion="我也同意", step=step.pk, comment_0="价格合适", **ALL_PASS)
    told = answer.content.decode()
    assert answer.status_code == 403
    assert "高审核 decided at" in told
    assert "Nothing has changed. What you have written stands below." in told
    assert "我也同意" in told
    assert 'value="价格合适"' in told
    assert Opinion.objects.count() == 1


def test_what_was_withdrawn_meanwhile_is_said_and_what_was_written_stays(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    step = Step.objects.get(outcome="open")
    say(asked, "withdraw", signers.author)
    answer = post(browser_of(signers.service), asked, "agree", opinion="同意", step=step.pk, **ALL_PASS)
    assert answer.status_code in {403, 409}
    assert "同意" in answer.content.decode()
    assert not Opinion.objects.exists()


def test_a_sheet_of_an_earlier_step_decides_nothing_on_a_later_one(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    policy(("review", [signers.service], "all"), ("head", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    first = Step.objects.get(outcome="open")
    reviewer = browser_of(signers.service)
    assert post(reviewer, contract, "agree", step=first.pk).status_code == 204
    answer = post(reviewer, contract, "agree", step=first.pk)
    assert answer.status_code == 422
    assert "The step that you read is over" in answer.content.decode()
    assert Opinion.objects.count() == 1


@pytest.mark.rule("CON-20")
def test_who_has_decided_before_is_told_what_has_changed_since(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    say(asked, "send_back", signers.service, opinion="价格太低")
    asked.refresh_from_db()
    asked.text = "第一条 续签两年。"
    asked.save()
    submitted(asked, signers.author)
    told = page(browser_of(signers.service), asked)
    assert "Changed since you last decided: Contract text" in told
    assert f"/contract/{asked.number}/versions/?from=1&amp;to=2" in told
    assert "Changed since you last decided" not in page(browser_of(signers.vice), asked)


def test_a_substitute_decides_on_the_principals_sheet_and_the_page_says_so(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    now = clock.now()
    Substitution.objects.create(
        principal=signers.service,
        substitute=signers.other_service,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )
    substitute = browser_of(signers.other_service)
    assert "You act for 高审核" in page(substitute, asked)
    assert post(substitute, asked, "agree", **ALL_PASS).status_code == 204
    assert "罗审核 for 高审核" in page(browser_of(signers.admin), asked)


def test_who_was_asked_for_an_opinion_has_a_sheet_of_its_own(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    say(asked, "consult", signers.service, person=signers.rd.pk, question="接口是否可行")
    asked_one = browser_of(signers.rd)
    told = page(asked_one, asked)
    assert "高审核 asks for your opinion" in told
    assert "接口是否可行" in told
    assert post(asked_one, asked, "opinion", opinion="大致可行", consulted="1").status_code == 200
    assert "大致可行" in page(asked_one, asked)
    assert post(asked_one, asked, "advise", opinion="可行").status_code == 204
    assert "可行" in page(browser_of(signers.service), asked)


def test_the_first_page_leads_to_the_sheet_and_the_next_thing_is_one_key_away(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    reviewer = browser_of(signers.service)
    home = reviewer.get("/").content.decode()
    assert f'href="/contract/{asked.number}/#decide"' in home
    assert ">Decide<" in home
    assert "from 林销售" in home
    answer = reviewer.get("/next/")
    assert answer.headers["Location"] == f"/contract/{asked.number}/#decide"
    assert post(reviewer, asked, "agree", **ALL_PASS).status_code == 204
    assert 'data-key="next"' not in page(reviewer, asked)
    assert reviewer.get("/next/").headers["Location"] == "/"
    vice = browser_of(signers.vice)
    assert vice.get(f"/next/?from={asked.number}").headers["Location"] == f"/contract/{asked.number}/#decide"
    assert WorkItem.objects.open().count() == 1


def test_colleagues_are_named_by_typing_and_several_at_once(
    asked: Contract, signers: Signers, browser_of: Browser
) -> None:
    reviewer = browser_of(signers.service)
    form = reviewer.get(f"/contract/{asked.number}/add_signer/").content.decode()
    assert 'data-typeahead="people"' in form
    assert "罗审核" not in form
    answer = post(reviewer, asked, "add_signer", people_text="宋研审，无此人", where="beside", reason="看一下")
    assert answer.status_code == 422
    assert "“无此人” is not found" in answer.content.decode()
    answer = post(reviewer, asked, "add_signer", people_text="林销售", where="beside", reason="看一下")
    assert answer.status_code == 422
    said = {"people": [signers.finance.pk], "people_text": "宋研审", "where": "beside", "reason": "看一下"}
    assert post(reviewer, asked, "add_signer", **said).status_code == 204
    told = page(reviewer, asked)
    assert "added beside by 高审核" in told
    assert "宋研审" in told
    assert "梁财审" in told


def test_pressing_says_how_often_it_can_still_be_done(asked: Contract, signers: Signers, browser_of: Browser) -> None:
    author = browser_of(signers.author)
    assert "3 reminders are left" in author.get(f"/contract/{asked.number}/press_decision/").content.decode()
    post(author, asked, "press_decision")
    post(author, asked, "press_decision")
    assert "1 reminder is left" in author.get(f"/contract/{asked.number}/press_decision/").content.decode()
    assert "pressed 2 of 3 times" in page(author, asked)


@pytest.mark.parametrize("said", [{"step": "x" * 40}, {"step": "9" * 19}, {"verdict_0": ["a", "b"]}, {"back_to": "∞"}])
def test_whatever_is_sent_is_answered_and_changes_nothing(
    asked: Contract, signers: Signers, browser_of: Browser, said: dict[str, Any]
) -> None:
    for verb in ("agree", "send_back", "opinion"):
        assert post(browser_of(signers.service), asked, verb, **said).status_code in {200, 422}
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("in_place", [True, False])
def test_open_remarks_are_told_on_the_sheet_also_after_it_came_back_with_a_fault(
    asked: Contract, signers: Signers, browser_of: Browser, *, in_place: bool
) -> None:
    entry = say(asked, "remark", signers.service, text="十日太短")
    reviewer, headers = browser_of(signers.service), {"HX-Request": "true"} if in_place else {}
    address = f"/contract/{asked.number}/"
    told = f'1 remark is not settled. <a href="{address}#discussion">'
    assert told in reviewer.get(address).content.decode()
    assert told in reviewer.get(f"{address}agree/", headers=headers).content.decode()
    answer = reviewer.post(f"{address}agree/", {"verdict_0": "pass"}, headers=headers)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    say(asked, "settle_remark", signers.service, about=entry.seq, text="已说明")
    answer = reviewer.post(f"{address}agree/", {"verdict_0": "pass"}, headers=headers)
    assert "not settled" not in answer.content.decode()

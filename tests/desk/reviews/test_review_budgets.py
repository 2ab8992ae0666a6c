"""What the pages of a review cost: as often as is written down, and no more with thirty versions and 200 opinions."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from desk.timelines import SHOWN
from tests.workflow.approvals.conftest import say, submitted
from workflow.models import Opinion, Round, Seat, Step, Version

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from contracts.models import Contract
    from people.models import User
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Browser = Callable[[User], Client]
    Policy = Callable[..., ReviewPolicy]

pytestmark = pytest.mark.django_db

HEAVIEST = 60 * 1024
MOST = 15
COUNTS = {"": 15, "versions/": 8, "versions/2/": 10, "rounds/": 9, "agree/": 10, "print/": 14}


def costs(browser: Client, contract: Contract) -> dict[str, int]:
    """How many queries each page asks."""
    found = {}
    for name in PAGES:
        address = f"/contract/{contract.number}/{name}"
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(address)
        assert answer.status_code == 200, name
        assert len(answer.content) < HEAVIEST or name in WHOLE, (name, len(answer.content))
        found[name] = len(asked)
    return found


PAGES = ("", "versions/", "versions/2/", "rounds/", "agree/", "print/")
WHOLE = {"versions/", "rounds/", "print/"}
"""Pages that tell all that was ever said."""


def again(contract: Contract, times: int) -> None:
    """The first round as often again, before the last one: version, step, seats and opinions, each with its entry."""
    first = contract.rounds.get(number=1)
    last = contract.rounds.latest("number")
    rows = list(Opinion.objects.filter(version=first.version_id).select_related("entry", "seat").order_by("pk"))
    for n in range(2, 2 + times):
        version = Version.objects.create(
            record=contract,
            number=100 + n,
            content=first.version.content,
            digest=first.version.digest,
            made_at=clock.now(),
        )
        made = Round.objects.create(
            record=contract, number=last.number + n, version=version, started_at=clock.now(), outcome="returned"
        )
        step = Step.objects.create(
            round=made, position=1, code="review1", stage="review", name_zh="评审", name_en="Review", outcome="returned"
        )
        for at, row in enumerate(rows):
            seat = Seat.objects.create(
                step=step, user=row.by, origin="policy", outcome="agreed", set_at=clock.now(), closed_at=clock.now()
            )
            entry = copy(row.entry)
            entry.pk, entry.key, entry.seq = None, None, 10_000 + n * 100 + at
            entry.save(force_insert=True)
            Opinion.objects.create(
                seat=seat, version=version, entry=entry, decision="agreed", text="同意", by=row.by, at=clock.now()
            )
    Round.objects.filter(pk=last.pk).update(number=last.number + 200)


def test_they_ask_as_often_as_is_written_down_however_much_has_been_said(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser, held_clock: Any
) -> None:
    six = [signers.finance, signers.rd, signers.head, signers.vice, signers.ops, signers.other_service]
    policy(("review", six, "all"), ("head", [signers.service], "all"))
    submitted(contract, signers.author)
    for each in six:
        say(contract, "agree", each, opinion="同意")
    say(contract, "remark", signers.ops, text="再看")
    say(contract, "send_back", signers.service, opinion="请改")
    contract.text = f"{contract.text}\n再改一次。"
    contract.save()
    submitted(contract, signers.author)
    for each in six:
        say(contract, "agree", each, opinion="同意")
    browser = browser_of(signers.service)
    before = costs(browser, contract)
    again(contract, 28)
    assert contract.versions.count() == 30
    assert Opinion.objects.count() > 200
    assert costs(browser, contract) == before
    assert before == COUNTS, before
    assert max(before.values()) <= MOST


def test_what_was_said_long_ago_is_still_read_where_it_was_settled_or_waits(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser, held_clock: Any
) -> None:
    policy(("review", [signers.finance], "all"))
    submitted(contract, signers.author)
    say(contract, "remark", signers.finance, text="第一条是老问题")
    for number in range(SHOWN + 5):
        say(contract, "note", signers.author, text=f"备注 {number}")
    said = browser_of(signers.finance).get(f"/contract/{contract.number}/").content.decode()
    timeline = said.partition('id="timeline-title"')[2]
    assert "第一条是老问题" in said
    assert "第一条是老问题" not in timeline
    assert f"备注 {SHOWN + 4}" in timeline

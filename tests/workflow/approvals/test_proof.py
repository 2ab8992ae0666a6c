"""What was decided stays decided: versions and opinions cannot be changed, and the timeline seals them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from tests.workflow.approvals.conftest import say, submitted
from workflow.approvals import versions
from workflow.models import Entry, Opinion, Round, Seat, Step, Version
from workflow.timeline import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def decided(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.service, opinion="同意")
    return contract


def refused(change: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


def test_nobody_changes_or_removes_a_version_or_an_opinion(decided: Contract) -> None:
    assert refused(lambda: Version.objects.update(content={}))
    assert refused(lambda: Version.objects.update(digest="0"))
    assert refused(lambda: Opinion.objects.update(text="不同意"))
    assert refused(lambda: Opinion.objects.update(decision="rejected"))
    assert refused(lambda: Opinion.objects.all()._raw_delete("default"))


def test_a_seat_a_step_and_a_round_that_are_over_stay_as_they_were(decided: Contract, signers: Signers) -> None:
    assert refused(lambda: Seat.objects.filter(user=signers.service).update(outcome="rejected"))
    assert refused(lambda: Step.objects.filter(position=1).update(outcome="rejected"))
    say(decided, "reject", signers.vice, opinion="不批")
    assert refused(lambda: Round.objects.update(outcome="passed"))


def test_an_opinion_stands_on_the_sealed_timeline_with_the_version_it_is_about(decided: Contract) -> None:
    opinion = Opinion.objects.get()
    entry = Entry.objects.get(pk=opinion.entry_id)
    assert entry.verb == "agree"
    assert entry.data["said"]["opinion"] == "同意"
    assert entry.data["decided"]["version"] == opinion.version.number == 1
    assert list(faults(decided, list(decided.entries.order_by("seq")))) == []


def test_a_version_proves_that_it_is_whole(decided: Contract) -> None:
    version = Version.objects.get()
    assert versions.is_whole(version)
    version.content["text"] = "第一条 续签十年。"
    assert not versions.is_whole(version)


def test_differences_are_told_field_by_field_row_by_row_and_within_a_text() -> None:
    before = {
        "amount": "100.00",
        "lines": [{"key": 1, "price": "60.00"}, {"key": 2, "price": "40.00"}],
        "text": "甲方于十日内付款。",
    }
    after = {
        "amount": "90.00",
        "lines": [{"key": 1, "price": "50.00"}, {"key": 3, "price": "40.00"}],
        "text": "甲方于三十日内付款。",
    }
    found = {change.path: (change.before, change.after) for change in versions.differences(before, after)}
    assert found == {
        ("amount",): ("100.00", "90.00"),
        ("lines", "1", "price"): ("60.00", "50.00"),
        ("lines", "3"): (None, {"price": "40.00"}),
        ("lines", "2"): ({"price": "40.00"}, None),
        ("text",): (before["text"], after["text"]),
    }
    text = next(change for change in versions.differences(before, after) if change.path == ("text",))
    assert text.pieces == [("same", "甲方于"), ("new", "三"), ("same", "十日内付款。")]
    assert versions.differences(after, after) == []

"""Whoever sends back or rejects says what kind of reason it is: kept with the opinion, sealed, and counted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from people.models import User
from tests.workflow.approvals.conftest import say, submitted
from workflow.models import Entry, Ground, Opinion
from workflow.refusals import InvalidData
from workflow.timeline import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def asked(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    return submitted(contract, signers.author)


def fields(refused: pytest.ExceptionInfo[InvalidData]) -> set[str]:
    return {reason.field for reason in refused.value.reasons}


@pytest.mark.parametrize("verb", ["send_back", "reject"])
@pytest.mark.parametrize("ground", ["", "nonsense", "7"])
@pytest.mark.rule("CON-20")
def test_nobody_sends_back_or_rejects_without_saying_what_kind_of_reason_it_is(
    asked: Contract, signers: Signers, verb: str, ground: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        say(asked, verb, signers.service, opinion="太贵", ground=ground)
    assert fields(refused) == {"ground"}
    asked.refresh_from_db()
    assert asked.state == "in_review"
    assert not Opinion.objects.exists()


@pytest.mark.rule("CON-20")
def test_the_kind_of_reason_is_kept_with_the_opinion_and_sealed_on_the_timeline(
    asked: Contract, signers: Signers
) -> None:
    say(asked, "send_back", signers.service, opinion="太贵", ground="price")
    opinion = Opinion.objects.get()
    assert opinion.ground == Ground.objects.get(code="price")
    entry = Entry.objects.get(pk=opinion.entry_id)
    assert entry.data["said"]["ground"] == {"zh": "价格或折扣", "en": "Price or discount"}
    assert entry.data["decided"]["ground"] == "price"
    assert list(faults(asked, list(asked.entries.order_by("seq")))) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.update(ground=Ground.objects.get(code="other"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.update(ground=None)


def test_an_agreement_has_no_kind_of_reason_even_if_one_was_chosen_on_the_sheet(
    asked: Contract, signers: Signers
) -> None:
    entry = say(asked, "agree", signers.service, ground="price")
    assert Opinion.objects.get().ground is None
    assert "ground" not in entry.data["decided"]


def test_what_is_another_process_s_or_no_longer_in_offer_cannot_be_given_and_what_was_given_stays(
    asked: Contract, signers: Signers
) -> None:
    say(asked, "send_back", signers.service, opinion="太贵", ground="price")
    dates, price = Ground.objects.get(code="dates"), Ground.objects.get(code="price")
    dates.kind = "ticket"
    dates.save()
    price.active = False
    price.save()
    say(asked, "submit", signers.author)
    for code in ("price", "dates"):
        with pytest.raises(InvalidData):
            say(asked, "send_back", signers.service, opinion="再改", ground=code)
    say(asked, "send_back", signers.service, opinion="再改", ground="papers")
    assert list(Opinion.objects.order_by("pk").values_list("ground__code", flat=True)) == ["price", "papers"]


def test_where_an_administrator_offers_none_words_will_do(asked: Contract, signers: Signers) -> None:
    for ground in Ground.objects.all():
        ground.active = False
        ground.save()
    say(asked, "send_back", signers.service, opinion="太贵", ground="")
    asked.refresh_from_db()
    assert asked.state == "returned"


def test_administrators_add_one_for_a_process_and_delete_none(asked: Contract, signers: Signers) -> None:
    boss = User.objects.create_superuser("root", "root@example.com", "x", display_name="根", language="en")
    desk = Client()
    desk.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    said = {"code": "liability", "name_zh": "违约责任", "name_en": "Liability", "position": "65", "active": "on"}
    answer = desk.post(reverse("admin:workflow_ground_add"), {**said, "kind": "nonsense"})
    assert answer.status_code == 200
    assert not Ground.objects.filter(code="liability").exists()
    assert desk.post(reverse("admin:workflow_ground_add"), {**said, "kind": "contract"}).status_code == 302
    made = Ground.objects.get(code="liability")
    assert desk.post(reverse("admin:workflow_ground_delete", args=[made.pk])).status_code == 403
    listed = desk.get(reverse("admin:workflow_ground_changelist")).content.decode()
    assert "Liability" in listed
    assert "every process" in listed
    say(asked, "reject", signers.service, opinion="责任不清", ground="liability")
    assert Opinion.objects.get().ground == made

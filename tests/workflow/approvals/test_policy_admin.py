"""Administrators make review policies by picking: what could never work is refused, and what it does is seen before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from people.models import User
from tests.workflow.approvals.conftest import submitted
from workflow.models import Checklist, ChecklistItem, Opinion, PolicyStep, ReviewPolicy, Round, Seat, Step, Version

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def desk(signers: Signers) -> Client:
    """The administrator's browser, in English."""
    boss = User.objects.create_superuser("root", "root@example.com", "x", display_name="根", language="en")
    client = Client()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    return client


def step(number: int, **said: Any) -> dict[str, Any]:
    """What the form says of a step."""
    usual: dict[str, Any] = {
        "position": number,
        "code": f"step{number}",
        "stage": "review",
        "name_zh": f"第{number}步",
        "name_en": f"Step {number}",
        "mode": "all",
        "needed": "",
        "parties": ["service_reviewer"],
        "people": [],
        "checklists": [],
        "least": "",
        "rule": "",
        "id": "",
    }
    return {f"steps-{number - 1}-{name}": value for name, value in (usual | said).items()}


def save(desk: Client, policy: ReviewPolicy, *steps: dict[str, Any], **said: Any) -> Any:
    """Send the policy's form with these steps in place of those that there are."""
    data: dict[str, Any] = {
        "name_zh": "评审",
        "name_en": "Review",
        "position": "1",
        "active": "on",
        "least": "",
        "reason_zh": "",
        "reason_en": "",
        "rule": "",
        "keeper": "",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": 0,
        "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 1000,
        **said,
    }
    for row in steps:
        data |= row
    return desk.post(reverse("admin:workflow_reviewpolicy_change", args=[policy.pk]), data)


def complaints(answer: Any) -> str:
    assert answer.status_code == 200
    with override("en"):
        return " ".join(str(error) for error in answer.context["errors"])


@pytest.fixture
def empty() -> ReviewPolicy:
    """A policy that is not in force yet."""
    return ReviewPolicy.objects.create(kind="contract", name_zh="评审", name_en="Review", active=False)


def test_a_new_policy_is_begun_with_its_process_and_is_not_in_force(desk: Client, signers: Signers) -> None:
    page = reverse("admin:workflow_reviewpolicy_add")
    shown = desk.get(page).content.decode()
    assert 'value="contract"' in shown
    assert 'value="ticket"' not in shown, "nobody decides on tickets"
    answer = desk.post(page, {"name_zh": "大额", "name_en": "Large", "kind": "contract", "position": "5"})
    made = ReviewPolicy.objects.get(name_en="Large")
    assert (made.kind, made.active) == ("contract", False)
    assert answer["Location"] == reverse("admin:workflow_reviewpolicy_change", args=[made.pk])


def test_steps_and_conditions_are_picked(desk: Client, empty: ReviewPolicy, signers: Signers) -> None:
    shown = desk.get(reverse("admin:workflow_reviewpolicy_change", args=[empty.pk])).content.decode()
    assert "head of the author" in shown
    assert 'value="deciders"' not in shown
    assert 'value="review_author"' not in shown, "nobody decides on their own work"
    answer = save(
        desk,
        empty,
        step(1, parties=["service_reviewer", "supervisor"], mode="any", people=[signers.rd.pk]),
        step(2, stage="leader", parties=["vice_president"], least="500000", steps_when=""),
        when__business=["new_sale", "more_users"],
        when__develops=["yes"],
        **{"steps-1-when__develops": ["yes"]},
    )
    assert answer.status_code == 302
    empty.refresh_from_db()
    assert empty.active
    assert empty.when == {"business": ["new_sale", "more_users"], "develops": ["yes"]}
    first, second = PolicyStep.objects.filter(policy=empty)
    assert (first.parties, list(first.people.all())) == (["service_reviewer", "supervisor"], [signers.rd])
    assert (second.when, str(second.least)) == ({"develops": ["yes"]}, "500000.00")
    again = desk.get(reverse("admin:workflow_reviewpolicy_change", args=[empty.pk])).content.decode()
    assert "kind: new sale / more users" in again


@pytest.mark.parametrize(
    ("steps", "said", "complaint"),
    [
        ([], {}, "at least one step"),
        ([step(1, parties=["salary_office"])], {}, "salary_office"),
        ([step(1, parties=["deciders"])], {}, "deciders"),
        ([step(1, stage="dance")], {}, "dance"),
        ([step(1, checklists=["nothing"])], {}, "nothing"),
        ([step(1, parties=[])], {}, "Say who is asked"),
        ([step(1, stage="customer")], {}, "passed by the author"),
        ([step(1, mode="vote")], {}, "how many votes"),
        ([step(1, mode="vote", needed="3")], {}, "only 2 would be asked"),
        ([step(1, mode="vote", needed="0")], {}, "greater than or equal to 1"),
        ([step(1), step(2, code="step1")], {}, "two steps with the code"),
        ([step(1, stage="leader"), step(2)], {}, "cannot come after"),
        ([step(1, least="-5")], {}, "greater than or equal to 0"),
        ([step(1, rule="CON-99")], {}, "CON-99"),
        ([step(1)], {"rule": "XYZ-1"}, "XYZ-1"),
        ([step(1)], {"when__business": ["bribery"]}, "bribery"),
    ],
)
def test_what_could_never_work_is_refused_at_its_place(
    desk: Client, empty: ReviewPolicy, steps: list[dict[str, Any]], said: dict[str, Any], complaint: str
) -> None:
    assert complaint in complaints(save(desk, empty, *steps, **said))
    empty.refresh_from_db()
    assert not empty.active
    assert not PolicyStep.objects.filter(policy=empty).exists()


def test_a_vote_that_can_be_reached_is_taken(desk: Client, empty: ReviewPolicy, signers: Signers) -> None:
    row = step(1, mode="vote", needed="3", people=[signers.vice.pk, signers.service.pk])
    assert save(desk, empty, row).status_code == 302, "two of the role, one of them by name as well, and one more"


def test_a_fact_that_a_process_has_lost_is_not_silently_forgotten(desk: Client, empty: ReviewPolicy) -> None:
    ReviewPolicy.objects.filter(pk=empty.pk).update(when={"colour": ["red"]})
    shown = desk.get(reverse("admin:workflow_reviewpolicy_change", args=[empty.pk])).content.decode()
    assert "colour: red" in shown


def test_a_preview_tells_who_decides_in_which_order_and_why(
    desk: Client, contract: Contract, signers: Signers, policy: Policy
) -> None:
    made = policy(("review", [signers.service], "all"), ("leader", ["vice_president"], "any"))
    ReviewPolicy.objects.filter(pk=made.pk).update(reason_en="The usual way", rule="CON-04")
    PolicyStep.objects.filter(policy=made, position=2).update(least="1000")
    page = desk.get(reverse("admin:workflow_reviewpolicy_preview", args=[made.pk])).content.decode()
    # The customer's agreement is the author's to see to: nobody else is asked.
    made.steps.create(position=3, code="customer", stage="customer", name_zh="客户", name_en="Customer")
    page = desk.get(reverse("admin:workflow_reviewpolicy_preview", args=[made.pk])).content.decode()
    assert "its author" in page
    assert "system_admin" not in page
    for words in (
        contract.number,
        "The usual way",
        "1. Step 1",
        "高审核",
        "only from CNY 1,000.00",
        "0 records are under",
    ):
        assert words in page, words
    submitted(contract, signers.author)
    page = desk.get(reverse("admin:workflow_reviewpolicy_preview", args=[made.pk])).content.decode()
    assert "1 record is under way" in page
    other = ReviewPolicy.objects.create(kind="contract", name_zh="别", name_en="Other", position=9)
    page = desk.get(reverse("admin:workflow_reviewpolicy_preview", args=[other.pk])).content.decode()
    assert "would go by another policy: Review" in page
    assert "has no step for it" in page


def test_an_edit_changes_no_round_under_way_and_stands_in_the_history(
    desk: Client, contract: Contract, signers: Signers, policy: Policy
) -> None:
    made = policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    first = PolicyStep.objects.get(policy=made)
    answer = save(
        desk,
        made,
        step(1, id=first.pk, name_en="Changed", parties=["finance_reviewer"]),
        **{"steps-INITIAL_FORMS": 1, "steps-0-policy": made.pk},
    )
    assert answer.status_code == 302
    assert Step.objects.get(round__record=contract).name_en == "Step 1"
    assert [seat.user for seat in Seat.objects.filter(step__round__record=contract)] == [signers.service]
    history = desk.get(reverse("admin:workflow_reviewpolicy_history", args=[made.pk])).content.decode()
    assert "Changed" in history


def test_a_checklist_in_use_asks_something_and_its_items_are_switched_off_not_deleted(
    desk: Client, checklist: Checklist
) -> None:
    page = reverse("admin:workflow_checklist_change", args=[checklist.pk])
    data: dict[str, Any] = {
        "name_zh": "两项",
        "name_en": "Two",
        "position": "0",
        "active": "on",
        "rule": "CON-16",
        "items-TOTAL_FORMS": 2,
        "items-INITIAL_FORMS": 2,
    }
    for place, item in enumerate(checklist.items.all()):
        data |= {
            f"items-{place}-id": item.pk,
            f"items-{place}-checklist": checklist.pk,
            f"items-{place}-position": item.position,
            f"items-{place}-code": item.code,
            f"items-{place}-text_zh": item.text_zh,
            f"items-{place}-text_en": item.text_en,
            f"items-{place}-DELETE": "on",
        }
    assert "at least one item" in complaints(desk.post(page, data))
    assert "CON-99" in complaints(desk.post(page, data | {"items-0-active": "on", "rule": "CON-99"}))
    assert desk.post(page, data | {"items-0-active": "on"}).status_code == 302
    assert ChecklistItem.objects.filter(checklist=checklist).count() == 2
    assert ChecklistItem.objects.filter(checklist=checklist, active=True).count() == 1


@pytest.mark.parametrize("model", [Version, Round, Step, Seat, Opinion])
def test_what_was_reviewed_is_read_and_never_written(
    desk: Client, contract: Contract, signers: Signers, policy: Policy, model: Any
) -> None:
    from tests.workflow.approvals.conftest import say

    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.service, opinion="同意")
    name = f"admin:workflow_{model._meta.model_name}"
    row = model.objects.first()
    assert desk.get(reverse(f"{name}_changelist")).status_code == 200
    assert desk.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert desk.get(reverse(f"{name}_add")).status_code == 403
    assert desk.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert desk.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_only_administrators_come_near_policies(contract: Contract, signers: Signers, policy: Policy) -> None:
    made = policy(("review", [signers.service], "all"))
    for user in (signers.author, signers.ops, signers.vice):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for page in ("change", "preview"):
            answer = client.get(reverse(f"admin:workflow_reviewpolicy_{page}", args=[made.pk]))
            assert answer.status_code in {302, 403}

"""Who works on what (TKT-07 to TKT-12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from core import clock
from people.models import Region, Role, Substitution, User
from tests.cast import act, person
from tickets import services
from tickets.models import IssueType, RoutingRule, Ticket
from workflow import sweep
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tickets.models import Ticket


def dispatched(new_ticket: Callable[..., Ticket], cast: Cast, **said: Any) -> Ticket:
    ticket = new_ticket(**said)
    act(ticket, "dispatch", cast.specialist)
    return ticket


@pytest.mark.rule("TKT-07")
def test_technical_issues_go_to_a_product_support_engineer(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched(new_ticket, cast, subtype="fault")
    assert ticket.handler == cast.engineer
    assert services.propose(ticket).rule == "TKT-07"


@pytest.mark.rule("TKT-08")
def test_application_issues_go_to_a_trainer(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    assert dispatched(new_ticket, cast, subtype="features").handler == cast.trainer


@pytest.mark.rule("TKT-08")
def test_advice_on_planning_is_an_application_issue_and_goes_to_a_trainer_by_default(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    assert dispatched(new_ticket, cast, subtype="planning").handler == cast.trainer


@pytest.mark.rule("TKT-09")
def test_requirements_go_to_the_customers_account_manager(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched(new_ticket, cast, subtype="new_feature")
    assert ticket.handler == cast.account_manager
    assert services.propose(ticket).rule == "TKT-09"


@pytest.mark.rule("TKT-10")
def test_training_requests_go_to_a_trainer(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched(new_ticket, cast, subtype="apply")
    assert ticket.handler == cast.trainer
    assert services.propose(ticket).rule == "TKT-10"


@pytest.mark.rule("TKT-11")
def test_other_issues_go_to_the_customers_account_manager(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched(new_ticket, cast, subtype="", issue_type=IssueType.objects.get(code="other").pk)
    assert ticket.handler == cast.account_manager
    assert services.propose(ticket).rule == "TKT-11"


@pytest.mark.rule("TKT-12")
def test_planning_and_tools_go_to_a_consultant_once_an_administrator_wants_it(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    RoutingRule.objects.filter(rule="TKT-12").update(active=True)
    assert dispatched(new_ticket, cast, subtype="planning").handler == cast.consultant
    assert dispatched(new_ticket, cast, subtype="tools").handler == cast.consultant
    assert dispatched(new_ticket, cast, subtype="features").handler == cast.trainer


@pytest.mark.rule("TKT-12")
@pytest.mark.parametrize("subtype", ["installation", "planning", "tools", "other_application"])
@pytest.mark.parametrize("who", ["handler", "specialist"])
def test_deployment_planning_and_tools_can_be_handed_to_a_consultant(
    new_ticket: Callable[..., Ticket], cast: Cast, subtype: str, who: str
) -> None:
    ticket = dispatched(new_ticket, cast, subtype=subtype)
    by = ticket.handler if who == "handler" else cast.specialist
    act(ticket, "hand_over", by, handler=cast.consultant.pk, done="了解需求", leftovers="规划")
    assert ticket.handler == cast.consultant


@pytest.mark.rule("TKT-12")
def test_other_issues_are_no_consultants_work(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched(new_ticket, cast, subtype="fault")
    with pytest.raises(InvalidData) as refused:
        act(ticket, "hand_over", cast.engineer, handler=cast.consultant.pk, done="d", leftovers="l")
    assert "TKT-12" in refused.value.reasons[0].message


def test_of_the_role_who_looks_after_the_region_goes_first_then_the_fewest_open_tickets(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    near = person("near", "近工", "support_engineer")
    near.regions.set(Region.objects.filter(code="north"))
    assert [dispatched(new_ticket, cast).handler for _ in range(4)] == [cast.engineer, near, cast.engineer, near]


def test_finished_tickets_do_not_count_as_work(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    near = person("near", "近工", "support_engineer")
    near.regions.set(Region.objects.filter(code="north"))
    first = dispatched(new_ticket, cast)
    act(first, "cancel", cast.specialist, reason="误录")
    assert dispatched(new_ticket, cast).handler == cast.engineer


def test_where_nobody_looks_after_the_region_the_fewest_open_tickets_decide(
    new_ticket: Callable[..., Ticket], cast: Cast, university: University
) -> None:
    university.organisation.region = Region.objects.get(code="south")
    university.organisation.save()
    assert dispatched(new_ticket, cast).handler == cast.engineer
    assert dispatched(new_ticket, cast).handler == cast.other_engineer


def test_who_is_away_is_not_given_new_work(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    now = clock.now()
    Substitution.objects.create(
        principal=cast.engineer,
        substitute=cast.other_engineer,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=3),
    )
    assert dispatched(new_ticket, cast).handler == cast.other_engineer


def test_with_nobody_of_the_role_it_falls_to_the_account_manager_and_says_so(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    User.objects.filter(roles__code="support_engineer").update(is_active=False)
    ticket = new_ticket()
    proposal = services.propose(ticket)
    assert proposal.user == cast.account_manager
    with override("en"):
        assert "Nobody with the role Product support engineer is present." in str(proposal.why)
        assert "account manager" in str(proposal.why)


def test_with_no_account_manager_either_it_falls_to_a_director_and_says_so(
    new_ticket: Callable[..., Ticket], cast: Cast, university: University
) -> None:
    university.organisation.account_manager = None
    university.organisation.save()
    ticket = new_ticket(subtype="new_feature")
    proposal = services.propose(ticket)
    assert (proposal.user, proposal.role) == (cast.director, "service_director")
    with override("en"):
        assert "service director" in str(proposal.why)


def test_with_nobody_at_all_dispatch_is_refused_with_the_reason(
    new_ticket: Callable[..., Ticket], cast: Cast, university: University
) -> None:
    university.organisation.account_manager = None
    university.organisation.save()
    ticket = new_ticket()
    User.objects.exclude(pk=cast.specialist.pk).update(is_active=False)
    with pytest.raises(InvalidData) as refused:
        act(ticket, "dispatch", cast.specialist)
    assert refused.value.reasons[0].field == "handler"


def test_the_rule_that_names_most_wins(new_ticket: Callable[..., Ticket], cast: Cast, university: University) -> None:
    technical = IssueType.objects.get(code="technical")
    fault = technical.subtypes.get(code="fault")
    trainer = Role.objects.get(code="trainer")
    RoutingRule.objects.create(issue_type=technical, region=university.region, to_account_manager=True)
    assert dispatched(new_ticket, cast).handler == cast.account_manager
    RoutingRule.objects.create(issue_type=technical, subtype=fault, region=university.region, role=trainer)
    assert dispatched(new_ticket, cast).handler == cast.trainer
    assert dispatched(new_ticket, cast, subtype="data").handler == cast.account_manager


def test_the_specialist_may_name_another_handler_but_nobody_who_handles_no_tickets(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    for nobody in (cast.finance, cast.rd_engineer, cast.contact):
        with pytest.raises(InvalidData) as refused:
            act(ticket, "dispatch", cast.specialist, handler=nobody.pk)
        assert refused.value.reasons[0].field == "handler"
    act(ticket, "dispatch", cast.specialist, handler_text=cast.other_engineer.display_name)
    assert ticket.handler == cast.other_engineer


def test_the_timeline_keeps_why_somebody_was_proposed_in_both_languages(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    said = act(ticket, "dispatch", cast.specialist).data["said"]
    assert set(said["text"]) == {"zh", "en"}
    assert "Product support engineer" in said["text"]["en"]
    assert "产品支持工程师" in said["text"]["zh"]


MONDAY_MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
FRIDAY_EVENING = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)  # 19:00 in Shanghai


def test_what_nobody_dispatches_is_dispatched_by_itself_after_fifteen_minutes_of_work(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    with clock.held(MONDAY_MORNING):
        ticket = new_ticket()
    with clock.held(MONDAY_MORNING + timedelta(minutes=14)):
        assert sweep.run().performed == 0
    with clock.held(MONDAY_MORNING + timedelta(minutes=15)):
        assert sweep.run().performed == 1
        assert sweep.run().performed == 0
    ticket.refresh_from_db()
    assert (ticket.state, ticket.handler) == ("dispatched", cast.engineer)
    assert ticket.entries.get(verb="dispatch").actor is None


def test_what_arrives_in_the_evening_waits_for_the_next_working_hours(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    with clock.held(FRIDAY_EVENING):
        ticket = new_ticket()
    with clock.held(FRIDAY_EVENING + timedelta(days=2)):
        assert sweep.run().performed == 0
    monday = datetime(2026, 3, 9, 1, 15, tzinfo=UTC)
    with clock.held(monday):
        assert sweep.run().performed == 1
    ticket.refresh_from_db()
    assert ticket.state == "dispatched"


def test_similar_open_tickets_come_by_what_their_titles_share(
    new_ticket: Callable[..., Ticket], cast: Cast, university: University
) -> None:
    alike = new_ticket(title="成绩册导出失败")
    new_ticket(title="视频播放卡顿")
    closed = new_ticket(title="成绩册导出失败")
    act(closed, "cancel", cast.specialist, reason="重复")
    found = services.similar(university.organisation.pk, "导出成绩册报错", cast.specialist)
    assert found == [alike]
    assert services.similar(university.organisation.pk, "", cast.specialist) == []
    assert services.similar(university.organisation.pk, "导出成绩册报错", cast.finance) == []


def test_similar_tickets_cost_one_question(
    new_ticket: Callable[..., Ticket], cast: Cast, university: University, django_assert_max_num_queries: Any
) -> None:
    for n in range(8):
        new_ticket(title=f"成绩册导出失败 {n}")
    person_asking = User.objects.get(pk=cast.specialist.pk)
    with django_assert_max_num_queries(3):
        assert len(services.similar(university.organisation.pk, "成绩册导出", person_asking)) == services.SIMILAR

"""What waits for whom, who has to do with a record, and who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from people.actors import Actor, principals_of
from people.models import Substitution, User
from tests.workflow.conftest import NOON
from tests.workflow.errands import ERRANDS, Errand
from workflow import registry
from workflow.engine import perform
from workflow.members import members_bulk
from workflow.models import Involvement, Record, WorkItem
from workflow.parties import (
    ACCOUNT_OWNER,
    CUSTOMER,
    DEPARTMENT,
    HANDLER,
    INVOLVED,
    SPECIALIST,
    SUPERVISOR,
    SYSTEM,
    WATCHERS,
    UnknownPartyError,
    party,
    role,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from customers.models import Organisation
    from tests.workflow.conftest import Crew
    from workflow.models import DeadlinePolicy

    Ask = Callable[..., Errand]
    Do = Callable[..., Errand]
    Policy = Callable[..., DeadlinePolicy]

pytestmark = pytest.mark.kernel
HOUR = timedelta(hours=1)


def waits_for(user: User) -> list[str]:
    """The verbs that wait for a person."""
    return sorted(WorkItem.objects.of(User.objects.get(pk=user.pk)).values_list("verb", flat=True))


# --- work ------------------------------------------------------------------------------------------------------------
def test_a_record_waits_for_whom_its_state_says_until_when_its_deadline_says(
    ask: Ask, policy: Policy, crew: Crew
) -> None:
    policy("errand.answer", 60)
    errand = ask()
    item = WorkItem.objects.get(record=errand)
    assert (item.user, item.verb, item.since, item.due_at) == (crew.handler, "start", NOON, NOON + HOUR)
    assert waits_for(crew.colleague) == []


def test_the_act_ends_the_wait_and_begins_the_next(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    policy("errand.work", 600)
    errand = act(ask(), "start", at=NOON + HOUR)
    done = WorkItem.objects.get(record=errand, verb="start")
    assert done.done_at == NOON + HOUR
    assert waits_for(crew.handler) == ["finish"]
    assert WorkItem.objects.open().get(record=errand).due_at == NOON + 11 * HOUR


def test_a_handover_moves_the_work(ask: Ask, act: Do, crew: Crew) -> None:
    act(ask(), "hand_over", handler=crew.colleague.pk)
    assert waits_for(crew.handler) == []
    assert waits_for(crew.colleague) == ["start"]


def test_work_for_a_role_waits_in_everybodys_list_who_holds_it(ask: Ask, act: Do, crew: Crew) -> None:
    act(act(ask(), "start"), "wait")
    assert waits_for(crew.rd) == ["go_on"]
    assert waits_for(crew.handler) == []
    assert WorkItem.objects.open().get().role == "rd_engineer"


def test_what_a_cadence_asks_for_waits_for_each_of_its_party_and_moves_with_every_round(
    ask: Ask, act: Do, policy: Policy, crew: Crew
) -> None:
    policy("errand.news", 120)
    errand = act(ask(), "start")
    assert waits_for(crew.account_owner) == waits_for(crew.specialist) == ["tell"]
    act(errand, "tell", at=NOON + HOUR)
    rows = WorkItem.objects.open().filter(verb="tell")
    assert {row.due_at for row in rows} == {NOON + 3 * HOUR}
    assert rows.count() == 2
    act(errand, "finish", at=NOON + 2 * HOUR)
    assert waits_for(crew.account_owner) == []


def test_nobody_has_the_same_work_twice(ask: Ask, act: Do, policy: Policy, crew: Crew, customer: Organisation) -> None:
    policy("errand.news", 120)
    customer.account_manager = crew.specialist
    customer.save()
    act(ask(), "start")
    assert waits_for(crew.specialist) == ["tell"]


def test_what_is_due_in_the_inbox_moves_with_the_deadline(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 600)
    policy("errand.answer", 60, speed="fast")
    act(ask("slow bread"), "judge", title="fast bread")
    assert WorkItem.objects.open().get().due_at == NOON + HOUR


def test_a_finished_record_waits_for_nobody(ask: Ask, act: Do) -> None:
    act(ask(), "drop")
    assert not WorkItem.objects.open().exists()


def test_a_substitute_finds_the_principals_work_beside_their_own(ask: Ask, crew: Crew) -> None:
    ask()
    ask(handler=crew.colleague.pk)
    assert WorkItem.objects.of(crew.colleague, [crew.handler]).count() == 2


def test_a_substitute_finds_the_queues_of_the_principals_roles_and_for_whom_they_wait(
    ask: Ask, act: Do, crew: Crew
) -> None:
    errand = act(act(ask(), "start"), "wait")
    assert not WorkItem.objects.of(crew.colleague, [crew.handler]).filter(role="rd_engineer").exists()
    item = WorkItem.objects.of(crew.stranger, [crew.rd]).get()
    assert (item.record_id, item.verb) == (errand.pk, "go_on")
    assert item.instead_of(crew.stranger, [crew.handler, crew.rd]) == crew.rd
    assert item.instead_of(crew.rd, [crew.stranger]) is None, "it waits for the person's own role"


def test_a_substitute_sees_what_waits_on_a_queue_of_the_principals_roles_while_it_does(
    ask: Ask, act: Do, crew: Crew
) -> None:
    errand = act(act(ask(), "start"), "wait")
    now = clock.now()
    away = Substitution.objects.create(
        principal=crew.rd, substitute=crew.stranger, starts_at=now - HOUR, ends_at=now + HOUR
    )
    assert Record.objects.for_actor(User.objects.get(pk=crew.stranger.pk)).get().pk == errand.pk
    away.delete()
    assert not Record.objects.for_actor(User.objects.get(pk=crew.stranger.pk)).exists()


def test_somebodys_whole_inbox_is_one_query(ask: Ask, crew: Crew) -> None:
    for _ in range(3):
        ask()
    user = User.objects.get(pk=crew.handler.pk)
    _warm = user.role_codes
    with CaptureQueriesContext(connection) as caught:
        assert len(list(WorkItem.objects.of(user).select_related("record").order_by("due_at"))) == 3
    assert len(caught) == 1


# --- involvement -----------------------------------------------------------------------------------------------------
def parts(errand: Record) -> set[tuple[str, str]]:
    """Who is involved, as what."""
    rows = Involvement.objects.filter(record=errand.pk)
    return set(rows.values_list("user__username", "part"))


def test_whoever_has_had_to_do_with_it_stays_involved(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask(), "hand_over", handler=crew.colleague.pk)
    errand = act(errand, "hand_over", by=crew.colleague, handler=crew.handler.pk)
    assert parts(errand) == {
        ("specialist", "specialist"),
        ("specialist", "author"),
        ("handler", "handler"),
        ("colleague", "handler"),
    }


def test_copies_are_counted_once_and_give_sight(ask: Ask, act: Do, crew: Crew) -> None:
    errand = ask()
    for _ in range(2):
        act(errand, "copy_to", people=[crew.stranger.pk])
    assert ("stranger", "copied") in parts(errand)
    assert Errand.objects.for_actor(crew.stranger).get() == errand


# --- sight -----------------------------------------------------------------------------------------------------------
def sees(user: User) -> bool:
    """Whether a person sees the one errand."""
    return Errand.objects.for_actor(User.objects.get(pk=user.pk)).exists()


def test_the_staff_of_the_department_see_all_of_its_records(ask: Ask, crew: Crew) -> None:
    ask()
    assert sees(crew.colleague)
    assert sees(crew.account_owner)


def test_directors_see_all_and_strangers_nothing(ask: Ask, crew: Crew) -> None:
    ask()
    assert sees(crew.director)
    assert not sees(crew.stranger)
    assert not sees(crew.rd)


def test_a_role_sees_what_waits_on_its_queue_as_long_as_it_waits(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(act(ask(), "start"), "wait")
    assert sees(crew.rd)
    act(errand, "go_on", by=crew.rd)
    assert not sees(crew.rd)


def test_somebody_of_another_department_sees_what_they_handle_and_what_they_handled(
    ask: Ask, act: Do, crew: Crew
) -> None:
    errand = ask(handler=crew.rd.pk)
    assert sees(crew.rd)
    act(errand, "hand_over", by=crew.rd, handler=crew.handler.pk)
    assert sees(crew.rd)


def test_a_contact_sees_the_own_organisations_records_and_no_others(ask: Ask, crew: Crew) -> None:
    ask()
    assert sees(crew.contact)
    assert not sees(crew.foreign_contact)
    crew.contact.contact.active = False
    crew.contact.contact.save()
    assert not sees(crew.contact)


def test_somebody_without_a_department_sees_nothing(ask: Ask, crew: Crew) -> None:
    ask()
    assert not sees(User.objects.create_user("nobody", display_name="nobody"))


def test_sight_is_one_query_and_no_row_comes_twice(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(act(ask(handler=crew.rd.pk), "start", by=crew.rd), "wait", by=crew.rd)
    act(errand, "copy_to", people=[crew.rd.pk])
    user = User.objects.select_related("department").get(pk=crew.rd.pk)
    _warm = (user.role_codes, user.sees_all)
    user.stands_in_for = principals_of(user, clock.now())
    with CaptureQueriesContext(connection) as caught:
        assert len(list(Errand.objects.for_actor(user))) == 1
    assert len(caught) == 1


# --- parties ---------------------------------------------------------------------------------------------------------
def test_parties_read_aloud_and_are_found_by_their_codes() -> None:
    both = HANDLER | role("rd_engineer", "trainer") | HANDLER
    assert both.codes == ("handler", "rd_engineer", "trainer")
    assert " / " in both.label
    for each in (HANDLER, SPECIALIST, ACCOUNT_OWNER, SUPERVISOR, WATCHERS, INVOLVED, DEPARTMENT, CUSTOMER, SYSTEM):
        assert party(each.codes[0]) is each
    assert party("service_director").codes == ("service_director",)
    for wrong in ("", "nobody", "handler ", "HANDLER"):
        with pytest.raises(UnknownPartyError):
            party(wrong)
    with pytest.raises(KeyError):
        role("no_such_role")


def test_who_a_party_is_for_many_records_takes_a_fixed_number_of_queries(ask: Ask, act: Do, crew: Crew) -> None:
    codes = [
        "handler",
        "specialist",
        "account_owner",
        "supervisor",
        "watchers",
        "involved",
        "service_director",
        "trainer",
    ]
    one = [act(ask(), "copy_to", people=[crew.stranger.pk])]
    many = [*one, *(ask() for _ in range(5))]

    def asked(errands: list[Errand]) -> int:
        keys = [errand.pk for errand in errands]
        records = list(Record.objects.select_related("customer", "handler").filter(pk__in=keys))
        with CaptureQueriesContext(connection) as caught:
            found = members_bulk(records, codes)
        assert found[one[0].pk, "watchers"] == [crew.stranger.pk]
        assert found[one[0].pk, "service_director"] == [crew.director.pk]
        assert found[one[0].pk, "supervisor"] == [crew.supervisor.pk]
        return len(caught)

    assert asked(one) == asked(many) <= 2


def test_a_customer_who_asked_is_never_among_the_colleagues_who_are_told(crew: Crew, customer: Organisation) -> None:
    errand = Errand()
    perform(errand, "ask", actor=Actor(crew.contact, channel="portal"), data={"customer": customer.pk, "title": "x"})
    record = Record.objects.get(pk=errand.pk)
    assert members_bulk([record], ["involved", "watchers"]).get((record.pk, "involved"), []) == []
    assert not INVOLVED.includes(crew.contact, record)
    assert CUSTOMER.includes(crew.contact, record)


# --- the registry ----------------------------------------------------------------------------------------------------
def test_two_processes_cannot_have_the_same_kind_prefix_or_model(errands: None) -> None:
    from dataclasses import replace

    class Other(Errand):
        class Meta:
            proxy = True
            app_label = "errands_other"

    for clash in (
        replace(ERRANDS, prefix="XX", model=Other),
        replace(ERRANDS, kind="other", model=Other),
        replace(ERRANDS, kind="other", prefix="XX"),
    ):
        with pytest.raises(ValueError, match="clashes"):
            registry.register(clash)
    assert registry.get("errand") is ERRANDS
    registry.register(ERRANDS)
    with pytest.raises(registry.UnknownProcessError):
        registry.get("no_such_kind")

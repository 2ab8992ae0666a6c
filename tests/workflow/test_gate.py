"""The one gate: who may, from which state, with what; and that nothing gets round it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import FieldDoesNotExist

from core import clock
from customers.models import Contact
from people.actors import SYSTEM, Actor
from people.models import Substitution, User
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from workflow.engine import perform
from workflow.flow import Act
from workflow.models import Entry, Record
from workflow.refusals import InvalidData, Missing, NotAllowed, OutsideTheGateError, WrongState
from workflow.timeline import faults

if TYPE_CHECKING:
    from customers.models import Organisation

from tests.workflow.told import refused

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]


# --- who ----------------------------------------------------------------------------------------------------------
def test_whoever_is_not_named_may_not(ask: Ask, crew: Crew) -> None:
    errand = ask()
    for person in (crew.colleague, crew.specialist, crew.director, crew.stranger, crew.contact, crew.account_owner):
        refusal = refused(NotAllowed, errand, "start", Actor(person))
        assert refusal.reasons[0].rule == "TKT-16"
        assert refusal.reasons[0].who, "the refusal says who may"


def test_an_administrator_has_no_way_round_the_gate(ask: Ask, crew: Crew) -> None:
    User.objects.filter(pk=crew.stranger.pk).update(is_superuser=True, is_staff=True)
    refused(NotAllowed, ask(), "start", Actor(User.objects.get(pk=crew.stranger.pk)))


def test_the_system_may_only_what_is_said_to_be_its_own(ask: Ask, crew: Crew) -> None:
    errand = ask()
    refused(NotAllowed, errand, "start", SYSTEM)
    refused(NotAllowed, errand, "note", SYSTEM, data={"text": "x"})


def test_no_person_may_what_only_the_system_does(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(act(ask(), "start"), "finish")
    for person in (crew.handler, crew.specialist, crew.director):
        refused(NotAllowed, errand, "put_away", Actor(person))
    perform(errand, "put_away", actor=SYSTEM)
    assert Errand.objects.get(pk=errand.pk).state == "put_away"


def test_a_customer_may_not_what_the_house_may_although_the_errand_is_theirs(
    crew: Crew, customer: Organisation
) -> None:
    errand = Errand()
    perform(errand, "ask", actor=Actor(crew.contact, channel="portal"), data={"customer": customer.pk, "title": "x"})
    for verb, data in (
        ("note", {"text": "hidden among colleagues"}),
        ("copy_to", {"people": [crew.stranger.pk]}),
        ("judge", {"title": "fast"}),
        ("drop", {}),
    ):
        refused(NotAllowed, errand, verb, Actor(crew.contact), data=data)


def test_a_customer_speaks_for_no_other_organisation(crew: Crew, customer: Organisation) -> None:
    data = {"customer": customer.pk, "title": "x"}
    refused(NotAllowed, Errand(), "ask", Actor(crew.foreign_contact, channel="portal"), data=data)


def test_a_contact_who_has_left_speaks_for_nobody(crew: Crew, customer: Organisation) -> None:
    Contact.objects.filter(user=crew.contact).update(active=False)
    data = {"customer": customer.pk, "title": "x"}
    refused(NotAllowed, Errand(), "ask", Actor(crew.contact, channel="portal"), data=data)


# --- substitutes --------------------------------------------------------------------------------------------------
def stand_in(principal: User, substitute: User) -> None:
    """From NOON on, for a day."""
    Substitution.objects.create(
        principal=principal, substitute=substitute, starts_at=NOON, ends_at=NOON + timedelta(days=1)
    )


def test_a_substitute_acts_for_the_principal_and_both_are_on_record(ask: Ask, crew: Crew) -> None:
    errand = ask()
    stand_in(crew.handler, crew.colleague)
    with clock.held(NOON):
        entry = perform(errand, "start", actor=Actor(crew.colleague))
    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.actor, entry.on_behalf_of) == (crew.colleague, crew.handler)


def test_who_may_act_in_their_own_right_does_not_act_for_another(ask: Ask, crew: Crew) -> None:
    errand = ask()
    stand_in(crew.director, crew.handler)
    with clock.held(NOON):
        assert perform(errand, "start", actor=Actor(crew.handler)).on_behalf_of is None


def test_a_substitute_may_say_for_whom_but_not_for_anybody_else(ask: Ask, crew: Crew) -> None:
    errand = ask()
    stand_in(crew.handler, crew.colleague)
    with clock.held(NOON):
        refused(NotAllowed, errand, "start", Actor(crew.colleague, on_behalf_of=crew.specialist))
        refused(NotAllowed, errand, "start", Actor(crew.stranger, on_behalf_of=crew.handler))
        assert perform(errand, "start", actor=Actor(crew.colleague, crew.handler)).on_behalf_of == crew.handler


@pytest.mark.parametrize("moment", [NOON - timedelta(microseconds=1), NOON + timedelta(days=1)])
def test_a_substitute_may_neither_before_nor_after_the_dates(ask: Ask, crew: Crew, moment: Any) -> None:
    errand = ask(at=NOON - timedelta(days=1))
    stand_in(crew.handler, crew.colleague)
    with clock.held(moment):
        refused(NotAllowed, errand, "start", Actor(crew.colleague))


def test_a_substitutes_substitute_is_nobody(ask: Ask, crew: Crew) -> None:
    errand = ask()
    stand_in(crew.handler, crew.colleague)
    stand_in(crew.colleague, crew.stranger)
    with clock.held(NOON):
        refused(NotAllowed, errand, "start", Actor(crew.stranger))


def test_nobody_stands_in_for_somebody_who_has_left(ask: Ask, crew: Crew) -> None:
    errand = ask()
    stand_in(crew.handler, crew.colleague)
    User.objects.filter(pk=crew.handler.pk).update(is_active=False)
    with clock.held(NOON):
        refused(NotAllowed, errand, "start", Actor(crew.colleague))


def test_a_substitute_sees_what_the_principal_has_to_do_with(ask: Ask, crew: Crew) -> None:
    errand = ask(handler=crew.rd.pk)
    stand_in(crew.rd, crew.stranger)
    with clock.held(NOON - timedelta(hours=1)):
        assert not Errand.objects.for_actor(crew.stranger).exists()
    with clock.held(NOON):
        assert Errand.objects.for_actor(crew.stranger).get() == errand


# --- from which state, with what ----------------------------------------------------------------------------------
def test_what_the_state_does_not_allow_is_refused_in_words(ask: Ask, crew: Crew) -> None:
    refusal = refused(WrongState, ask(), "finish", Actor(crew.handler))
    assert "Finish" in str(refusal)
    assert "Asked" in str(refusal)
    assert refusal.reasons[0].rule == "TKT-14"


@pytest.mark.parametrize("verb", ["", "no_such_act", "save", "delete", "__class__", "state", "x" * 5000, "\x00"])
def test_an_act_that_there_is_not_is_refused(ask: Ask, crew: Crew, verb: str) -> None:
    refused(WrongState, ask(), verb, Actor(crew.handler))


def test_what_exists_is_not_created_again(ask: Ask, crew: Crew, customer: Organisation) -> None:
    refused(WrongState, ask(), "ask", Actor(crew.specialist), data={"customer": customer.pk, "title": "x"})


def test_what_does_not_exist_cannot_begin_in_the_middle(crew: Crew, customer: Organisation) -> None:
    for state in Errand.State.values:
        errand = Errand(state=state, customer=customer, title="x", handler=crew.handler, specialist=crew.specialist)
        for verb, person in (("start", crew.handler), ("finish", crew.handler), ("drop", crew.specialist)):
            refused(WrongState, errand, verb, Actor(person))


def test_all_that_is_missing_is_named_with_rule_and_who_can_supply_it(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask("slow hopeless endless"), "start")
    refusal = refused(Missing, errand, "finish", Actor(crew.handler))
    assert [(str(r), r.rule) for r in refusal.reasons] == [("It is hopeless.", "TKT-27"), ("It is endless.", "TKT-14")]
    assert refusal.reasons[0].who
    assert not refusal.reasons[1].who


def test_a_form_with_errors_changes_nothing_and_keeps_what_was_typed(crew: Crew, customer: Organisation) -> None:
    typed = {"customer": "999999", "title": " ", "handler": crew.contact.pk, "text": "kept"}
    refusal = refused(InvalidData, Errand(), "ask", Actor(crew.specialist), data=typed)
    assert {reason.field for reason in refusal.reasons} == {"customer", "title", "handler"}
    assert refusal.form.data == typed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer", "' OR 1=1 --"),
        ("customer", "1\x00"),
        ("customer", "9" * 30),
        ("customer", "-1"),
        ("title", "x" * 201),
        ("title", "\x00\x01\x02"),
        ("text", "x" * 1_048_577),
        ("handler", "[]"),
        ("handler", "NaN"),
    ],
)
def test_no_value_however_wrong_passes_or_breaks_the_gate(
    crew: Crew, customer: Organisation, field: str, value: str
) -> None:
    data = {"customer": str(customer.pk), "title": "x", field: value}
    refusal = refused(InvalidData, Errand(), "ask", Actor(crew.specialist), data=data)
    assert [reason.field for reason in refusal.reasons] == [field]


def test_a_refused_person_is_not_told_whether_the_form_was_right(ask: Ask, crew: Crew) -> None:
    refused(NotAllowed, ask(), "hand_over", Actor(crew.stranger), data={"handler": "nonsense"})


# --- nothing gets round it ----------------------------------------------------------------------------------------
def test_a_verbs_method_cannot_be_called_directly(ask: Ask, crew: Crew) -> None:
    errand = ask()
    for argument in (None, Actor(crew.handler), Act(errand, Errand.verbs["finish"], Actor(crew.handler), NOON)):
        with pytest.raises(OutsideTheGateError):
            errand.start(argument)
    other = Act(ask(), Errand.verbs["start"], Actor(crew.handler), NOON)
    with pytest.raises(OutsideTheGateError):
        errand.start(other)
    assert errand.state == "asked"


def test_a_state_cannot_be_set(ask: Ask) -> None:
    errand = ask()
    with pytest.raises(AttributeError):
        errand.state = "done"  # architecture: this line tries the protection itself
    assert errand.state == "asked"


def test_a_reload_reads_the_state_without_opening_it(ask: Ask, act: Do) -> None:
    errand = ask()
    act(errand, "start")
    errand.refresh_from_db()
    assert errand.state == "under_way"
    errand.refresh_from_db(fields=["state"])
    errand.refresh_from_db(fields=["title"])
    with pytest.raises(AttributeError):
        errand.state = "done"  # architecture: this line tries the protection itself


def test_a_reload_that_fails_keeps_the_protection_for_everybody(ask: Ask) -> None:
    errand, gone = ask(), Errand(pk=0)
    with pytest.raises(Errand.DoesNotExist):
        gone.refresh_from_db()
    with pytest.raises(AttributeError):
        errand.state = "done"  # architecture: this line tries the protection itself
    with pytest.raises(FieldDoesNotExist):
        Errand.objects.get(pk=errand.pk).refresh_from_db(fields=["no_such_field"])
    with pytest.raises(AttributeError):
        errand.state = "done"  # architecture: this line tries the protection itself


def test_a_state_changed_behind_the_gates_back_shows_on_the_timeline(ask: Ask) -> None:
    errand = ask()
    Record.objects.filter(pk=errand.pk).update(state="done")  # architecture: this line is the break-in
    found = list(faults(Record.objects.get(pk=errand.pk), list(errand.entries.all())))
    assert len(found) == 1
    assert errand.number in found[0]

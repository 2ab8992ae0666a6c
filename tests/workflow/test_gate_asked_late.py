"""The gate when it is asked late, twice, or in a foreign tongue; and what it offers beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core import clock
from people.actors import Actor
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from workflow import sweep
from workflow.engine import offers, perform
from workflow.models import DeadlinePolicy, Record
from workflow.refusals import InvalidData, NotAllowed, Stale

if TYPE_CHECKING:
    from customers.models import Organisation

from tests.workflow.told import refused

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]


# --- stale --------------------------------------------------------------------------------------------------------
def test_a_form_that_was_overtaken_says_by_whom_when_and_what_differs(ask: Ask, act: Do, crew: Crew) -> None:
    errand = ask("slow bread")
    seen = errand.version
    act(errand, "judge", title="fast bread", at=NOON + timedelta(minutes=5))
    act(errand, "start", at=NOON + timedelta(minutes=6))
    refusal = refused(
        Stale, errand, "judge", Actor(crew.specialist), data={"title": "slow cake"}, expected_version=seen
    )
    assert refusal.by.user == crew.handler
    assert refusal.at == NOON + timedelta(minutes=6)
    found = {difference.label: (difference.before, difference.after) for difference in refusal.differences}
    assert found["title"] == ("slow bread", "fast bread")
    assert found["state"] == ("asked", "under_way")


def test_a_deadline_that_fires_does_not_make_a_form_stale(
    ask: Ask, crew: Crew, policy: Callable[..., DeadlinePolicy]
) -> None:
    policy("errand.answer", 60)
    errand = ask()
    with clock.held(NOON + timedelta(hours=1)):
        assert sweep.run().fired == 2
        perform(errand, "start", actor=Actor(crew.handler), expected_version=errand.version)


@pytest.mark.parametrize("version", [0, -1, 99, 10**12])
def test_a_version_that_never_was_is_stale_too(ask: Ask, crew: Crew, version: int) -> None:
    refusal = refused(Stale, ask(), "start", Actor(crew.handler), expected_version=version)
    assert refusal.by.user == crew.specialist


def test_a_version_named_for_something_new_does_not_matter(crew: Crew, customer: Organisation) -> None:
    data = {"customer": customer.pk, "title": "x"}
    assert perform(Errand(), "ask", actor=Actor(crew.specialist), data=data, expected_version=7).record.version == 1


# --- asked twice --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["k", "键", "k" * 500, "nul\x00inside", "e\u0301"])
def test_the_same_request_twice_is_one_act(crew: Crew, customer: Organisation, key: str) -> None:
    data = {"customer": customer.pk, "title": "x"}
    first = perform(Errand(), "ask", actor=Actor(crew.specialist), data=data, key=key)
    again = perform(Errand(), "ask", actor=Actor(crew.specialist), data=data, key=key)
    assert again.pk == first.pk
    assert again.record.pk == first.record.pk
    assert Record.objects.count() == 1


def test_a_repeated_act_is_answered_as_the_first_time_although_the_state_has_moved(ask: Ask, crew: Crew) -> None:
    errand = ask()
    first = perform(errand, "start", actor=Actor(crew.handler), key="k")
    perform(errand, "wait", actor=Actor(crew.handler))
    assert perform(errand, "start", actor=Actor(crew.handler), key="k") == first


def test_a_key_answers_for_its_own_act_alone(ask: Ask, crew: Crew) -> None:
    one, other = ask(), ask()
    perform(one, "start", actor=Actor(crew.handler), key="k")
    refused(NotAllowed, one, "start", Actor(crew.stranger), key="k")
    assert perform(other, "start", actor=Actor(crew.handler), key="k").record.pk == other.pk
    assert perform(one, "wait", actor=Actor(crew.handler), key="k").verb == "wait"


def test_without_a_key_twice_is_twice(ask: Ask, crew: Crew) -> None:
    errand = ask()
    for _ in range(2):
        perform(errand, "note", actor=Actor(crew.handler), data={"text": "x"}, key="")
    assert errand.entries.filter(verb="note").count() == 2


# --- what people type ---------------------------------------------------------------------------------------------
HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE workflow_record; --",
    "{{ settings.SECRET_KEY }} {% debug %} %s %(x)s {0} ${x}",
    "\u202eevil\u202c \u200b\u200d\ufeff zero width",
    "👩‍👩‍👧‍👦 𠮷 नमस्ते שלום مرحبا",
    "（全角）；：，。",
    "a\tb",
    "\\u0000 \\x00 \\",
    "\"quotes\" 'and' `ticks`",
    "{'json': null}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_stored_as_it_is(ask: Ask, act: Do, text: str) -> None:
    errand = act(ask(), "note", text=text)
    entry = errand.entries.get(verb="note")
    assert entry.data["said"]["text"] == text


def test_a_pasted_nul_and_control_characters_are_dropped_and_the_rest_is_kept(ask: Ask, act: Do) -> None:
    errand = act(ask(), "note", text="a\x00b\x07c\r\nd\x9f")
    assert errand.entries.get(verb="note").data["said"]["text"] == "abc\nd"


def test_half_of_a_surrogate_pair_cannot_break_the_timeline(ask: Ask, act: Do) -> None:
    errand = act(ask(), "note", text="a\ud800b")
    assert errand.entries.get(verb="note").data["said"]["text"] == "ab"


def test_a_megabyte_of_text_passes_and_comes_back_whole(ask: Ask, act: Do) -> None:
    text = "日志一行。\n" * 170_000
    errand = act(ask(), "note", text=text)
    assert errand.entries.get(verb="note").data["said"]["text"] == text.strip()


# --- offers -------------------------------------------------------------------------------------------------------
def test_offers_say_what_may_be_done_and_why_the_rest_may_not(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask("slow hopeless"), "start")
    found = {offer.verb.code: offer for offer in offers(errand, Actor(crew.handler))}
    assert found["wait"].allowed
    assert [str(reason) for reason in found["finish"].reasons] == ["It is hopeless."]
    assert not found["drop"].allowed
    assert found["drop"].reasons[0].who
    assert "start" not in found, "what the state does not allow is not offered"
    assert "put_away" not in found, "what only the system does is not offered"


def test_offers_agree_with_the_gate(ask: Ask, act: Do, crew: Crew) -> None:
    for person in (crew.specialist, crew.handler, crew.rd, crew.stranger, crew.contact, crew.director):
        errand = act(ask(), "start")
        for offer in offers(errand, Actor(person)):
            try:
                perform(errand, offer.verb.code, actor=Actor(person), data={})
                went = True
            except InvalidData:
                went = True
            except NotAllowed:
                went = False
            assert went == offer.allowed, (person.username, offer.verb.code)
            if Errand.objects.get(pk=errand.pk).state != "under_way":
                errand = act(ask(), "start")

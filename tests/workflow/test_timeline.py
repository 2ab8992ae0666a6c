"""The timeline: appended, chained, never changed, and telling what was said in words that stay true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy, override
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from people.actors import SYSTEM, Actor
from people.models import Region
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import ERRANDS, Errand, JudgeForm
from workflow import hooks, registry, sweep
from workflow.engine import perform
from workflow.models import DeadlinePolicy, Entry, Record
from workflow.timeline import Draft, chain, digest, faults, portrait, write

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]


@pytest.fixture
def lived(ask: Ask, act: Do) -> Errand:
    """An errand with five entries."""
    errand = ask()
    for verb, data in (("start", {}), ("note", {"text": "one"}), ("note", {"text": "two"}), ("wait", {})):
        errand = act(errand, verb, **data)
    return errand


def tamper(sql: str, *values: str | int) -> None:
    """Change the timeline as somebody would who owns the database and takes the guard away first."""
    lite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if lite:
            cursor.execute("DROP TRIGGER timeline_is_append_only_update")
            cursor.execute("DROP TRIGGER timeline_is_append_only_delete")
        else:
            # Deferred constraints still wait for the end of the test's transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE workflow_entry DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        if not lite:
            cursor.execute("ALTER TABLE workflow_entry ENABLE TRIGGER USER")


def found(errand: Record) -> list[str]:
    """What the command says of one record."""
    errors = StringIO()
    try:
        call_command("verify_timeline", errand.number, stdout=StringIO(), stderr=errors)
    except CommandError:
        return errors.getvalue().splitlines()
    assert errors.getvalue() == ""
    return []


# --- the database refuses --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "attempt",
    [
        lambda entry: Entry.objects.filter(pk=entry.pk).update(verb="x"),
        lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
        lambda entry: entry.delete(),
        lambda entry: entry.save(),
        lambda entry: Entry.objects.bulk_update([entry], ["verb"]),
        lambda _: connection.cursor().execute("UPDATE workflow_entry SET public = NOT public"),
        lambda _: connection.cursor().execute("DELETE FROM workflow_entry"),
    ],
)
def test_the_database_refuses_to_change_or_to_remove_an_entry(lived: Errand, attempt: Callable[[Entry], Any]) -> None:
    entry = lived.entries.get(seq=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempt(entry)
    assert lived.entries.count() == 5
    assert found(lived) == []


def test_a_record_with_a_timeline_cannot_be_deleted(lived: Errand) -> None:
    with pytest.raises(Exception, match="protected"), transaction.atomic():
        lived.delete()


# --- the chain -------------------------------------------------------------------------------------------------------
def test_each_entry_holds_the_hash_of_the_one_before_and_the_record_that_of_the_last(lived: Errand) -> None:
    entries = list(lived.entries.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert (lived.timeline_length, lived.timeline_head) == (5, entries[-1].hash)
    assert found(lived) == []


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'x'",
        "at = '2020-01-01 00:00:00+00:00'",
        "data = '{}'",
        "public = true",
        "actor_id = NULL",
        "from_state = 'done'",
        "channel = 'api'",
        "rules = '[\"TKT-99\"]'",
        "prev_hash = ''",
    ],
)
def test_an_altered_entry_is_found(lived: Errand, change: str) -> None:
    tamper(f"UPDATE workflow_entry SET {change} WHERE record_id = %s AND seq = 3", lived.pk)
    assert any("entry 3" in fault and lived.number in fault for fault in found(lived))


def test_an_entry_made_out_to_another_person_is_found(lived: Errand, crew: Crew) -> None:
    tamper(
        "UPDATE workflow_entry SET on_behalf_of_id = %s WHERE record_id = %s AND seq = 3", crew.stranger.pk, lived.pk
    )
    assert found(lived) == [f"{lived.number}: entry 3 has been altered"]


def test_a_removed_entry_is_found(lived: Errand) -> None:
    tamper("DELETE FROM workflow_entry WHERE record_id = %s AND seq = 3", lived.pk)
    assert found(lived) == [f"{lived.number}: entry 3 is missing"]


def test_a_removed_entry_is_found_although_the_rest_was_moved_up(lived: Errand) -> None:
    tamper("DELETE FROM workflow_entry WHERE record_id = %s AND seq = 3", lived.pk)
    for seq in (4, 5):
        tamper_again = f"UPDATE workflow_entry SET seq = {seq - 1} WHERE record_id = %s AND seq = {seq}"
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                cursor.execute("ALTER TABLE workflow_entry DISABLE TRIGGER USER")
            cursor.execute(tamper_again, [lived.pk])
            if connection.vendor != "sqlite":
                cursor.execute("ALTER TABLE workflow_entry ENABLE TRIGGER USER")
    assert found(lived)


def test_a_cut_off_tail_is_found(lived: Errand) -> None:
    tamper("DELETE FROM workflow_entry WHERE record_id = %s AND seq >= 4", lived.pk)
    assert found(lived) == [f"{lived.number}: the end of the timeline has been cut off or added to"]


def test_an_entry_altered_together_with_its_hash_is_found_by_the_next(lived: Errand) -> None:
    entry = lived.entries.get(seq=3)
    entry.data = {"said": {"text": "forged"}}
    entry.hash = digest(lived.number, entry)
    tamper(
        "UPDATE workflow_entry SET data = %s, hash = %s WHERE record_id = %s AND seq = 3",
        '{"said": {"text": "forged"}}',
        entry.hash,
        lived.pk,
    )
    assert found(lived) == [f"{lived.number}: entry 4 does not follow the one before it"]


def test_an_entry_added_past_the_pen_is_found(lived: Errand) -> None:
    Entry.objects.create(
        record=lived, seq=6, at=NOON, channel="web", verb="note", prev_hash=lived.timeline_head, hash="0" * 64
    )
    assert len(found(lived)) == 2


def test_an_entry_of_another_record_does_not_pass(lived: Errand, ask: Ask) -> None:
    other = ask()
    tamper("UPDATE workflow_entry SET record_id = %s, seq = 2 WHERE record_id = %s AND seq = 2", other.pk, lived.pk)
    assert found(other)
    assert found(lived)


def test_the_command_walks_every_record_and_names_only_the_broken(lived: Errand, ask: Ask) -> None:
    others = [ask() for _ in range(3)]
    output = StringIO()
    call_command("verify_timeline", stdout=output)
    assert output.getvalue().startswith("4 timelines are whole")
    tamper("DELETE FROM workflow_entry WHERE record_id = %s AND seq = 1", others[1].pk)
    errors = StringIO()
    with pytest.raises(CommandError, match="1 faults in 4"):
        call_command("verify_timeline", stdout=StringIO(), stderr=errors)
    assert others[1].number in errors.getvalue()


def test_deadlines_entries_are_part_of_the_chain(ask: Ask, act: Do, policy: Callable[..., DeadlinePolicy]) -> None:
    policy("errand.answer", 60)
    errand = ask()
    with clock.held(NOON + timedelta(hours=1)):
        sweep.run()
    errand = act(errand, "start", at=NOON + timedelta(hours=3))
    assert [entry.verb for entry in errand.entries.order_by("seq")] == [
        "ask",
        "deadline.warned",
        "deadline.missed",
        "deadline.escalated",
        "start",
    ]
    assert found(errand) == []


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé中", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.dictionaries(st.text("abc", min_size=1, max_size=3), values, max_size=4))
def test_whatever_the_form_said_the_hash_is_the_same_after_the_database(data: dict[str, Any]) -> None:
    import json

    entry = Entry(seq=1, at=NOON, channel="web", verb="note", data=data, rules=[])
    again = Entry(seq=1, at=NOON, channel="web", verb="note", data=json.loads(json.dumps(data)), rules=[])
    assert digest("ER-1", entry) == digest("ER-1", again)


@pytest.mark.parametrize(
    "value", ["👩‍👩‍👧", "\u202e\u200b", 0, -1, 2**53, 1.5, 86400.0, True, None, [1, [2]], {"z": 1, "a": 2}]
)
def test_a_hash_survives_the_way_through_the_database(ask: Ask, value: Any) -> None:
    errand = ask()
    record = Record.objects.get(pk=errand.pk)
    entry = chain(record, Draft("note", NOON, SYSTEM, "asked", "asked", {"said": {"x": value}}))
    record.save()
    write([entry], {record.pk: record})
    assert list(faults(Record.objects.get(pk=errand.pk), list(errand.entries.order_by("seq")))) == []


# --- what it tells ---------------------------------------------------------------------------------------------------
def test_it_tells_who_for_whom_when_by_which_door_and_under_which_rules(ask: Ask, crew: Crew) -> None:
    errand = ask()
    with clock.held(NOON + timedelta(minutes=3)):
        entry = perform(errand, "start", actor=Actor(crew.handler, channel="api"))
    told = Entry.objects.get(pk=entry.pk)
    assert (told.actor, told.on_behalf_of, told.channel) == (crew.handler, None, "api")
    assert (told.at, told.verb, told.from_state, told.to_state) == (
        NOON + timedelta(minutes=3),
        "start",
        "asked",
        "under_way",
    )
    assert told.rules == ["TKT-16"]
    assert not told.public


def test_it_tells_what_changed_from_what_to_what_in_names(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(act(ask(), "judge", title="fast bread"), "hand_over", handler=crew.colleague.pk)
    assert errand.entries.get(verb="judge").data["changes"]["title"] == ["slow bread", "fast bread"]
    handed = errand.entries.get(verb="hand_over").data
    assert handed["changes"]["handler"] == ["handler", "colleague"]
    assert handed["said"]["handler"] == "colleague"


def test_what_was_told_stays_when_names_change_later(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask(), "hand_over", handler=crew.colleague.pk)
    crew.colleague.display_name = "renamed"
    crew.colleague.save()
    assert errand.entries.get(verb="hand_over").data["said"]["handler"] == "colleague"
    assert found(errand) == []


def test_a_secret_answer_is_nowhere_on_the_timeline(
    ask: Ask, act: Do, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SecretForm(JudgeForm):
        secret = ("title",)

    monkeypatch.setitem(ERRANDS.forms, "judge", SecretForm)
    errand = act(ask(), "judge", title="slow Passw0rd!")
    assert errand.title == "slow Passw0rd!"
    assert "Passw0rd" not in str(list(errand.entries.values()))


def test_portraits_are_json_and_readable_in_both_languages() -> None:
    region = Region(code="n", name_zh="华北", name_en="North")
    assert portrait(region) == {"zh": "华北", "en": "North"}
    assert portrait(NOON) == {"at": NOON.isoformat()}
    assert portrait(date(2026, 3, 4)) == {"on": "2026-03-04"}
    assert portrait(timedelta(hours=1)) == {"seconds": 3600.0}
    assert portrait(Decimal("1.10")) == "1.10"
    assert portrait([region, None]) == [{"zh": "华北", "en": "North"}, None]
    with override("en"):
        assert portrait(gettext_lazy("name"))["en"] == "name"


# --- who listens -----------------------------------------------------------------------------------------------------
def test_listeners_hear_every_batch_once_and_in_the_same_transaction(
    ask: Ask, act: Do, policy: Callable[..., DeadlinePolicy]
) -> None:
    policy("errand.answer", 60)
    heard: list[list[tuple[str, str]]] = []

    @hooks.on_entries
    def listen(entries: Any, records: Any) -> None:
        assert connection.in_atomic_block
        assert all(entry.pk for entry in entries)
        heard.append([(records[entry.record_id].number, entry.verb) for entry in entries])

    one, other = ask(), ask()
    with clock.held(NOON + timedelta(hours=1)):
        sweep.run()
    assert heard[:2] == [[(one.number, "ask")], [(other.number, "ask")]]
    assert sorted(heard[2]) == sorted(
        (errand.number, verb) for errand in (one, other) for verb in ("deadline.warned", "deadline.missed")
    )
    assert len(heard) == 3


def test_a_listener_that_fails_undoes_the_act(ask: Ask, act: Do, crew: Crew) -> None:
    errand = ask()

    @hooks.on_entries
    def fail(entries: Any, records: Any) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        perform(errand, "start", actor=Actor(crew.handler))
    again = Errand.objects.get(pk=errand.pk)
    assert (again.state, again.version, again.entries.count()) == ("asked", 1, 1)


def test_a_kind_that_is_gone_does_not_hide_its_timeline(lived: Errand) -> None:
    registry.forget("errand")
    assert found(lived) == []
    registry.register(ERRANDS)

"""Who is told of what: by declarations and policies, never of one's own acts, once each, also in bulk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.models import Notice
from people.actors import SYSTEM, Actor
from people.models import Substitution
from tests.notifications.errands import NOON, act, acts, make, missed
from workflow.models import Entry, Involvement, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.notifications.conftest import Cast
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def told(entry: Entry) -> set[tuple[str, str]]:
    return set(Notice.objects.filter(entry=entry).values_list("recipient__username", "kind"))


def test_the_declared_parties_are_told(cast: Cast, errand: Errand) -> None:
    entry = act(errand, "give", Actor(cast.specialist))
    assert told(entry) == {("handler", "assignment"), ("owner", "progress"), ("boss", "progress")}
    notice = Notice.objects.get(recipient=cast.handler)
    assert (notice.rule, notice.record_id, notice.created_at, notice.read_at) == ("TKT-15", errand.pk, NOON, None)


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, errand: Errand) -> None:
    assert told(act(errand, "give", Actor(cast.handler))) == {("owner", "progress"), ("boss", "progress")}


def test_who_is_away_is_told_of_what_a_substitute_did_for_them(cast: Cast, errand: Errand) -> None:
    entry = act(errand, "give", Actor(cast.specialist, on_behalf_of=cast.owner))
    assert ("owner", "progress") in told(entry)


def test_a_person_of_several_parties_is_told_once(cast: Cast, errand: Errand) -> None:
    cast.customer.account_manager = cast.boss
    cast.customer.save()
    Involvement.objects.create(record=errand, user=cast.boss, part="watcher", since=NOON)
    assert told(act(errand, "give", Actor(cast.specialist))) == {("handler", "assignment"), ("boss", "progress")}


def test_a_condition_is_asked(cast: Cast, errand: Errand) -> None:
    assert ("director", "progress") not in told(act(errand, "finish", Actor(cast.handler)))
    big = make(2, cast.customer, title="a big one", handler=cast.handler)
    assert ("director", "progress") in told(act(big, "finish", Actor(cast.handler)))


def test_watchers_are_told_of_every_act(cast: Cast, errand: Errand) -> None:
    Involvement.objects.create(record=errand, user=cast.watcher, part="copied", since=NOON)
    assert ("watcher", "progress") in told(act(errand, "press", Actor(cast.specialist)))


def test_deadlines_tell_whom_their_policy_names(cast: Cast, errand: Errand) -> None:
    warned = act(errand, "deadline.warned", **missed("handler"))
    late = act(errand, "deadline.missed", **missed("handler", "account_owner", "supervisor"))
    above = act(errand, "deadline.escalated", **missed("service_director"))
    assert told(warned) == {("handler", "deadline")}
    assert told(late) == {("handler", "deadline"), ("owner", "deadline"), ("boss", "deadline")}
    assert told(above) == {("director", "escalation")}
    urgencies = Notice.objects.order_by("entry").values_list("urgency", flat=True)
    assert list(dict.fromkeys(urgencies)) == [1, 2]


def test_a_slip_of_the_pen_in_a_policy_does_not_stop_its_deadline(
    cast: Cast, errand: Errand, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(act(errand, "deadline.missed", **missed("hanlder", "handler"))) == {("handler", "deadline")}
    assert "hanlder" in caplog.text


def test_who_has_left_and_who_is_a_customer_are_not_told(cast: Cast, errand: Errand) -> None:
    cast.handler.is_active = False
    cast.handler.save()
    type(cast.boss).objects.filter(pk=cast.boss.pk).update(is_customer=True)
    assert told(act(errand, "give", Actor(cast.specialist))) == {("owner", "progress")}


@pytest.mark.parametrize(("offset", "stands_in"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_substitute_is_told_while_standing_in(
    cast: Cast, errand: Errand, person: Callable[..., User], offset: int, *, stands_in: bool
) -> None:
    deputy = person("deputy", "代理")
    hour = timedelta(minutes=60)
    Substitution.objects.create(principal=cast.handler, substitute=deputy, starts_at=NOON, ends_at=NOON + hour)
    entry = act(errand, "give", Actor(cast.specialist), at=NOON + timedelta(minutes=offset))
    assert (("deputy", "assignment") in told(entry)) is stands_in
    assert ("handler", "assignment") in told(entry)
    if stands_in:
        assert Notice.objects.get(recipient=deputy).stands_in_for == cast.handler


def test_a_substitute_who_acted_is_not_told_and_one_who_is_told_anyway_is_told_once(cast: Cast, errand: Errand) -> None:
    Substitution.objects.create(
        principal=cast.handler, substitute=cast.boss, starts_at=NOON, ends_at=NOON + timedelta(hours=1)
    )
    given = act(errand, "give", Actor(cast.specialist))
    assert Notice.objects.filter(entry=given, recipient=cast.boss).count() == 1
    pressed = act(errand, "press", Actor(cast.boss, on_behalf_of=cast.handler))
    assert told(pressed) == {("handler", "copy")}


def test_history_that_is_brought_in_tells_nobody_and_demonstrations_stay_in_the_house(
    cast: Cast, errand: Errand
) -> None:
    act(errand, "give", Actor(cast.specialist, channel="import"))
    assert not Notice.objects.exists()
    act(errand, "finish", Actor(cast.specialist, channel="demo"), public=True)
    assert Notice.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_what_is_rolled_back_was_never_told(cast: Cast, errand: Errand) -> None:
    with transaction.atomic():
        act(errand, "give", Actor(cast.specialist))
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_the_database_refuses_a_second_notice_of_the_same(cast: Cast, errand: Errand) -> None:
    act(errand, "give", Actor(cast.specialist))
    notice = Notice.objects.first()
    assert notice is not None
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_hundreds_cost_as_many_queries_as_one(cast: Cast) -> None:
    records = [make(n, cast.customer, handler=cast.handler) for n in range(1, 22)]
    recipients = ("handler", "account_owner", "supervisor", "service_director", "watchers")
    counts = []
    for batch in (records[:1], records[1:]):
        what = [(record, "deadline.missed", SYSTEM, missed(*recipients)) for record in batch]
        with CaptureQueriesContext(connection) as asked:
            acts(what)
        saves = sum("update" in q["sql"].lower() for q in asked.captured_queries)
        counts.append(len(asked.captured_queries) - saves)
    assert counts[0] == counts[1]
    assert Notice.objects.count() == 21 * 4
    assert OutboxMessage.objects.count() == 2

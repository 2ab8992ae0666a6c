"""The listener at the timeline: whoever must be told of new entries gets a notice, in the entries' own transaction.

It is handed one entry by the gate and hundreds by the sweep; the number of queries is the same for both.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.adding import add
from notifications import customers, fanout
from notifications.kinds import Kind
from notifications.models import Notice
from notifications.rules import DEADLINE_KINDS, NoticeRule
from people.models import Substitution, User
from workflow import hooks, registry
from workflow.members import members_bulk
from workflow.parties import UnknownPartyError, party
from workflow.substitutes import amounts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from people.scopes import Scope
    from workflow.models import Entry, Record

logger = logging.getLogger(__name__)
IMPORT = "import"
"""The channel of history that is brought in from elsewhere: nobody is told of it."""
DEMO = "demo"
"""The channel of demonstration data: people are told in the application, and nothing leaves the house."""


@dataclass(frozen=True)
class _Call:
    """That parties are to be told of an entry."""

    entry: Entry
    record: Record
    codes: tuple[str, ...]
    kind: str
    rule: str
    urgency: int

    @property
    def subject(self) -> str:
        """Of what of the record it speaks; mostly of the whole."""
        return str(self.entry.data.get("subject") or "")


@hooks.on_entries
def tell(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:
    """Write the notices of new entries, and ask the outbox to carry them out of the house."""
    heard = [entry for entry in entries if entry.channel != IMPORT]
    calls = [call for entry in heard for call in _calls(entry, records[entry.record_id])]
    notices = _notices(calls) if calls else []
    add(notices)
    told = {notice.entry.pk for notice in notices if notice.entry is not None and notice.entry.channel != DEMO}
    written = {e.pk for e in heard if e.channel != DEMO and customers.mail_of(e, records[e.record_id]) is not None}
    if told or written:
        fanout.ask(sorted(told | written))


def _calls(entry: Entry, record: Record) -> Iterator[_Call]:
    if entry.verb in DEADLINE_KINDS:
        kind, urgency = DEADLINE_KINDS[entry.verb]
        if kind == Kind.DEADLINE:
            kind = Kind(_timer_kind(record, entry) or kind)
        rule = entry.rules[0] if entry.rules else ""
        yield _Call(entry, record, tuple(entry.data.get("recipients", ())), kind, rule, urgency)
        return
    for declared in registry.get(record.kind).notices:
        if isinstance(declared, NoticeRule) and declared.speaks(record, entry):
            yield _Call(entry, record, declared.to, declared.kind, declared.rule, declared.urgency)


def _timer_kind(record: Record, entry: Entry) -> str:
    """As what a process's own timer speaks of being due, where it says so."""
    flow: Any = registry.get(record.kind).model
    timer = next((each for each in flow.timers if each.code == entry.data.get("timer")), None)
    return timer.tells if timer is not None else ""


def _notices(calls: Sequence[_Call]) -> list[Notice]:
    codes = _known(code for call in calls for code in call.codes)
    records = list({call.record.pk: call.record for call in calls}.values())
    members = members_bulk(records, codes)
    meant = _meant(calls, codes)
    present = _present({user_id for reached in (*members.values(), *meant.values()) for user_id in reached})
    substitutes = _substitutes(present, calls[0])
    limited = any(scope.most is not None for reached in substitutes.values() for _who, scope in reached)
    amounts = amounts_of(records) if limited else {}
    made: dict[tuple[int, int], Notice] = {}
    for call in calls:
        reached = [user for code in call.codes for user in _members_of(call, code, members, meant) if user in present]
        for user in reached:
            _add(made, call, user, None)
        for user in reached:
            for substitute, scope in substitutes.get(user, ()):
                if scope.covers(call.record.kind, amounts.get(call.record.pk)):
                    _add(made, call, substitute, user)
    return list(made.values())


def _meant(calls: Sequence[_Call], codes: Iterable[str]) -> dict[tuple[int, str, str], list[int]]:
    """Who of a party is meant by what is about one thing of its record alone: a query a party at most."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for code in codes:
        about = {(call.record.pk, call.subject) for call in calls if call.subject and code in call.codes}
        people = party(code).parts[0].of_subjects(about) if about else None
        for record, subject in about if people is not None else ():
            found[record, subject, code] = (people or {}).get((record, subject), [])
    return found


def _members_of(
    call: _Call,
    code: str,
    members: Mapping[tuple[int, str], list[int]],
    meant: Mapping[tuple[int, str, str], list[int]],
) -> Sequence[int]:
    few = meant.get((call.record.pk, call.subject, code)) if call.subject else None
    return members.get((call.record.pk, code), ()) if few is None else few


def _add(made: dict[tuple[int, int], Notice], call: _Call, user: int, principal: int | None) -> None:
    """One notice a person and entry; nobody is told of what they did themselves."""
    if user == call.entry.actor_id or (call.entry.pk, user) in made:
        return
    made[call.entry.pk, user] = Notice(
        recipient_id=user,
        record_id=call.record.pk,
        entry=call.entry,
        kind=call.kind,
        rule=call.rule,
        urgency=call.urgency,
        stands_in_for_id=principal,
        created_at=call.entry.at,
    )


def _known(codes: Iterable[str]) -> list[str]:
    """The codes that name a party; a policy's slip of the pen must not stop its deadlines."""
    known: list[str] = []
    for code in dict.fromkeys(codes):
        try:
            party(code)
        except UnknownPartyError:
            logger.warning("nobody is told: there is no party %r", code)
        else:
            known.append(code)
    return known


def _present(user_ids: set[int]) -> set[int]:
    return set(User.objects.staff().filter(pk__in=user_ids).values_list("pk", flat=True)) if user_ids else set()


def _substitutes(principals: set[int], call: _Call) -> dict[int, list[tuple[int, Scope]]]:
    """Who stands in for whom at the time of the entry, and how far."""
    if not principals:
        return {}
    running = Substitution.objects.running(call.entry.at).filter(
        principal__in=principals, substitute__is_active=True, substitute__is_customer=False
    )
    found: dict[int, list[tuple[int, Scope]]] = defaultdict(list)
    for row in running.order_by("id"):
        found[row.principal_id].append((row.substitute_id, row.scope))
    return found

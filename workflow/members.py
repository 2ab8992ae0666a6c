"""Who the parties to many records are, in a fixed number of queries: for what is told to many at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from people.models import User
from workflow import watching
from workflow.models import Involvement
from workflow.parties import InvolvedPart, PersonPart, RolePart, party

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workflow.models import Record


def members_bulk(records: Sequence[Record], codes: Iterable[str]) -> dict[tuple[int, str], list[int]]:
    """Who the parties are, for many records at once, in a fixed number of queries.

    Keys are (record id, party code), values ids of active staff. Records must carry customer and handler.
    """
    wanted = list(dict.fromkeys(codes))
    parts = {code: party(code).parts[0] for code in wanted}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for code, part in parts.items():
        if isinstance(part, PersonPart):
            for record in records:
                person = part.find(record)
                if person is not None:
                    found[record.pk, code].append(person)
        elif at_large := part.at_large():
            for record in records:
                found[record.pk, code].extend(at_large)
        else:
            for record_id, people in part.of_records(records).items():
                found[record_id, code].extend(people)
    _add_role_holders(records, [code for code, part in parts.items() if isinstance(part, RolePart)], found)
    _add_involved(records, {c: p for c, p in parts.items() if isinstance(p, InvolvedPart)}, found)
    return found


def _add_role_holders(records: Sequence[Record], roles: list[str], found: dict[tuple[int, str], list[int]]) -> None:
    if not roles:
        return
    holders: dict[str, list[int]] = defaultdict(list)
    rows = User.objects.staff().filter(roles__code__in=roles).order_by("id").values_list("roles__code", "id")
    for code, user_id in rows:
        holders[code].append(user_id)
    for record in records:
        for code in roles:
            found[record.pk, code].extend(holders.get(code, ()))


def _add_involved(
    records: Sequence[Record], parts: dict[str, InvolvedPart], found: dict[tuple[int, str], list[int]]
) -> None:
    if not parts:
        return
    staff = Involvement.objects.filter(user__is_active=True, user__is_customer=False, stopped_at__isnull=True)
    asked = staff.filter(record__in=[record.pk for record in records]).order_by("id")
    rows = list(asked.values_list("record_id", "part", "user_id"))
    lost = watching.lost_sight(records, rows)
    for record_id, kind, user_id in rows:
        if (record_id, user_id) in lost:
            continue
        for code, part in parts.items():
            if kind in part.kinds and user_id not in found[record_id, code]:
                found[record_id, code].append(user_id)

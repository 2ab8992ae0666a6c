"""我的工作台: everything that waits for the visitor, and what the visitor follows; one query a block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from core import clock
from core.prepared import fetch
from desk import acts, addresses, lines, matters, waiting
from desk.standing import principals, shape
from desk.visitors import visitor
from workflow import registry
from workflow.models import Involvement, Record, WorkItem

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString

    from people.models import User

SHOWN_WORK = 25
ALL_WORK = 300
SHOWN_RECORDS = 8


@dataclass(frozen=True)
class Work:
    """A piece of work: the line that shows it, and by when it is due."""

    line: SafeString
    due_at: datetime | None


@dataclass(frozen=True)
class Group:
    """Work that is due about the same time."""

    code: str
    label: str
    items: list[Work]

    @property
    def lines(self) -> SafeString:
        """All of it, as the page shows it."""
        return mark_safe("".join(work.line for work in self.items))  # noqa: S308 - each line is markup


@dataclass(frozen=True)
class Block:
    """A short list of records; `more` leads to all of them, `teaches` stands there while there are none."""

    title: str
    lines: SafeString
    more: str
    teaches: str


def home(request: HttpRequest) -> HttpResponse:
    """The first page of the day."""
    user = visitor(request)
    shown = ALL_WORK if request.GET.get("work") == "all" else SHOWN_WORK
    work = _work(user, shown + 1)
    page: dict[str, Any] = {
        "groups": _grouped(work[:shown]),
        "more_work": len(work) > shown,
        "blocks": _blocks(user),
        "principals": list(dict.fromkeys(_stood_in_for(principal) for principal in principals(user))),
        "matters": matters.of(user),
        "starts": [p for p in registry.all_processes() if acts.may_create(p, user)],
    }
    return render(request, "desk/home.html", page)


def _stood_in_for(principal: User) -> str:
    """One for whom the visitor stands in, with how far where there is a limit."""
    limit = principal.lent.words
    return f"{principal} ({limit})" if limit else str(principal)


def _work(user: User, most: int) -> list[Work]:
    def rows() -> QuerySet[WorkItem]:
        return WorkItem.objects.select_related("record__customer", "record__handler").soonest(
            user, principals(user), most
        )

    items = fetch(("work", most, *shape(user)), rows)
    return [
        Work(
            lines.waiting(
                item,
                waiting.words(item.record.kind, item.verb),
                waiting.where(item.record, item.verb),
                item.instead_of(user, principals(user)),
                item.record.handler if waiting.is_decision(item.record.kind, item.verb) else None,
            ),
            item.due_at,
        )
        for item in items
    ]


def _grouped(work: list[Work]) -> list[Group]:
    now = clock.now()
    here = clock.local(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    week_end = midnight + timedelta(days=6 - here.weekday())
    bounds: list[tuple[str, str | Promise, datetime | None]] = [
        ("over", _("Overdue"), now),
        ("today", _("Today"), midnight),
        ("week", _("This week"), week_end),
        ("later", _("Later, or without a time"), None),
    ]
    groups: list[Group] = []
    rest = list(work)
    for code, label, until in bounds:
        taken = [w for w in rest if until is None or (w.due_at is not None and w.due_at < until)]
        rest = [w for w in rest if until is not None and (w.due_at is None or w.due_at >= until)]
        if taken:
            groups.append(Group(code, str(label), taken))
    return groups


def _blocks(user: User) -> list[Block]:
    blocks: list[Block] = []
    if user.has_role("customer_specialist"):
        blocks.append(
            _block(
                user,
                _("Accepted by me, still open"),
                Q(specialist=user),
                "specialist",
                _("What you accept from customers stays here until it is solved (TKT-22)."),
            )
        )
    if user.has_role("account_manager", "senior_account_manager"):
        blocks.append(
            _block(
                user,
                _("Open for my customers"),
                Q(customer__account_manager=user),
                "customers",
                _("Everything that is open for the customers you manage shows here with its time limit (TKT-23)."),
            )
        )
    watched = Involvement.objects.reading_along(user).values("record_id")
    blocks.append(
        _block(
            user,
            _("Watched by me"),
            Q(id__among=watched),
            "watched",
            _("What you watch, and what colleagues copy to you, shows here while it is open."),
        )
    )
    return blocks


def _block(user: User, title: str, which: Q, preset: str, teaches: str) -> Block:
    def rows() -> QuerySet[Record]:
        seen = Record.objects.for_actor(user).filter(which, is_open=True).select_related("customer", "handler")
        return seen.order_by(F("due_at").asc(nulls_last=True), "-id")[: SHOWN_RECORDS + 1]

    found = fetch(("block", preset, *shape(user)), rows)
    kind = found[0].kind if found else ""
    more = f"{addresses.of_kind(kind)}?show={preset}" if len(found) > SHOWN_RECORDS else ""
    return Block(title, lines.followed(found[:SHOWN_RECORDS]), more, teaches)

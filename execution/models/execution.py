"""The execution of a contract."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Contract
from core.adding import add
from core.bulk import update_many
from core.text import listed
from documents.models import Document
from documents.states import State as Paper
from execution.flow import AT_WORK, ExecutionFlow, Lane, Progress, State
from execution.flow.items import OF_LANES
from execution.flow.lanes import OF_THE_SPECIALIST, RULES, way_of
from execution.models.item import CHANGED, PlanItem
from execution.models.look import SETTLED
from execution.models.plan import Plan
from execution.models.promised import drawn
from workflow.models import Record
from workflow.models.record import RecordQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from people.models import User
    from workflow.flow import Act

SIGNED_BY_MANAGER = "account_manager_signature"


class ExecutionQuerySet(RecordQuerySet):
    """Row rights and the named questions about executions."""

    def stuck_longest(self) -> Any:
        """Those that are under way, what stands still longest first."""
        return self.filter(stuck_since__isnull=False).order_by("stuck_since", "pk")


def _due_of(lane: str) -> Any:
    """The promised times of a lane: by when each item of it is to be done."""
    return property(lambda execution: execution.plan.dues(lane))


class Execution(ExecutionFlow, Record):
    """How a contract is carried out. `handler` is the account manager, `specialist` who has the copy in hand.

    `stuck_since`, `next_due_on` and the counts are derived from its items with every act, so that lists need none of
    them; `stuck_since` can lie ahead: from then on it would stand still. `confirmation` is its Serv101.
    """

    carries_out = models.OneToOneField(
        Contract, models.PROTECT, related_name="carried_out_by", verbose_name=gettext_lazy("contract")
    )
    confirmation = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Serv101", editable=False
    )
    stuck_since = models.DateTimeField(gettext_lazy("stands still since"), null=True, blank=True, editable=False)
    next_due_on = models.DateField(gettext_lazy("next due on"), null=True, blank=True, editable=False)
    open_items = models.PositiveSmallIntegerField(gettext_lazy("items to be done"), default=0, editable=False)
    all_items = models.PositiveSmallIntegerField(gettext_lazy("items in all"), default=0, editable=False)

    objects: ClassVar[Any] = ExecutionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("execution of a contract")
        verbose_name_plural = gettext_lazy("executions of contracts")
        indexes = (
            models.Index(
                fields=["stuck_since", "record_ptr"], condition=Q(stuck_since__isnull=False), name="executions_stuck"
            ),
            models.Index(fields=["next_due_on"], condition=Q(next_due_on__isnull=False), name="executions_next_due"),
        )

    licence_due = _due_of(Lane.LICENCE)
    delivery_due = _due_of(Lane.DELIVERY)
    installation_due = _due_of(Lane.INSTALLATION)
    talks_due = _due_of(Lane.TALKS)
    training_due = _due_of(Lane.TRAINING)
    acceptance_due = _due_of(Lane.ACCEPTANCE)
    other_due = _due_of(Lane.OTHER)
    money_due = _due_of(Lane.MONEY)

    @property
    def plan(self) -> Plan:
        """Its items, read once for each object; one query, unless they were read together with others' already."""
        known: Plan | None = self.__dict__.get("_plan")
        if known is None:
            ready = "items" in getattr(self, "_prefetched_objects_cache", {})
            rows = self.items if ready else self.items.select_related("owner", "record", "done_by", "waived_by")
            known = self.__dict__["_plan"] = Plan(list(rows.all()) if self.pk is not None else [])
        return known

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload, with its items."""
        self.__dict__.pop("_plan", None)
        super().refresh_from_db(*args, **kwargs)

    def facts(self) -> dict[str, str]:
        """What policies can be narrowed by."""
        return {"business": self.carries_out.business}

    def applies(self, rule: str) -> bool:
        """Of the rules about lanes, that of the item on which was acted; delivery's own, of delivery."""
        lane = self.__dict__.get("_lane", "")
        if rule == "DLV-01":
            return bool(lane == Lane.DELIVERY)
        return rule not in OF_LANES or RULES.get(lane) == rule

    def unready(self) -> str:
        """Why Serv101 cannot be signed on the screen as it stands; empty if it can."""
        paper: Any = self.confirmation
        if paper is None or paper.state not in {Paper.DRAFT, Paper.SUBMITTED}:
            return _("Serv101 is not open for signing on the screen: its paper is signed and comes back as a scan.")
        if SIGNED_BY_MANAGER not in paper.values:
            return _("The account manager signs first: %(number)s.") % {"number": paper.number}
        if missing := paper.unanswered():
            named = listed(item.in_language() for item in missing)
            return _("%(number)s is not filled in: %(items)s.") % {"number": paper.number, "items": named}
        return ""

    # --- what the flow's verbs do -------------------------------------------------------------------------------------
    def _begin(self, act: Act, contract: Contract) -> None:
        self.carries_out, self.customer, self.title = contract, contract.customer, contract.title
        self.parent_id = contract.pk
        self.specialist = contract.specialist
        self.handler = (
            contract.customer.account_manager if contract.customer is not None else None
        ) or contract.handler
        plan = self.__dict__["_plan"] = Plan(drawn(contract))
        amendments: Any = contract.amendments.filter(effective_on__isnull=False, terminated_on__isnull=True)
        for later in amendments.order_by("pk"):
            plan.merge(drawn(later), later.number)
        for item in plan.items:
            item.owner = self._first_owner(item)
        self._account(act)
        act.once_written(lambda _entry: self._store(plan.items))

    def _store(self, items: list[PlanItem]) -> None:
        for item in items:
            item.execution = self
        add(items)

    def _first_owner(self, item: PlanItem) -> User | None:
        owner: User | None = self.specialist if item.lane in OF_THE_SPECIALIST else self.handler
        return owner

    def _give(self, act: Act, handler: User | None, specialist: User | None) -> None:
        """Let what was the former one's be the new one's; what was given to others stays theirs."""
        for item in self.plan.unsettled():
            ours = item.lane in OF_THE_SPECIALIST
            former, new = (self.specialist_id, specialist) if ours else (self.handler_id, handler)
            if new is not None and item.owner_id == former:
                item.owner = new
        self.handler, self.specialist = handler or self.handler, specialist or self.specialist
        self._keep(act, self.plan.dues())

    def _item(self, act: Act, item: PlanItem, **values: Any) -> None:
        before = self.plan.dues()
        self.__dict__["_lane"] = item.lane
        for name, value in values.items():
            setattr(item, name, value)
        self._keep(act, before)

    def _begin_process(self, act: Act, item: PlanItem) -> None:
        way = way_of(item.lane)
        if way is not None:
            record = way.begin(item, act.actor)
            act.tell("record", record.number)
            self._follow(act, item.made_by(record), way.progress(record.state), None)

    def _follow(self, act: Act, item: PlanItem, progress: str, done_on: date | None) -> None:
        before = self.plan.dues()
        self.__dict__["_lane"] = item.lane
        item.go_on(progress, act.at, done_on)
        self._keep(act, before)

    def _amend(self, act: Act, contract: Contract) -> None:
        before = self.plan.dues()
        new = self.plan.merge(drawn(contract), contract.number)
        for item in new:
            item.owner = self._first_owner(item)
        self._keep(act, before)
        self._store(new)

    def _keep(self, act: Act, before: dict[str, datetime]) -> None:
        """Store the items as they are now; the deadline of what is done ends in time, of what moved begins anew."""
        plan = self.plan
        plan.date_payments()
        self._account(act)
        now = plan.dues()
        for item in plan.items:
            if item.key in before and now.get(item.key) != before[item.key]:
                done = item.progress == Progress.DONE
                (act.next_round if done else act.begin_anew)(f"execution.{item.lane}", item.key)
        if stored := [item for item in plan.items if item.pk is not None]:
            update_many(stored, CHANGED)

    def _account(self, act: Act) -> None:
        """Derive from the items what lists show, and since when nothing goes on."""
        plan, state = self.plan, act.verb.target or self.state
        plan.note_ready(act.at)
        gone_on = bool(act.verb.leads_to) or self.open_items != len(plan.unsettled())
        self.open_items, self.all_items = len(plan.unsettled()), len(plan.items)
        self.next_due_on = plan.next_due_on
        if state in self.final:
            self.stuck_since = self.next_due_on = None
        elif state != State.STARTED and plan.unsettled():
            self.stuck_since = plan.stuck_since() or act.at
        elif gone_on or self.stuck_since is None:
            self.stuck_since = act.at

    def _reopened(self) -> str:
        over = self.state not in AT_WORK and self.plan.unsettled()
        return State.IN_PROGRESS if over else self.state

    @staticmethod
    def asked_for(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[int]]:
        """Whom it concerns that items are due, by execution and item: whoever can do something now; one query."""
        rows: dict[int, list[PlanItem]] = defaultdict(list)
        for item in PlanItem.objects.filter(execution__in={pk for pk, _item in keys}):
            rows[item.execution_id].append(item)
        plans = {pk: Plan(items) for pk, items in rows.items()}
        found = {(pk, key): plans[pk].asked(key) if pk in plans else [] for pk, key in keys}
        return {key: [item.owner_id for item in items if item.owner_id is not None] for key, items in found.items()}

    @staticmethod
    def owners_of(keys: Collection[int], lane: str = "") -> dict[int, list[int]]:
        """Who owns what is still to be done of many executions, of one lane or of all; one query."""
        rows = PlanItem.objects.filter(execution__in=keys, owner__is_active=True).exclude(progress__in=SETTLED)
        rows = rows.filter(lane=lane) if lane else rows
        found: dict[int, list[int]] = defaultdict(list)
        for key, owner in rows.order_by("pk").values_list("execution_id", "owner_id"):
            if owner is not None and owner not in found[key]:
                found[key].append(owner)
        return found

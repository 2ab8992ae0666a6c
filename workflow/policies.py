"""The deadline policies in force, as one act sees them: which fits a record, and on which terms its deadlines run."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from calendars.models import WorkCalendar
from core.held import Held
from workflow import terms
from workflow.models import Deadline, DeadlinePolicy, PolicyLevel

if TYPE_CHECKING:
    from workflow.terms import Terms


class Policies:
    """The policies in force."""

    def __init__(self) -> None:
        self._by_timer: dict[str, list[DeadlinePolicy]] = defaultdict(list)
        self._by_id: dict[int, DeadlinePolicy] = {}
        self._present: dict[int, tuple[Terms, WorkCalendar | None]] = {}
        levels = Prefetch("levels", PolicyLevel.objects.order_by("position"))
        for policy in DeadlinePolicy.objects.select_related("calendar").prefetch_related(levels):
            self._by_id[policy.pk] = policy
            if policy.active:
                self._by_timer[policy.timer].append(policy)

    def matching(self, timer: str, facts: dict[str, str]) -> DeadlinePolicy | None:
        """The policy of a timer that says most about records of these facts; None if none applies."""
        fitting = [policy for policy in self._by_timer.get(timer, ()) if policy.fits(facts)]
        return max(fitting, key=lambda policy: (len(policy.match), -policy.pk), default=None)

    def of(self, deadline: Deadline) -> Terms:
        """The terms that a deadline runs under."""
        if deadline.terms_id is None:
            return self.present(self._by_id[deadline.policy_id])
        now = self._present.get(deadline.policy_id)
        return now[0] if now is not None and now[0].id == deadline.terms_id else terms.kept(deadline.terms_id)

    def present(self, policy: DeadlinePolicy, *, keep: bool = False) -> Terms:
        """The terms of a policy as it is now; `keep` them for a deadline that is set under them."""
        found = self._present.get(policy.pk)
        if found is None:
            calendar = terms.calendar_of(policy)
            made = terms.present(policy, list(policy.levels.all()), calendar)
            found = self._present[policy.pk] = (made, calendar)
        if keep:
            terms.keep(*found)
        return found[0]

    def rules(self) -> list[tuple[str, dict[str, str], str]]:
        """All that decides how a deadline is set: each timer's policies in force, whom they fit, and their terms."""
        return [
            (policy.timer, policy.match, str(self.present(policy).id))
            for of_timer in self._by_timer.values()
            for policy in of_timer
        ]


policies: Held[Policies] = Held(Policies, DeadlinePolicy, PolicyLevel, WorkCalendar)
"""The policies in force, held until somebody changes one, or a calendar."""

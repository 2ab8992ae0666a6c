"""Surveys: what the present rules would change in what runs, for the administrators' pages that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calendars.models import WorkCalendar
from workflow import recompute
from workflow.forms import Line
from workflow.models import Deadline, DeadlinePolicy
from workflow.models.deadlines import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "workflow_recomputation_survey"
MOST = 2000
"""How many records a survey looks at; a recomputation looks at all of them."""
PAGE = 50


class OrderForm(forms.Form):
    """Why what runs is recomputed. `rules` is what the administrator was shown."""

    reason = Line(label=_("Reason"), max_length=200)
    rules = forms.CharField(widget=forms.HiddenInput)


def scope_of(asked: Mapping[str, str]) -> tuple[DeadlinePolicy | WorkCalendar | None, list[str]]:
    """What the survey is about, and whose deadlines it looks at; without either, at all."""
    if asked.get("policy", "").isdecimal():
        policy = get_object_or_404(DeadlinePolicy, pk=int(asked["policy"][:18]))
        return policy, _timers_of_policy(policy)
    if asked.get("calendar", "").isdecimal():
        calendar = get_object_or_404(WorkCalendar, pk=int(asked["calendar"][:18]))
        return calendar, _timers_of_calendar()
    return None, sorted(recompute.all_timers())


def _timers_of_policy(policy: DeadlinePolicy) -> list[str]:
    """The policy's timer, and those of what still runs under it from before it was given another."""
    running = Deadline.objects.open().filter(policy=policy).order_by().values_list("timer", flat=True)
    return sorted({policy.timer, *running.distinct()})


def _timers_of_calendar() -> list[str]:
    """The timers that count working time, or have: which calendar they follow is the policies' affair."""
    counting = DeadlinePolicy.objects.filter(clock=Clock.WORKING).values_list("timer", flat=True)
    running = Deadline.objects.open().filter(clock=Clock.WORKING).order_by().values_list("timer", flat=True)
    return sorted({*counting, *running.distinct()})


def _page(**subject: int) -> str:
    return f"{reverse(f'admin:{NAME}')}?{urlencode(subject)}"


def page_of_policy(policy: DeadlinePolicy) -> str:
    """Where one sees what the policy would change in what runs."""
    return _page(policy=policy.pk)


def after_edit(policy: DeadlinePolicy) -> HttpResponseRedirect | None:
    """To where one looks after an edit of a policy; None if nothing that runs would be set otherwise."""
    touched = recompute.survey(_timers_of_policy(policy), MOST).changes
    return HttpResponseRedirect(page_of_policy(policy)) if touched else None


def page_of_calendar(calendar: WorkCalendar | None) -> str:
    """Where one sees what a calendar would change in what runs; None: whichever calendar."""
    return _page(calendar=calendar.pk) if calendar is not None else _page()


def touched_by_calendar(_calendar: WorkCalendar | None) -> bool:
    """Whether anything that counts working time would be set otherwise now."""
    return bool(recompute.survey(_timers_of_calendar(), MOST).changes)

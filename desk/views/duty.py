"""The roster's page: who is on duty when, by week or month; shifts planned by directors; exchanges of shifts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from desk.visitors import visitor
from duty import roster as book
from duty import swaps
from duty.forms import AnswerForm, ShiftForm, SwapForm
from duty.models import Gap, Shift, Swap, can_be_on_duty

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

    from people.models import User

PLANNERS = ("service_director",)
_WEEK, _WEEKS_OF_A_MONTH = 7, 6
_FURTHEST_YEARS = 50
_ANSWERED_LATELY = timedelta(days=14)


@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """The days asked for, what one is asked, and forms for what one may do."""
    return _page(request)


def _page(request: HttpRequest, **bound: BaseForm) -> HttpResponse:
    user = visitor(request)
    by_month = request.GET.get("view") == "month"
    first, days = _span(request.GET.get("from", ""), by_month=by_month)
    here, now = clock.local(clock.now()).date(), clock.now()
    plans, serves = user.has_role(*PLANNERS) or user.is_superuser, can_be_on_duty(user)
    shown = book.plan(first, days)
    found: dict[str, Any] = {
        "days": shown,
        "last": shown[-1],
        "today": here,
        "by_month": by_month,
        "month": first + timedelta(days=_WEEK) if by_month else None,
        "before": first - timedelta(days=1 if by_month else _WEEK),
        "after": first + timedelta(days=days),
        "now_on_duty": book.on_duty(now),
        "closed": book.off_hours(now),
        "plans": plans,
        "shift_form": bound.get("shift_form") or (ShiftForm() if plans else None),
        "swap_form": bound.get("swap_form") or (SwapForm(user=user) if serves else None),
        "answer_form": bound.get("answer_form") or AnswerForm(label_suffix=""),
        "swaps": _swaps(user, all_of_them=plans),
        "gaps": Gap.objects.filter(ends_at__gt=now).select_related("post")[:20] if plans else (),
    }
    faulty = any(form.errors for form in bound.values())
    return render(request, "desk/duty.html", found, status=422 if faulty else 200)


def _span(asked: str, *, by_month: bool) -> tuple[date, int]:
    """The first day shown and how many: whole weeks, from a Monday."""
    today = clock.local(clock.now()).date()
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = today
    if abs(day.year - today.year) > _FURTHEST_YEARS:
        day = today
    if by_month:
        day = day.replace(day=1)
    return day - timedelta(days=day.weekday()), _WEEK * (_WEEKS_OF_A_MONTH if by_month else 1)


def _swaps(user: User, *, all_of_them: bool) -> list[Swap]:
    """Exchanges that concern a person (a director: everybody): those that wait, and those answered lately."""
    lately = Q(outcome=Swap.Outcome.ASKED) | Q(answered_at__gte=clock.now() - _ANSWERED_LATELY)
    whose = Q() if all_of_them else Q(asked_by=user) | Q(asked_of=user)
    related = ("shift__engineer", "in_return__engineer", "asked_by", "asked_of")
    return list(Swap.objects.filter(lately, whose).select_related(*related)[:30])


def _only_planners(request: HttpRequest) -> None:
    user = visitor(request)
    if not (user.has_role(*PLANNERS) or user.is_superuser):
        raise PermissionDenied(_("Service directors plan the roster (OFH-12)."))


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Put somebody on a shift."""
    _only_planners(request)
    form = ShiftForm(request.POST)
    try:
        if form.is_valid():
            shift = form.save()
            messages.success(request, _("On the roster: %(shift)s.") % {"shift": shift}, extra_tags="duty/shift")
            return redirect("desk:duty")
    except ValidationError as error:  # somebody planned the same night a moment before
        form.add_error(None, error)
    return _page(request, shift_form=form)


@require_POST
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a shift off the roster that has not begun and that nobody was asked about."""
    _only_planners(request)
    shift = get_object_or_404(Shift, pk=pk, starts_at__gt=clock.now())
    try:
        shift.delete()
        messages.success(request, _("Taken off the roster."))
    except ProtectedError:
        messages.error(request, _("An exchange of this shift is on record; give it to somebody else instead."))
    return redirect("desk:duty")


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a colleague to take one's shift."""
    user = visitor(request)
    if not can_be_on_duty(user):
        raise PermissionDenied(_("Only those who are on the roster exchange shifts."))
    form = SwapForm(request.POST, user=user)
    if form.is_valid():
        try:
            swap = swaps.ask(by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("%(person)s has been asked.") % {"person": swap.asked_of}, extra_tags="duty/swap"
            )
            return redirect("desk:duty")
    return _page(request, swap_form=form)


@require_POST
def answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Agree to an exchange, decline it, or take one's question back."""
    user = visitor(request)
    swap = get_object_or_404(Swap, Q(asked_by=user) | Q(asked_of=user), pk=pk)
    form = AnswerForm(request.POST, label_suffix="")
    try:
        if answer == "agree":
            swaps.agree(swap, by=user)
        elif answer == "withdraw":
            swaps.withdraw(swap, by=user)
        elif answer != "decline":
            raise Http404
        elif form.is_valid():
            swaps.decline(swap, by=user, answer=form.cleaned_data["answer"])
        else:
            return _page(request, answer_form=form)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:duty")

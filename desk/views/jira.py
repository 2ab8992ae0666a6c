"""What is out of step between the desk and R&D's JIRA, for those who look after it; there only while JIRA is on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.forms import WhyForm
from desk.standing import jira_is_on
from desk.visitors import visitor
from jira import outofstep
from jira.panels import lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from jira.models import Issue
    from people.models import User

    View = Callable[..., HttpResponse]

SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """An issue, and why it differs from its record."""

    issue: Issue
    why: list[str]


def _overseer(view: View) -> View:
    """Let in only those who look after JIRA, and only while it is on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not jira_is_on(visitor(request)):
            raise Http404
        if not outofstep.may_oversee(visitor(request)):
            raise PermissionDenied(_("This page is for R&D, directors and administrators."))
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@_overseer
def out_of_step(request: HttpRequest) -> HttpResponse:
    """What does not get through or come, issues that say something else than their tickets, and the last reading."""
    user = visitor(request)
    failing = list(outofstep.failing(user)[: SHOWN + 1])
    differing = list(outofstep.differing(user)[: SHOWN + 1])
    missing = list(outofstep.missing(user)[: SHOWN + 1])
    found = {
        "connection": outofstep.connection(),
        "failing": failing[:SHOWN],
        "missing": missing[:SHOWN],
        "differing": [_difference(issue) for issue in differing[:SHOWN]],
        "more": max(len(failing), len(differing), len(missing)) > SHOWN,
    }
    return render(request, "desk/jira.html", found)


def _difference(issue: Issue) -> Difference:
    why = lacking(issue)
    if issue.fault:
        why = [issue.get_fault_display(), *why]
    elif not why:
        why = [
            _("R&D is done, and the record is still with R&D.")
            if issue.done
            else _("The record is no longer with R&D, and the issue is still open.")
        ]
    return Difference(issue, why)


@require_POST
@_overseer
def retry(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """Try again at once. Raises Http404 for what is not out of step, or is not the visitor's to see."""
    user = visitor(request)
    if subject == "message" and outofstep.retry_message(user, pk) is not None:
        messages.success(request, _("JIRA is told once more."))
    elif subject == "file" and outofstep.retry_file(user, pk) is not None:
        messages.success(request, _("The file is fetched once more."))
    elif subject == "issue" and outofstep.retry_issue(user, pk) is not None:
        messages.success(request, _("The issue is read once more."))
    else:
        raise Http404
    return redirect("desk:jira")


@require_http_methods(["GET", "POST"])
@_overseer
def ignore(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """Take something off the list, with a reason that stays on record."""
    user = visitor(request)
    row = _row(user, subject, pk)
    form = WhyForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        outofstep.ignore(row, user, form.cleaned_data["reason"])
        messages.success(request, _("It is off the list; the reason is kept."))
        return redirect("desk:jira")
    status = 422 if form.errors else 200
    return render(request, "desk/jira_ignore.html", {"form": form, "row": row, "subject": subject}, status=status)


def _row(user: User, subject: str, pk: int) -> Any:
    lists: dict[str, Callable[[User], Any]] = {
        "message": outofstep.failing,
        "file": outofstep.missing,
        "issue": outofstep.differing,
    }
    row = lists[subject](user).filter(pk=pk).first() if subject in lists else None
    if row is None:
        raise Http404
    return row

"""What is looked up: the handbook's rules with where they are kept, and the people with who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from core.markup import NOTHING
from desk import states
from handbook import catalogue
from people.models import Substitution, User
from workflow import parties, registry
from workflow.models import DeadlinePolicy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workflow.flow import Verb
    from workflow.registry import Process


@dataclass(frozen=True)
class Kept:
    """A verb that keeps a rule: where it leads from and to, and who may do it."""

    process: Process
    verb: Verb
    sources: list[str]
    target: str


def _kept_by(rule_id: str) -> list[Kept]:
    found = []
    for process in registry.all_processes():
        flow: Any = process.model
        for verb in flow.verbs.values():
            if rule_id in verb.rules or any(need.rule == rule_id for need in verb.needs):
                words = [states.label(process.kind, s) for s in verb.sources if s in flow.State.values]
                found.append(Kept(process, verb, words, states.label(process.kind, verb.target or "")))
    return found


@require_GET
def handbook(request: HttpRequest) -> HttpResponse:
    """Every process of the handbook with its rules in plain words."""
    kept: set[str] = set()
    for process in registry.all_processes():
        flow: Any = process.model
        kept.update(rule for verb in flow.verbs.values() for rule in verb.rules)
    return render(request, "desk/handbook.html", {"processes": catalogue.processes(), "kept": kept})


@require_GET
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: its words in both languages, who acts, and where the software keeps it. Raises Http404."""
    try:
        found = catalogue.rule(rule_id)
    except catalogue.UnknownRule as error:
        raise Http404 from error
    policies = DeadlinePolicy.objects.filter(rule=rule_id, active=True).prefetch_related("levels")
    page = {
        "rule": found,
        "process": catalogue.process(found.process),
        "who": [_party(code) for code in found.who],
        "kept": _kept_by(rule_id),
        "policies": [(policy, timedelta(minutes=policy.minutes)) for policy in policies],
        "notices": [n for p in registry.all_processes() for n in p.notices if getattr(n, "rule", "") == rule_id],
    }
    return render(request, "desk/rule.html", page)


def _party(code: str) -> str:
    try:
        return parties.party(code).label
    except parties.UnknownPartyError:
        return code


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the company, by department, with who is away and who stands in."""
    now = clock.now()
    rows = User.objects.staff().select_related("department", "supervisor").prefetch_related("roles", "regions")
    away = {
        row.principal_id: row
        for row in Substitution.objects.running(now).select_related("substitute").order_by("-ends_at")
    }
    listed = sorted(rows, key=lambda u: (u.department.position if u.department else 999, u.pk))
    found = {"people": [(person, away.get(person.pk)) for person in listed], "nothing": NOTHING}
    return render(request, "desk/people.html", found)

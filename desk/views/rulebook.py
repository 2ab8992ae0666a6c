"""The handbook: every rule in both languages, where it is kept, which tests prove it, and how often it applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk import chooser, states
from desk.standing import shape
from desk.views.lists import paged, whole
from desk.visitors import visitor
from handbook import catalogue, proofs
from people.models import Department, User
from reports import enforcement, rulebook
from reports.rulebook import COUNTED, NOBODY, Tally
from reports.tallies import KEPT, MISSED, STEP
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from desk.chooser import Choice
    from handbook.catalogue import ProcessRules, Rule
    from reports.enforcement import Step


@dataclass(frozen=True)
class Count:
    """A line of numbers of a rule: of whom, and the addresses behind each number."""

    label: str
    tally: Tally
    urls: dict[str, str]
    tests: int = 0
    url: str = ""


@require_GET
def handbook(request: HttpRequest) -> HttpResponse:
    """The rules of one process of the handbook, each with what became of it in a period."""
    processes, choice = catalogue.processes(), chooser.choose(request.GET)
    shown = next((each for each in processes if each.id == request.GET.get("process")), processes[0])
    kept = enforcement.kept()
    user = visitor(request)
    tallies = rulebook.by_rule(user, choice.period.days, shape(user))
    page = {
        "processes": [(each, choice.within(process=each.id), _kept_of(each, kept)) for each in processes],
        "process": shown,
        "choice": choice,
        "rules": [(rule, rule.id in kept, _count(rule, tallies.get(rule.id), choice)) for rule in shown.rules],
    }
    return render(request, "desk/handbook.html", page)


def _kept_of(process: ProcessRules, kept: set[str]) -> int:
    return sum(rule.id in kept for rule in process.rules)


def _count(rule: Rule, tally: Tally | None, choice: Choice) -> Count:
    counted = tally or Tally()
    urls = {what: _behind(rule.id, choice, what) for what in COUNTED if counted.numbers[what]}
    return Count(rule.id, counted, urls, len(proofs.carrying(rule.id)), _place(rule.id, choice))


def _place(rule_id: str, choice: Choice) -> str:
    return f"{reverse('desk:rule', args=[rule_id])}?{urlencode(choice.said)}"


def _book(rule: Rule, choice: Choice) -> str:
    return f"{reverse('desk:handbook')}?{urlencode({'process': rule.process, **choice.said})}#{rule.id}"


def _behind(rule_id: str, choice: Choice, what: str, **whose: str) -> str:
    return f"{reverse('desk:rule-cases', args=[rule_id])}?{urlencode({**choice.said, 'what': what, **whose})}"


@require_GET
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: its words, who acts, where the software keeps it, its tests, and its numbers. Raises Http404."""
    found, choice = _rule_or_404(rule_id), chooser.choose(request.GET)
    user = visitor(request)
    people = rulebook.by_person(rule_id, user, choice.period.days, shape(user))
    named = _people(people)
    whole_tally = Tally()
    for tally in people.values():
        whole_tally.numbers.update(tally.numbers)
    page = {
        "rule": found,
        "process": catalogue.process(found.process),
        "book": _book(found, choice),
        "who": [enforcement.named_party(code) for code in found.who],
        "steps": [(step, *_way(step)) for step in enforcement.steps(rule_id)],
        "policies": [(policy, timedelta(minutes=policy.minutes)) for policy in enforcement.policies(rule_id)],
        "notices": enforcement.notices(rule_id),
        "keepers": registry.keepers(rule_id),
        "tests": [_test(name) for name in proofs.carrying(rule_id)],
        "choice": choice,
        "by_time": rulebook.is_by_time(rule_id),
        "whole": _count(found, whole_tally, choice),
        "people": sorted(_by_person(rule_id, people, named, choice), key=_most_first),
        "departments": sorted(_by_department(rule_id, people, named, choice), key=_most_first),
    }
    return render(request, "desk/rule.html", page)


def _rule_or_404(rule_id: str) -> Rule:
    try:
        return catalogue.rule(rule_id)
    except catalogue.UnknownRule as error:
        raise Http404 from error


def _way(step: Step) -> tuple[list[str], str]:
    flow: Any = step.process.model
    kind, verb = step.process.kind, step.verb
    sources = [states.label(kind, source) for source in verb.sources if source in flow.State.values]
    return sources, " / ".join(states.label(kind, target) for target in verb.leads_to)


def _test(name: str) -> tuple[str, str]:
    """The file of a test, and its name as the sentence that it is."""
    file, _colons, test = name.partition("::")
    return file, test.replace("::", ": ").removeprefix("test_").replace("_", " ")


def _people(keys: Iterable[int | None]) -> dict[int, User]:
    return User.objects.select_related("department").in_bulk([key for key in keys if key is not None])


def _by_person(
    rule_id: str, people: dict[int | None, Tally], named: dict[int, User], choice: Choice
) -> Iterable[Count]:
    for key, tally in people.items():
        label = str(named[key]) if key is not None else _("the software, or nobody yet")
        person = NOBODY if key is None else str(key)
        yield Count(label, tally, {what: _behind(rule_id, choice, what, person=person) for what in COUNTED})


def _by_department(
    rule_id: str, people: dict[int | None, Tally], named: dict[int, User], choice: Choice
) -> Iterable[Count]:
    places = {person.pk: person.department_id for person in named.values()}
    words = {person.department_id: str(person.department) for person in named.values() if person.department}
    for key, tally in rulebook.by_department(people, places).items():
        department = NOBODY if key is None else str(key)
        urls = {what: _behind(rule_id, choice, what, department=department) for what in COUNTED}
        yield Count(words.get(key, _("no department")), tally, urls)


def _most_first(count: Count) -> tuple[int, int, str]:
    return -count.tally.missed, -sum(count.tally.numbers.values()), count.label


@require_GET
def cases(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The acts or deadlines that one number of a rule counts. Raises Http404."""
    found, choice = _rule_or_404(rule_id), chooser.choose(request.GET)
    what = request.GET.get("what", STEP)
    if what not in COUNTED:
        raise Http404
    user, days = visitor(request), choice.period.days
    person, department = _key(request.GET.get("person", "")), _key(request.GET.get("department", ""))

    def rows() -> QuerySet[Any]:
        if what == STEP:
            done = rulebook.of_person(rulebook.steps(rule_id, user, days), "actor", person, department)
            return done.select_related("record__customer", "actor", "on_behalf_of").order_by("-at", "-pk")
        due = rulebook.promises(rule_id, user, days).filter(verdict=what)
        due = rulebook.of_person(due, "person", person, department)
        return due.select_related("record__customer", "record__handler").order_by("-due_at", "-pk")

    page = {
        "rule": found,
        "back": _place(rule_id, choice),
        "choice": choice,
        "what": what,
        "title": _titles()[what],
        "whose": _whose(person, department),
        "page": paged(rows, request.GET),
    }
    return render(request, "desk/rule_cases.html", page)


def _key(given: str) -> str:
    return given if given == NOBODY else str(whole(given) or "")


def _titles() -> dict[str, str]:
    return {STEP: _("Steps done under it"), KEPT: _("Deadlines kept"), MISSED: _("Deadlines missed")}


def _whose(person: str, department: str) -> str:
    """Of whom the cases are, in words; nothing, if of all."""
    if person == NOBODY:
        return _("the software, or nobody yet")
    if person:
        return str(User.objects.filter(pk=person).first() or "")
    if department == NOBODY:
        return _("no department")
    return str(Department.objects.filter(pk=department).first() or "") if department else ""

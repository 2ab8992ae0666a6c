"""The administrators' forms for review policies: people are picked by name, and what could not work is refused."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook import catalogue
from people.models import Role, User
from workflow import registry
from workflow.approvals.pickers import ConditionsField, Ticks
from workflow.approvals.stages import Reviewing
from workflow.flow import Known
from workflow.models import Checklist, ChecklistItem, Mode, PolicyStep, ReviewPolicy
from workflow.parties import RELATIONS, PersonPart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.approvals.stages import Stage

_ITSELF = "review_author"
"""The relation that never decides: nobody does on their own work."""


def reviewed_kinds() -> list[tuple[str, Any]]:
    """The processes whose records are decided on."""
    return [(each.kind, each.plural) for each in registry.all_processes() if issubclass(each.model, Reviewing)]


def flow_of(kind: str) -> type[Reviewing] | None:
    """The flow of a process whose records are decided on; None for any other."""
    known = dict(reviewed_kinds())
    return registry.get(kind).model if kind in known else None  # type: ignore[return-value] # looked at above


def parties() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Who can be asked: relations of one person to the record, and roles."""
    people = [(code, of.label) for code, of in RELATIONS.items() if isinstance(of.parts[0], PersonPart)]
    relations = [(code, label) for code, label in people if code != _ITSELF]
    roles = [(role.code, role.name) for role in Role.objects.filter(active=True)]
    return [(_("relations"), relations), (_("roles"), roles)]


def checklists() -> list[tuple[str, Any]]:
    """The checklists in use."""
    return [(each.code, each.name) for each in Checklist.objects.filter(active=True)]


def facts_of(kind: str, stored: Mapping[str, Any]) -> dict[str, Known]:
    """The facts that a condition can name, and those that a stored one names though the process has them no more."""
    flow = flow_of(kind)
    known = dict(flow.known_facts()) if flow is not None else {}
    for fact, values in stored.items():
        if fact not in known:
            known[fact] = Known(fact, tuple((value, value) for value in values))
    return known


def _stages(kind: str) -> Sequence[Stage]:
    flow = flow_of(kind)
    return flow.stages if flow is not None else ()


def rule_exists(code: str) -> None:
    """Raise ValidationError for what is no rule of the handbook."""
    try:
        catalogue.rule(code)
    except KeyError as error:
        raise forms.ValidationError(_("The handbook has no rule %(rule)s."), params={"rule": code}) from error


class NewPolicyForm(forms.ModelForm[ReviewPolicy]):
    """A new policy: for which process. Its steps and conditions follow, and then it is put in force."""

    kind = forms.ChoiceField(label=gettext_lazy("process"), choices=reviewed_kinds)

    class Meta:
        model = ReviewPolicy
        fields = ("name_zh", "name_en", "kind", "position")

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Without steps it is not in force."""
        self.instance.active = False
        return super().save(commit)


class PolicyForm(forms.ModelForm[ReviewPolicy]):
    """A policy, with its conditions in words."""

    class Meta:
        model = ReviewPolicy
        fields = (
            *("name_zh", "name_en", "position", "active", "when", "least"),
            *("reason_zh", "reason_en", "rule", "keeper"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "when" in self.fields:
            facts = facts_of(self.instance.kind, self.instance.when)
            self.fields["when"] = ConditionsField(facts, label=_("for records with"))

    def clean_rule(self) -> str:
        """A rule that the handbook has."""
        if found := str(self.cleaned_data["rule"]):
            rule_exists(found)
        return found


class StepForm(forms.ModelForm[PolicyStep]):
    """A step: at which stage, who, and how many of them have to agree."""

    stage = forms.ChoiceField(label=gettext_lazy("stage"))
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("roles and relations"), choices=parties, required=False, widget=Ticks
    )
    checklists = forms.MultipleChoiceField(
        label=gettext_lazy("checklists"), choices=checklists, required=False, widget=Ticks
    )

    class Meta:
        model = PolicyStep
        fields = (
            *("position", "code", "stage", "name_zh", "name_en", "mode", "needed"),
            *("parties", "people", "checklists", "when", "least", "rule"),
        )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_stage = {stage.code: stage for stage in _stages(kind)}
        stages: Any = self.fields.get("stage")
        if stages is not None:
            stages.choices = [(stage.code, stage.label) for stage in self.of_stage.values()]
            facts = facts_of(kind, self.instance.when)
            self.fields["when"] = ConditionsField(facts, label=_("for records with"))

    def clean_rule(self) -> str:
        """A rule that the handbook has."""
        if found := str(self.cleaned_data["rule"]):
            rule_exists(found)
        return found

    def clean(self) -> dict[str, Any]:
        """Somebody is asked, and enough of them for a vote; who passes the author's own stage is nobody's choice."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        stage = self.of_stage.get(found.get("stage", ""))
        asked = bool(found.get("parties") or found.get("people"))
        if stage is not None and stage.own and asked:
            self.add_error("parties", _("This stage is passed by the author: nobody else is asked."))
        if stage is not None and not stage.own and not asked and "people" not in self.errors:
            self.add_error("parties", _("Say who is asked: a role, a relation or somebody by name."))
        self._check_votes(found, asked=asked)
        return found

    def _check_votes(self, found: dict[str, Any], *, asked: bool) -> None:
        if found.get("mode") != Mode.VOTE:
            found["needed"] = None
            return
        needed, most = found.get("needed"), _reached(found)
        if needed is None and "needed" not in self.errors:
            self.add_error("needed", _("Say how many votes are needed."))
        elif asked and needed is not None and needed > most:
            said = _("A vote of %(needed)s can never be reached: only %(most)s would be asked.")
            self.add_error("needed", said % {"needed": needed, "most": most})


def _reached(found: Mapping[str, Any]) -> int:
    """How many would be asked: those named, one for each relation, and everybody who holds a role."""
    people = {person.pk for person in found.get("people") or ()}
    codes = set(found.get("parties") or ())
    holders = set(User.objects.holding(*(codes - set(RELATIONS))).values_list("pk", flat=True))
    return len(people | holders) + len(codes & set(RELATIONS))


class StepFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The steps of a policy, in an order that the process can go."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Each form knows for which process it is."""
        return {**super().get_form_kwargs(index), "kind": self.instance.kind}

    def clean(self) -> None:
        """At least one step in a policy in force, each code once, and stages in the order of the process."""
        super().clean()
        if any(self.errors):
            return
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        rows.sort(key=lambda row: row["position"])
        if not rows and self.instance.active:
            raise forms.ValidationError(_("A policy in force needs at least one step: nobody would decide."))
        codes = [row["code"] for row in rows]
        if doubled := next((code for code in codes if codes.count(code) > 1), None):
            raise forms.ValidationError(_("There are two steps with the code “%(code)s”."), params={"code": doubled})
        self._check_order(rows)

    def _check_order(self, rows: Sequence[Mapping[str, Any]]) -> None:
        order = {stage.code: place for place, stage in enumerate(_stages(self.instance.kind))}
        labels = {stage.code: stage.label for stage in _stages(self.instance.kind)}
        for before, after in itertools.pairwise(rows):
            if order[after["stage"]] < order[before["stage"]]:
                raise forms.ValidationError(
                    _("“%(after)s” cannot come after “%(before)s”: %(later)s is a later stage than %(earlier)s."),
                    params={
                        "after": after["name_zh"],
                        "before": before["name_zh"],
                        "later": labels[before["stage"]],
                        "earlier": labels[after["stage"]],
                    },
                )


class ItemFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The items of a checklist: one that is in use asks something."""

    def clean(self) -> None:
        """Refuse a checklist in use that asks nothing."""
        super().clean()
        if any(self.errors) or not self.instance.active:
            return
        if not any(form.cleaned_data.get("active") for form in self.forms if form.cleaned_data):
            raise forms.ValidationError(_("A checklist in use needs at least one item that is asked."))


class ItemForm(forms.ModelForm[ChecklistItem]):
    """An item of a checklist."""

    class Meta:
        model = ChecklistItem
        fields = ("position", "code", "text_zh", "text_en", "active")

"""Inputs of administrators' forms: ticks in groups, and conditions as "this fact is one of these values"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from core.text import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.flow import Known

_JOINED = "__"


class Ticks(forms.CheckboxSelectMultiple):
    """Ticks in groups, folded away while none is set; the fold names those that are."""

    template_name = "workflow/widgets/ticks.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the fold says."""
        context = super().get_context(name, value, attrs)
        options = [option for _group, group, _index in context["widget"]["optgroups"] for option in group]
        chosen = [str(option["label"]) for option in options if option["selected"]]
        context["widget"] |= {"chosen": chosen, "summary": listed(chosen) or _("none"), "title": _("Choose…")}
        return context


class Conditions(forms.Widget):
    """For each fact the values that will do; where none is ticked, every value will."""

    template_name = "workflow/widgets/conditions.html"

    def __init__(self, facts: Mapping[str, Known]) -> None:
        super().__init__()
        self.facts = facts

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, list[str]]:  # noqa: ARG002 - Django's signature
        """What was ticked, by fact."""
        many = getattr(data, "getlist", lambda key: data.get(key, []))
        found = {fact: list(many(f"{name}{_JOINED}{fact}")) for fact in self.facts}
        return {fact: values for fact, values in found.items() if values}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002 - Django's signature
        """Nothing ticked is an answer."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each fact with its values and which of them are ticked."""
        context = super().get_context(name, value, attrs)
        ticked: Mapping[str, Any] = value if isinstance(value, dict) else {}
        chosen = [self.facts[fact].said(ticked[fact]) for fact in self.facts if ticked.get(fact)]
        summary = "; ".join(chosen) or _("all records")
        shown = [self._fact(name, fact, ticked.get(fact, [])) for fact in self.facts]
        context["widget"] |= {"facts": shown, "chosen": chosen, "summary": summary}
        return context

    def _fact(self, name: str, fact: str, ticked: Any) -> dict[str, Any]:
        key = f"{name}{_JOINED}{fact}"
        values = [
            {"code": code, "label": label, "ticked": code in ticked, "id": f"id_{key}_{code}"}
            for code, label in self.facts[fact].values
        ]
        return {"name": key, "label": self.facts[fact].label, "values": values}


class ConditionsField(forms.Field):
    """Which records something is for, by their facts. A fact that the process has lost is refused, not forgotten."""

    def __init__(self, facts: Mapping[str, Known], **kwargs: Any) -> None:
        super().__init__(required=False, widget=Conditions(facts), **kwargs)
        self.facts = facts

    def clean(self, value: Any) -> dict[str, list[str]]:
        """Facts with the values that will do. Raises ValidationError for a value that the fact cannot have."""
        given: dict[str, list[str]] = value or {}
        for fact, values in given.items():
            known = {code for code, _label in self.facts[fact].values}
            if unknown := sorted(set(values) - known):
                raise forms.ValidationError(_("“%(value)s” is no value of it."), params={"value": unknown[0]})
        return given

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other values will do than before."""
        before = {fact: sorted(values) for fact, values in (initial or {}).items() if values}
        return before != {fact: sorted(values) for fact, values in (data or {}).items()}

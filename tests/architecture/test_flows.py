"""What every registered process must have, whichever it is."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

import pytest

from handbook import catalogue
from workflow import registry
from workflow.forms import Files, VerbForm
from workflow.models import Record
from workflow.parties import party

if TYPE_CHECKING:
    from workflow.registry import Process

pytestmark = pytest.mark.kernel
PROCESSES = registry.all_processes()
CASES = [(process, code) for process in PROCESSES for code in process.model.verbs]  # type: ignore[attr-defined]


def _name(value: Any) -> str:
    return str(getattr(value, "kind", value))


@pytest.mark.parametrize("process", PROCESSES, ids=_name)
def test_a_process_is_a_record_with_a_label_and_a_department(process: Process) -> None:
    assert issubclass(process.model, Record)
    assert str(process.label)
    assert str(process.plural)
    assert process.prefix.isupper()
    assert process.department


@pytest.mark.parametrize(("process", "code"), CASES, ids=_name)
def test_a_verb_says_who_may_in_words_and_names_rules_that_exist(process: Process, code: str) -> None:
    verb = process.model.verbs[code]  # type: ignore[attr-defined]
    assert str(verb.label)
    assert verb.by.parts
    assert all(party(each).label for each in verb.by.codes)
    assert all(catalogue.rule(rule) for rule in verb.rules)
    assert verb.tone in {"primary", "normal", "danger", "quiet"}
    assert getattr(process.model, code).__doc__, "what it does stands in its docstring"


@pytest.mark.parametrize(("process", "code"), CASES, ids=_name)
def test_a_verbs_form_asks_for_exactly_what_the_verb_takes(process: Process, code: str) -> None:
    form = process.forms.get(code)
    asked = {name: field for name, field in (form.base_fields if form else {}).items() if not isinstance(field, Files)}
    takes = list(signature(getattr(process.model, code)).parameters.values())[2:]
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in takes):
        return
    needed = {parameter.name for parameter in takes if parameter.default is Parameter.empty}
    assert needed <= set(asked) <= {parameter.name for parameter in takes}


@pytest.mark.parametrize(("process", "code"), CASES, ids=_name)
def test_a_form_names_only_its_own_fields_as_public_or_secret(process: Process, code: str) -> None:
    form = process.forms.get(code, VerbForm)
    assert set(form.public) | set(form.secret) <= set(form.base_fields)


@pytest.mark.parametrize("process", PROCESSES, ids=_name)
def test_whoever_is_told_of_a_deadline_can_be_found(process: Process) -> None:
    flow: Any = process.model
    for timer in flow.timers:
        assert str(timer.label)
        assert timer.code.startswith(f"{process.kind}.")

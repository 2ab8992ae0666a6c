"""The catalogue holds every form of the handbook, whole: nothing that its form part asks for is lost.

`asked/` says form by form what is asked (required ●, under a condition ◐, or not ○; by whom; how; where it comes from
beforehand). The lists were drawn from the definitions once and read over; they guard what is there against being lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forms_templates import catalogue, computed, samples
from forms_templates.language import COMPANY, PLACE, Form
from handbook import catalogue as handbook
from handbook import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forms_templates.language import Item

ASKED = Path(__file__).with_name("asked")
FORMS = [form.code for form in catalogue.forms()]
RULES = {
    "Serv101": "FRM-01",
    "Serv102": "FRM-02",
    "Serv103": "FRM-03",
    "Serv301": "FRM-04",
    "Serv302": "FRM-05",
    "Serv303": "FRM-06",
    "Serv304": "FRM-07",
    "Serv305": "FRM-08",
    "Serv501": "FRM-09",
    "Serv502": "FRM-10",
    "Serv503": "FRM-11",
    "Acceptance": "FRM-12",
}
ORIGINALS = {
    **dict.fromkeys(("Serv303", "Serv305", "Serv501", "TrialDeal", "Review", "Dunning", "TicketSheet"), 2),
    **dict.fromkeys(("Acceptance", "ContractText"), 4),
}
"""How many originals there are; one of all others."""
SIGNERS = {
    "Serv101": {"AM", "SD"},
    "Serv102": {"SDIR", "VP"},
    "Serv103": {"CU"},
    "Serv301": {"CU", "CS", "PSE"},
    "Serv302": {"CU"},
    "Serv303": {"CU", "PSE"},
    "Serv304": {"CU"},
    "Serv305": {"CU", "PSE"},
    "Serv501": {"CU", "TR", "AM"},
    "Serv502": {"CU"},
    "Serv503": {"CU", "TR"},
    "Acceptance": {"CU", "AM"},
    "TrialDeal": {"CU", "SM"},
    "UpgradeNews": set(),
    "UpgradePrep": {"CU"},
    "ContractText": {"CU", "HR"},
    "Review": {"SRV+FIN+RD", "SRV", "FIN", "RD", "DH", "VP"},
    "Statement": {"FIN"},
    "Progress": set(),
    "Dunning": {"FIN+AM"},
    "TicketSheet": {"CU", "PSE+TR+AM+CS"},
}
SEALED = {
    "Serv103": True,
    "Serv302": False,
    "Serv303": False,
    "Serv304": True,
    "Serv501": False,
    "Serv502": False,
    "Acceptance": True,
    "TrialDeal": True,
    "ContractText": True,
    "Statement": False,
    "Dunning": True,
}
"""Which forms bear a seal, and whether one must be there."""
SOURCES = {
    "customer", "contract", "product", "project", "delivery", "install", "license", "training", "consult", "acceptance",
    "campaign", "task", "service", "site", "agreement", "trial", "crm", "issues", "upgrade", "review", "price",
    "payments", "receivables", "decision", "letter", "company", "actor", "record", "ticket", "today",
}  # fmt: skip
"""The first words of the paths that the handbook's form part names, and those of our own records."""


def told(form: Form) -> Iterator[str]:
    """What a form asks, line by line, as `asked/` says it."""
    yield f"{form.code} {form.title.zh}"
    for section in form.sections:
        yield f"== {section.zh}{' (private)' if section.private else ''}"
        for item in section.items:
            yield from _asked(item)


def _asked(item: Item) -> Iterator[str]:
    if item.kind == "clause":
        yield f"clause {item.key}"
        return
    mark = "●" if item.required else "◐" if item.required_when else "○"
    yield f"{mark} {item.by} {item.kind} {item.zh}" + (f" < {item.source}" if item.source else "")
    if item.options:
        yield " ".join(f"□{option.zh}" for option in item.options)
    if item.columns:
        yield "| " + " | ".join(column.zh for column in item.columns)
    for row in item.rows:
        yield "- " + " / ".join(_cell(cell) for cell in row.values())


def _cell(cell: Any) -> str:
    if not isinstance(cell, dict):
        return str(cell)
    return f"<{cell['source']}" if "source" in cell else str(cell.get("zh", cell))


def worded(form: Form) -> Iterator[tuple[str, str]]:
    """Every wording of a form in both languages."""
    yield form.title.zh, form.title.en
    if form.footer:
        yield form.footer.zh, form.footer.en
    for each in (*form.holders, *form.sections, *form.items()):
        yield each.zh, each.en
    for item in form.items():
        for word in (
            *item.options,
            *item.columns,
            *(o for c in item.columns for o in c.options),
            item.of,
            item.unit,
            item.help,
        ):
            if word is not None:
                yield word.zh, word.en
        for row in item.rows:
            yield from ((cell["zh"], cell["en"]) for cell in row.values() if isinstance(cell, dict) and "zh" in cell)


def test_every_form_of_the_handbook_is_there_and_each_rule_has_its_form() -> None:
    assert set(FORMS) == {path.stem for path in ASKED.glob("*.txt")} == set(SIGNERS)
    assert {form.code: form.rule for form in catalogue.forms() if form.rule} == RULES


@pytest.mark.parametrize("code", FORMS)
def test_nothing_is_lost_of_what_the_handbook_asks_on_a_form(code: str) -> None:
    asked = [line.strip() for line in (ASKED / f"{code}.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    there = list(told(catalogue.form(code)))
    assert [line for line in asked if asked.count(line) > there.count(line)] == []


@pytest.mark.parametrize("code", FORMS)
def test_a_form_has_its_originals_signatures_and_seals(code: str) -> None:
    form = catalogue.form(code)
    assert form.copies == ORIGINALS.get(code, 1)
    assert {item.by for item in form.items() if item.kind in ("signature", "approval")} == SIGNERS[code]
    seals = [item for item in form.items() if item.kind == "seal"]
    assert bool(seals) == (code in SEALED)
    assert any(seal.required for seal in seals) == SEALED.get(code, False)


@pytest.mark.parametrize("code", FORMS)
def test_every_word_is_there_in_both_languages(code: str) -> None:
    for zh, en in worded(catalogue.form(code)):
        assert zh.strip(), en
        assert en.strip(), zh
        assert en.isascii() or set(en) <= set(" –—½“”…→") | {c for c in en if c.isascii()}, en


@pytest.mark.parametrize("code", FORMS)
def test_what_fills_a_form_beforehand_is_known_by_name(code: str) -> None:
    form = catalogue.form(code)
    paths = {item.source for item in form.items() if item.source}
    paths |= {
        c["source"]
        for i in form.items()
        for row in i.rows
        for c in row.values()
        if isinstance(c, dict) and "source" in c
    }
    assert {path for path in paths if path.partition(".")[0] not in SOURCES} == set()
    texts = [item.zh for item in form.items() if item.kind == "clause"] + ([form.footer.zh] if form.footer else [])
    assert {place for text in texts for place in PLACE.findall(text) if "." in place} <= set(COMPANY)
    computed.check(form)


@pytest.mark.parametrize("code", FORMS)
def test_one_path_fills_items_of_one_kind(code: str) -> None:
    """A path that meant a tick here and a text there would fill one of them with the other's answer."""
    kinds: dict[str, str] = {}
    for item in catalogue.form(code).items():
        if item.source:
            assert kinds.setdefault(item.source, item.kind) == item.kind, item.source


@pytest.mark.parametrize("code", FORMS)
def test_what_stands_under_one_key_is_of_one_kind_in_all_forms(code: str) -> None:
    """Answers go from one form into the next, so a key must not mean a date here and a text there."""
    kinds = {item.key: item.kind for form in catalogue.forms() for item in form.items()}
    for item in catalogue.form(code).items():
        assert item.kind == kinds[item.key], item.key


def test_editions_and_kinds_of_contracts_are_those_of_the_handbook() -> None:
    for code in ("Serv101", "Serv103", "Serv301", "Acceptance"):
        options = [(option.key, option.zh) for option in catalogue.form(code).item("edition").options]
        assert options == [(term.code, term.zh) for term in vocabulary.terms("editions")]
    standard = catalogue.form("Acceptance").item("standard").options
    assert [option.key for option in standard] == [term.code for term in vocabulary.terms("editions")]


def test_a_rule_that_asks_for_a_form_names_the_form() -> None:
    for code, rule in RULES.items():
        if code != "Acceptance":
            assert code in handbook.rule(rule).en


@pytest.mark.parametrize("sort", samples.SORTS)
@pytest.mark.parametrize("code", FORMS)
def test_a_sample_answers_only_what_is_asked_with_options_that_there_are(code: str, sort: str) -> None:
    form, values = catalogue.form(code), samples.values(code, sort)
    items = {item.key: item for item in form.items()}
    assert values.keys() <= items.keys()
    for key, value in values.items():
        item = items[key]
        if item.kind == "choice":
            assert value in {option.key for option in item.options}
        elif item.kind == "choices":
            assert set(value) <= {option.key for option in item.options}
        elif item.kind == "table":
            assert all(row.keys() <= {column.key for column in item.columns} for row in value), key


@pytest.mark.parametrize("code", FORMS)
def test_an_ordinary_sample_answers_all_that_must_be_answered(code: str) -> None:
    form, values = catalogue.form(code), samples.values(code)
    open_items = [item.key for item in form.items() if item.is_required(values) and item.kind not in ("seal", "clause")]
    assert [key for key in open_items if values.get(key) in (None, "", [])] == []


@pytest.mark.parametrize("code", FORMS)
def test_an_extreme_sample_is_as_long_as_it_says(code: str) -> None:
    values = samples.values(code, "extreme")
    form = catalogue.form(code)
    assert all(len(values[item.key]) == 1500 for item in form.items() if item.kind == "long")
    assert all(len(values[item.key]) == len(item.options) for item in form.items() if item.kind == "choices")
    if "customer_name" in values:
        assert len(values["customer_name"]) >= 60
    if "customer_address" in values:
        assert len(values["customer_address"]) >= 120

"""What the project's code never says, with the reason for each place that may."""

from __future__ import annotations

import re

import pytest

from tests.architecture.house import Source, exempt, sources

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
DATA = re.compile(r"(^|/)seeds\.py$|^demo/|^handbook/data/")
PAPER = re.compile(
    r"^(forms_templates/(printing/\w+|amounts|computed|versions)|contracts/(documents/\w+|models/(wording|originals|content)))\.py$"
)
"""What is printed is in Chinese, whatever the reader's language: these are the paper's own words."""
MARK = "architecture:"
"""A line of a test that tries a protection says so with this word."""

ESCAPED = "every value in it is escaped, or a figure"


def places(pattern: str, *endings: str, tests: bool = False) -> dict[str, str]:
    """The files in which a pattern occurs, with the first line that has it."""
    wanted = re.compile(pattern)
    found: dict[str, str] = {}
    for source in sources(*endings, tests=tests):
        for line in _code(source):
            if wanted.search(line) and MARK not in line:
                found.setdefault(source.name, line.strip())
    found.pop("tests/architecture/test_forbidden_words.py", None)
    return found


def _code(source: Source) -> list[str]:
    return [line for line in source.lines if not line.lstrip().startswith(("#", "//", "*"))]


def test_states_are_set_by_nobody() -> None:
    exempt(places(r"\.state\s*=[^=]|\bsetattr\([^)]*['\"]state['\"]", ".py", tests=True), {})


def test_states_are_not_written_past_the_gate() -> None:
    exempt(
        places(
            r"\bupdate\([^)]*\bstate\s*=|bulk_update\(.*['\"]state['\"]|update_many\(.*['\"]state['\"]",
            ".py",
            tests=True,
        ),
        {},
    )


def test_records_are_not_created_past_the_gate() -> None:
    models = "Ticket|Article|Digest|Summary|Contract|Record|Errand"
    pattern = rf"\b({models})\.objects\.(create|bulk_create|get_or_create|update_or_create)\("
    exempt(
        places(pattern, ".py", tests=True),
        {
            "tests/chaos/conftest.py": "thousands of records whose deadlines are due, for workers that are killed",
            "tests/chaos/test_exporting.py": "thousands of records for an export whose worker is killed",
            "tests/core/test_bulk.py": "a row to be written in bulk, of no process",
        },
    )


def test_the_time_is_asked_of_the_one_clock() -> None:
    pattern = r"timezone\.now\(|datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(|auto_now"
    exempt(
        places(pattern, ".py", tests=True),
        {"core/clock.py": "this is the one clock"},
    )


def test_nobody_sleeps() -> None:
    exempt(places(r"\btime\.sleep\(|\bfrom time import .*sleep", ".py", tests=True), {})


def test_markup_that_is_not_escaped_has_its_reason() -> None:
    exempt(
        places(r"\bmark_safe\(|\|safe\b|autoescape off|SafeString\([^)]", ".py", ".html"),
        {
            "core/faces.py": ESCAPED,
            "core/markup.py": ESCAPED,
            "core/richtext.py": "a library of its own has left only what is listed, and nothing that does anything",
            "core/tables.py": ESCAPED,
            "core/widget_markup.py": ESCAPED,
            "desk/columns.py": ESCAPED,
            "desk/context_processors.py": ESCAPED,
            "desk/figures.py": ESCAPED,
            "desk/lines.py": ESCAPED,
            "desk/rulebook.py": ESCAPED,
            "desk/timelines.py": ESCAPED,
            "desk/views/home.py": ESCAPED,
            "execution/views/table.py": ESCAPED,
            "forms_templates/printing/answers.py": ESCAPED,
            "forms_templates/printing/blocks.py": ESCAPED,
            "forms_templates/printing/grid.py": ESCAPED,
            "forms_templates/printing/letters.py": ESCAPED,
            "forms_templates/printing/page.py": ESCAPED,
            "forms_templates/printing/places.py": ESCAPED,
            "forms_templates/printing/signing.py": ESCAPED,
            "forms_templates/printing/tables.py": ESCAPED,
        },
    )


def test_pages_keep_to_the_content_security_policy() -> None:
    exempt(
        places(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon(click|load|change|submit|input|error)=|javascript:", ".html"), {}
    )
    exempt(
        places(r"\beval\(|new Function\(|\binnerHTML\s*=|insertAdjacentHTML|document\.write", ".js"),
        {"assets/js/finder.js": "a fragment of our own server, whose template has escaped every value"},
    )


def test_nothing_is_fetched_from_elsewhere() -> None:
    exempt(places(r"(src|href)=[\"']https?://|url\(https?://|@import", ".html", ".css", ".js"), {})


def test_no_unfinished_work_is_left_behind() -> None:
    exempt(places(r"\b(TODO|FIXME|XXX|HACK)\b", ".py", ".html", ".css", ".js", ".md", tests=True), {})


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    exempt(places(r"pytest\.(mark\.)?(skip|xfail)|unittest\.skip", ".py", tests=True), {})


def test_chinese_words_are_data_or_translations() -> None:
    found: dict[str, str] = {}
    for source in sources(".py"):
        if DATA.search(source.name) or PAPER.search(source.name):
            continue
        for node in source.strings():
            if HAN.search(str(node.value)):
                found.setdefault(source.name, str(node.value)[:40])
    exempt(
        found,
        {
            "contracts/forms/fields.py": "how people write amounts",
            "desk/forms.py": "a language is named in itself",
            "forms_templates/widgets.py": "how people write amounts and days",
            "tickets/panels.py": "how an extension is written within a phone number",
            "workflow/widgets.py": "how an extension is written within a phone number",
        },
    )


def test_chinese_words_do_not_stand_in_templates() -> None:
    found = {}
    for source in sources(".html"):
        shown = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", source.text, flags=re.DOTALL)
        if hit := HAN.search(shown):
            found[source.name] = hit.group()
    exempt(
        found,
        {
            "templates/components/open_switches.html": "a language is named in itself",
            "templates/components/switches.html": "a language is named in itself",
        },
    )


@pytest.mark.parametrize("word", [r"/(work|home|root|Users)/[a-z]", r"\bpassword\s*=\s*['\"](?!\{)[^'\"]{3,}['\"]"])
def test_no_place_of_one_machine_and_no_password_stands_in_the_code(word: str) -> None:
    found = places(word, ".py", ".html", ".js", ".css", ".md", ".toml", ".yaml")
    exempt(found, {})


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        source.name
        for source in sources(".py")
        if source.text.strip() and not source.is_first_migration and not source.text.lstrip().startswith('"""')
    ]
    assert silent == []

"""A statement that the server keeps planned answers as the plain one does, on whichever connection it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.server_side import Kept
from ops.setup import ROOT

pytestmark = pytest.mark.django_db
PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0"
HOSTILE = ["'; DROP TABLE people_user; --", "%s %d %%", "$1", "中文 \\ \" '", ""]


@pytest.mark.kernel
@pytest.mark.parametrize("text", HOSTILE)
def test_values_come_back_as_they_were_given_whatever_stands_in_them(text: str) -> None:
    cast = "CAST(%s AS text)"
    statement = Kept(f"SELECT {cast}, {cast}, {cast}", ["fixed", None, text], [1])
    assert statement.rows("default", [text]) == [("fixed", text, text)]
    assert statement.rows("default", ["other"]) == [("fixed", "other", text)]


@pytest.mark.kernel
def test_each_run_is_one_query_for_whoever_counts() -> None:
    statement = Kept("SELECT CAST(%s AS integer) + 1", [None], [0])
    for number in (1, 2, 3):
        with CaptureQueriesContext(connection) as asked:
            assert statement.rows("default", [number]) == [(number + 1,)]
        assert len(asked) == 1


def _prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


def test_two_statements_of_one_text_are_prepared_once_and_others_apart() -> None:
    before = _prepared()
    for fixed in ("a", "a", "b"):
        assert Kept("SELECT CAST(%s AS text), CAST(%s AS text)", [fixed, None], [1]).rows("default", ["x"]) == [
            (fixed, "x")
        ]
    assert _prepared() == before + 2


def test_a_new_connection_learns_the_statement_again() -> None:
    statement = Kept("SELECT CAST(%s AS integer)", [None], [0])
    other: Any = connection.copy()
    assert statement.rows("default", [1]) == [(1,)]
    other.connect()
    kept = connection.connection
    try:
        connection.connection = other.connection
        assert statement.rows("default", [2]) == [(2,)]
    finally:
        connection.connection = kept
        other.close()
    assert statement.rows("default", [3]) == [(3,)]


def test_what_is_prepared_in_a_transaction_that_is_rolled_back_stays_known() -> None:
    statement = Kept("SELECT CAST(%s AS integer), 'rolled back'", [None], [0])
    with transaction.atomic():
        assert statement.rows("default", [1]) == [(1, "rolled back")]
        transaction.set_rollback(rollback=True)
    assert statement.rows("default", [2]) == [(2, "rolled back")]


def test_a_fault_is_told_as_the_database_faults_of_any_query() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Kept("SELECT nothing_of_the_kind", [], []).rows("default", [])


def test_behind_a_pool_it_can_be_turned_off(settings: Any) -> None:
    settings.PREPARE_STATEMENTS = False
    with CaptureQueriesContext(connection) as asked:
        assert Kept("SELECT CAST(%s AS integer)", [None], [0]).rows("default", [7]) == [(7,)]
    assert not asked[0]["sql"].startswith("EXECUTE")


def test_moments_and_nothing_are_values_like_others() -> None:
    noon = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    statement = Kept(
        "SELECT COUNT(*) FROM people_user WHERE date_joined < %s AND department_id = %s", [None] * 2, [0, 1]
    )
    assert statement.rows("default", [connection.ops.adapt_datetimefield_value(noon), None]) == [(0,)]


def test_a_connection_keeps_one_plan_for_all_values() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)


@pytest.mark.parametrize(
    ("prepared", "asked", "options"),
    [
        ("true", "?sslmode=require", {"sslmode": "require", "options": PLANS}),
        ("true", "?options=-c%20jit%3Don", {"options": f"{PLANS} -c jit=on"}),
        ("false", "?sslmode=require", {"sslmode": "require"}),
    ],
)
def test_what_the_address_of_the_database_asks_for_stays(prepared: str, asked: str, options: dict[str, str]) -> None:
    told = {"DATABASE_URL": f"postgres://somebody@db.example/desk{asked}", "DATABASE_PREPARED": prepared}
    show = "import json; from serviceops import settings; print(json.dumps(settings.DATABASES['default']['OPTIONS']))"
    done = subprocess.run(
        [sys.executable, "-c", show], env={**os.environ, **told}, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == options

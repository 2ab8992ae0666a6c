"""Migrations go forwards from nothing, backwards one by one, and forwards again to the same tables."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tests.architecture.house import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
ALIAS = "scratch"
OURS = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}


@pytest.fixture
def scratch(django_db_blocker: Any, django_db_setup: None, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """An empty database beside the one of the tests, of the same kind."""
    with django_db_blocker.unblock():
        given = connections["default"]
        lite = given.vendor == "sqlite"
        name = str(tmp_path / "scratch.sqlite3") if lite else f"{given.settings_dict['NAME']}_scratch"
        _everywhere(given, name, lite=lite, make=True)
        connections.databases[ALIAS] = {**given.settings_dict, "NAME": name}
        try:
            yield connections[ALIAS]
        finally:
            connections[ALIAS].close()
            del connections[ALIAS]
            del connections.databases[ALIAS]
            _everywhere(given, name, lite=lite, make=False)


def _everywhere(given: BaseDatabaseWrapper, name: str, *, lite: bool, make: bool) -> None:
    if lite:
        return
    with given._nodb_cursor() as cursor:  # type: ignore[attr-defined] # how Django itself makes test databases
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        if make:
            cursor.execute(f'CREATE DATABASE "{name}"')


def shape(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Every table with its columns and constraints, as the database tells it."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
            found[table] = (
                sorted((column.name, str(column.type_code), column.null_ok) for column in columns),
                sorted(
                    (str(each["columns"]), each["unique"], each["check"], each["index"], str(each["foreign_key"]))
                    for each in constraints.values()
                ),
            )
    return found


def migrate(connection: BaseDatabaseWrapper, *targets: tuple[str, str | None]) -> list[tuple[str, str]]:
    """Migrate to the targets, or to the newest of everything; gives what is applied then, in order."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())  # type: ignore[arg-type]
    return list(MigrationExecutor(connection).loader.applied_migrations or {})


def test_forwards_from_nothing_backwards_one_by_one_and_forwards_again(scratch: BaseDatabaseWrapper) -> None:
    migrate(scratch)
    whole = shape(scratch)
    graph = MigrationExecutor(scratch).loader.graph
    plan = [key for key in _plan(scratch) if key[0] in OURS]
    assert {app for app, _name in plan} >= {"people", "calendars", "customers", "workflow", "notifications", "tickets"}
    left = {key for key in migrate(scratch) if key[0] in OURS}
    for app, name in reversed(plan):
        before = [parent.key for parent in graph.node_map[app, name].parents if parent.key[0] == app]
        applied = {key for key in migrate(scratch, (app, before[0][1] if before else None)) if key[0] in OURS}
        assert applied < left, f"{app} {name} goes backwards"
        left = applied
    assert left == set()
    assert not [table for table in shape(scratch) if table.partition("_")[0] in OURS], "tables that stay behind"
    migrate(scratch)
    assert shape(scratch) == whole


def _plan(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    return [(node.app_label, node.name) for node, _backwards in executor.migration_plan(leaves, clean_start=True)]


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_every_app_with_tables_has_migrations() -> None:
    loader = MigrationExecutor(None).loader  # type: ignore[arg-type]
    tables = {config.label for config in apps.get_app_configs() if config.label in OURS and list(config.get_models())}
    assert tables <= loader.migrated_apps

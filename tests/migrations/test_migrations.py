"""Migrations go forwards from nothing, backwards one by one, and forwards again to the same tables."""

from __future__ import annotations

import shutil
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tests.architecture.house import PACKAGES
from tests.support import migrated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.migrations.migration import Migration

pytestmark = [pytest.mark.kernel, pytest.mark.slow, pytest.mark.timeout(400)]
ALIAS = "scratch"
OURS = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}


@pytest.fixture
def scratch(django_db_blocker: Any, django_db_setup: None, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A database beside the one of the tests, of the same kind: empty, or migrated if all tests begin with that."""
    with django_db_blocker.unblock():
        given = connections["default"]
        lite = given.vendor == "sqlite"
        name = str(tmp_path / "scratch.sqlite3") if lite else f"{given.settings_dict['NAME']}_scratch"
        _make(given, name)
        connections.databases[ALIAS] = {**given.settings_dict, "NAME": name}
        try:
            yield connections[ALIAS]
        finally:
            connections[ALIAS].close()
            del connections[ALIAS]
            del connections.databases[ALIAS]
            if not lite:
                _drop(given, name)


def _make(given: BaseDatabaseWrapper, name: str) -> None:
    copied = migrated.there()
    if given.vendor == "postgresql":
        _drop(given, name)
        with given._nodb_cursor() as cursor:  # type: ignore[attr-defined] # how Django itself makes test databases
            cursor.execute(f'CREATE DATABASE "{name}"' + (f" TEMPLATE {copied.name}" if copied else ""))
    elif copied:
        shutil.copy(copied, name)


def _drop(given: BaseDatabaseWrapper, name: str) -> None:
    with given._nodb_cursor() as cursor:  # type: ignore[attr-defined] # how Django itself makes test databases
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


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


def migrate(connection: BaseDatabaseWrapper) -> None:
    """Migrate to the newest of everything."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())  # type: ignore[arg-type]


def take_back(connection: BaseDatabaseWrapper, apps_of: set[str]) -> list[tuple[str, str]]:
    """Take back all migrations of some apps, one by one; gives them in the order in which each was gone."""
    gone: list[tuple[str, str]] = []

    def told(what: str, migration: Migration | None = None, _fake: bool | None = None) -> None:
        if what == "unapply_success" and migration and migration.app_label in apps_of:
            key = (migration.app_label, migration.name)
            assert key not in MigrationRecorder(connection).applied_migrations()
            gone.append(key)

    executor = MigrationExecutor(connection, told)  # type: ignore[arg-type] # it is called as Django's commands are
    executor.migrate([(app, None) for app in sorted(apps_of)])
    return gone


def test_forwards_from_nothing_backwards_one_by_one_and_forwards_again(scratch: BaseDatabaseWrapper) -> None:
    migrate(scratch)
    whole = shape(scratch)
    plan = [key for key in _plan(scratch) if key[0] in OURS]
    assert {app for app, _name in plan} >= {"people", "calendars", "customers", "workflow", "notifications", "tickets"}
    gone = take_back(scratch, {app for app, _name in plan})
    assert sorted(gone) == sorted(plan)
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

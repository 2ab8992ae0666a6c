"""The database itself refuses to change or remove a line of the log of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRES = """
CREATE FUNCTION exports_traces_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'traces of exports are append-only'; END $$;
CREATE TRIGGER traces_are_append_only BEFORE UPDATE OR DELETE ON exports_trace
FOR EACH ROW EXECUTE FUNCTION exports_traces_are_append_only();
"""
_POSTGRES_BACK = """
DROP TRIGGER traces_are_append_only ON exports_trace;
DROP FUNCTION exports_traces_are_append_only();
"""
_SQLITE = [
    f"""
    CREATE TRIGGER traces_are_append_only_{what.lower()} BEFORE {what} ON exports_trace
    BEGIN SELECT RAISE(ABORT, 'traces of exports are append-only'); END
    """
    for what in ("UPDATE", "DELETE")
]
_SQLITE_BACK = ["DROP TRIGGER traces_are_append_only_update", "DROP TRIGGER traces_are_append_only_delete"]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Set the triggers."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else [_POSTGRES]:
        schema_editor.execute(statement)


def release(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Take the triggers away."""
    for statement in _SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else [_POSTGRES_BACK]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Guard the log."""

    dependencies = [("exports", "0001_initial")]

    operations = [migrations.RunPython(guard, release)]

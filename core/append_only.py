"""Tables whose rows the database itself refuses to change or remove, whoever asks; used by migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRESQL = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{words}'; END $$;
CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
"""
_POSTGRESQL_BACK = "DROP TRIGGER {trigger} ON {table}; DROP FUNCTION {function}();"
_SQLITE = "CREATE TRIGGER {trigger}_{what} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
_SQLITE_BACK = "DROP TRIGGER {trigger}_{what}"


def guarded(table: str, trigger: str, function: str, words: str) -> migrations.RunPython:
    """The operation that sets the triggers on a table; `words` is what the database says when it refuses.

    On SQLite a migration that makes the table anew takes them away: it must set them again.
    """
    names = {"table": table, "trigger": trigger, "function": function, "words": words}

    def run(editor: BaseDatabaseSchemaEditor, postgresql: str, sqlite: str) -> None:
        if editor.connection.vendor == "sqlite":
            for what in ("update", "delete"):
                editor.execute(sqlite.format(what=what, **names))
        else:
            editor.execute(postgresql.format(**names))

    def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        run(schema_editor, _POSTGRESQL, _SQLITE)

    def release(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        run(schema_editor, _POSTGRESQL_BACK, _SQLITE_BACK)

    return migrations.RunPython(guard, release)

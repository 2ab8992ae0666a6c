"""Tables whose rows the database itself refuses to change or remove, whoever asks; used by migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

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

    def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        run(schema_editor, _POSTGRESQL, _SQLITE)

    def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        run(schema_editor, _POSTGRESQL_BACK, _SQLITE_BACK)

    return migrations.RunPython(guard, release)


def guarded_again(table: str, trigger: str, function: str, words: str) -> migrations.RunPython:
    """The operation that sets them again when a migration is taken back that has SQLite make the table anew for it.

    It stands first in that migration, and so is taken back last.
    """

    def again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "sqlite":
            guarded(table, trigger, function, words).code(apps, schema_editor)

    return migrations.RunPython(migrations.RunPython.noop, again)


_FIXED_POSTGRESQL = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{words}'; END $$;
CREATE TRIGGER {trigger}_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when} AND ({changed}))
EXECUTE FUNCTION {function}();
CREATE TRIGGER {trigger}_delete BEFORE DELETE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}();
"""
_FIXED_POSTGRESQL_BACK = """
DROP TRIGGER {trigger}_update ON {table};
DROP TRIGGER {trigger}_delete ON {table};
DROP FUNCTION {function}();
"""
_FIXED_SQLITE = {
    "update": "CREATE TRIGGER {trigger}_update BEFORE UPDATE ON {table} WHEN {when} AND ({changed}) "
    "BEGIN SELECT RAISE(ABORT, '{words}'); END",
    "delete": "CREATE TRIGGER {trigger}_delete BEFORE DELETE ON {table} WHEN {when} "
    "BEGIN SELECT RAISE(ABORT, '{words}'); END",
}


def fixed(
    table: str, trigger: str, function: str, words: str, *, columns: Sequence[str], when: str = "1 = 1"
) -> migrations.RunPython:
    """The operation that lets nobody change those columns of a row, or remove it, once `when` holds of the OLD row."""
    names = {"table": table, "trigger": trigger, "function": function, "words": words, "when": when}

    def changed(differs: str) -> str:
        return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)

    def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        if schema_editor.connection.vendor == "sqlite":
            for sql in _FIXED_SQLITE.values():
                schema_editor.execute(sql.format(changed=changed("IS NOT"), **names))
        else:
            schema_editor.execute(_FIXED_POSTGRESQL.format(changed=changed("IS DISTINCT FROM"), **names))

    def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        if schema_editor.connection.vendor == "sqlite":
            for what in _FIXED_SQLITE:
                schema_editor.execute(_SQLITE_BACK.format(what=what, trigger=trigger))
        else:
            schema_editor.execute(_FIXED_POSTGRESQL_BACK.format(**names))

    return migrations.RunPython(guard, release)

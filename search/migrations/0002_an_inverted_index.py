"""The inverted index over the pieces: GIN on PostgreSQL, a full-text table kept by triggers on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Long columns lie apart, so that a thousand rows without their texts are few pages. Without statistics about pieces the
# planner always takes the inverted index, which is what the questions are made for.
_POSTGRESQL = (
    (
        "CREATE INDEX search_pieces ON search_document USING gin (pieces) WITH (fastupdate = off)",
        "DROP INDEX search_pieces",
    ),
    (
        "ALTER TABLE search_document SET (toast_tuple_target = 256)",
        "ALTER TABLE search_document RESET (toast_tuple_target)",
    ),
    (
        "ALTER TABLE search_document ALTER COLUMN pieces SET STATISTICS 0",
        "ALTER TABLE search_document ALTER COLUMN pieces SET STATISTICS -1",
    ),
)
_OUT = "INSERT INTO search_words (search_words, rowid, pieces) VALUES ('delete', old.id, old.pieces)"
_IN = "INSERT INTO search_words (rowid, pieces) VALUES (new.id, new.pieces)"
_SQLITE = (
    (
        (
            "CREATE VIRTUAL TABLE search_words USING fts5(pieces, content = 'search_document', content_rowid = 'id', "
            "detail = 'none', tokenize = \"ascii tokenchars '=#:^_'\")"
        ),
        "DROP TABLE search_words",
    ),
    (
        f"CREATE TRIGGER search_row_in AFTER INSERT ON search_document BEGIN {_IN}; END",
        "DROP TRIGGER search_row_in",
    ),
    (
        f"CREATE TRIGGER search_row_out AFTER DELETE ON search_document BEGIN {_OUT}; END",
        "DROP TRIGGER search_row_out",
    ),
    (
        f"CREATE TRIGGER search_row_anew AFTER UPDATE OF pieces ON search_document BEGIN {_OUT}; {_IN}; END",
        "DROP TRIGGER search_row_anew",
    ),
)
_STATEMENTS = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Make the index."""
    for statement, _undone in _STATEMENTS.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Take it away again."""
    for _made, statement in reversed(_STATEMENTS.get(schema_editor.connection.vendor, ())):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("search", "0001_initial")]
    operations: ClassVar[list[migrations.operations.base.Operation]] = [migrations.RunPython(forwards, backwards)]

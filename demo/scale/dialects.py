"""How values are handed to a database in bulk: COPY on PostgreSQL, executemany elsewhere."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, Protocol

from django.db import DatabaseError, connection, models, transaction

from demo.scale.patterns import own_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
Row = list[Any]
_json = json.JSONEncoder(ensure_ascii=False).encode


class Dialect(Protocol):
    """What copies need of a database."""

    def constant(self, field: models.Field[Any, Any], value: Any) -> Any:
        """A value of a field as it is handed over."""
        ...

    def number(self, value: int) -> Any:
        """A whole number."""
        ...

    def moment(self, value: datetime) -> Any:
        """An aware point in time."""
        ...

    def text(self, value: str) -> Any:
        """A text."""
        ...

    def document(self, value: Any) -> Any:
        """What JSON holds."""
        ...

    def pieces(self, value: Iterable[str]) -> Any:
        """The pieces by which something is found."""
        ...

    def prepare(self) -> None:
        """Get ready inside the transaction."""
        ...

    def write(self, model: type[models.Model], rows: Sequence[Row]) -> None:
        """Insert rows of handed-over values, in the order of `own_fields`."""
        ...

    def reserve(self, model: type[models.Model], count: int) -> int:
        """The first of so many keys that nobody else will get."""
        ...


class PostgresDialect:
    """COPY in text format."""

    def constant(self, field: models.Field[Any, Any], value: Any) -> str:
        """A value of a field as COPY writes it."""
        if value is None:
            return "\\N"
        if isinstance(field, models.JSONField):
            return self.document(value)
        if isinstance(value, bool):
            return "t" if value else "f"
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, timedelta):
            return f"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"
        return self.text(str(value))

    def number(self, value: int) -> str:
        """Its digits."""
        return str(value)

    def moment(self, value: datetime) -> str:
        """As ISO 8601."""
        return value.isoformat()

    def text(self, value: str) -> str:
        """With COPY's escapes."""
        for character, escape in _ESCAPES:
            if character in value:
                value = value.replace(character, escape)
        return value

    def document(self, value: Any) -> str:
        """JSON; of what COPY escapes it holds backslashes only."""
        return _json(value).replace("\\", "\\\\")

    def pieces(self, value: Iterable[str]) -> str:
        """As an array; no piece holds what would have to be escaped."""
        return "{" + ",".join([f'"{piece}"' for piece in value]) + "}"

    def prepare(self) -> None:
        """Spare the server to check each key again, where one may; the copies keep them by construction."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        except DatabaseError:  # not a superuser: then it checks
            return

    def write(self, model: type[models.Model], rows: Sequence[Row]) -> None:
        """One COPY."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in own_fields(model))
        text = StringIO("".join(["\t".join(row) + "\n" for row in rows]))
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN", text)

    def reserve(self, model: type[models.Model], count: int) -> int:
        """Move the sequence on."""
        table, column = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(seq, nextval(seq) + %s) - %s FROM pg_get_serial_sequence(%s, %s) AS seq",
                [count, count, f'"{table}"', column],
            )
            return int(cursor.fetchone()[0])


class PlainDialect:
    """One prepared INSERT for many rows."""

    def constant(self, field: models.Field[Any, Any], value: Any) -> Any:
        """As the ORM would hand it over."""
        return field.get_db_prep_save(value, connection)

    def number(self, value: int) -> int:
        """As it is."""
        return value

    def moment(self, value: datetime) -> Any:
        """As the database keeps times."""
        return connection.ops.adapt_datetimefield_value(value)

    def text(self, value: str) -> str:
        """As it is."""
        return value

    def document(self, value: Any) -> str:
        """JSON as the ORM writes it."""
        return json.dumps(value)

    def pieces(self, value: Iterable[str]) -> str:
        """Separated by spaces."""
        return " ".join(value)

    def prepare(self) -> None:
        """Nothing."""

    def write(self, model: type[models.Model], rows: Sequence[Row]) -> None:
        """One executemany."""
        quote = connection.ops.quote_name
        fields = own_fields(model)
        columns, places = ", ".join(quote(str(f.column)) for f in fields), ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})",  # noqa: S608 - own names
                rows,
            )

    def reserve(self, model: type[models.Model], count: int) -> int:  # noqa: ARG002 - the table itself counts on
        """After the last key; nobody else writes while this transaction does."""
        last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        return (last or 0) + 1


def dialect() -> Dialect:
    """That of the present database."""
    return PostgresDialect() if connection.vendor == "postgresql" else PlainDialect()

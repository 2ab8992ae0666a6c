"""Lookups of the house's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigAutoField
from django.db.models.lookups import In

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


@BigAutoField.register_lookup
class Among(In):
    """Like `in` with a query that has few rows: `id__among=keys`. The rows of the query are then found before all else.

    PostgreSQL cannot tell how few somebody's are of what everybody has many of, and would rather try each record in
    turn whether it is one of them.
    """

    lookup_name = "among"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: Any) -> str:
        """The comparison; elsewhere it is `in`."""
        if connection.vendor == "postgresql" and not self.rhs_is_direct_value():
            return f"= ANY(ARRAY{rhs})"
        return str(super().get_rhs_op(connection, rhs))

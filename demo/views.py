"""The views of the list of tickets that people have kept in their year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from demo.sources import read
from lists.models import SavedView, Sharing
from people.models import Region
from tickets.models import IssueType, Severity

if TYPE_CHECKING:
    from demo.people import Cast

KIND = "ticket"
_BY_CODE: dict[str, Any] = {"severity": Severity, "issue_type": IssueType, "region": Region}


def keep(cast: Cast) -> None:
    """Keep them, as their owners would have by the page."""
    for row in read("views"):
        owner = cast.by_login[row["owner"]]
        filters = {name: _key(name, value) for name, value in row["filters"].items()}
        view = SavedView(
            kind=KIND,
            name=row["name"],
            owner=owner,
            sharing=row["sharing"],
            department=owner.department if row["sharing"] == Sharing.DEPARTMENT else None,
            query=urlencode({"show": row["show"], **filters, "sort": row["sort"]}),
            columns=",".join(row.get("columns", ())),
        )
        view.full_clean()
        view.save()


def _key(name: str, value: str) -> Any:
    model = _BY_CODE.get(name)
    return model.objects.get(code=value).pk if model is not None else value

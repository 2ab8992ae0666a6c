"""What a record's page shows of its issue in JIRA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import markup
from core.faces import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jira.models import Issue


def _rows(record: Any) -> Iterator[tuple[Any, Any]]:
    """The issue that speaks for the record, its state, and what stands in its way; one query more for earlier ones."""
    try:
        issue: Issue = record.jira_issue
    except ObjectDoesNotExist:
        return
    yield _("Issue"), _link(issue) if issue.key else _("is being made")
    yield _("Status"), " · ".join(filter(None, [issue.status, issue.resolution]))
    if issue.read_at:
        yield _("Last read"), markup.moment(issue.read_at)
    if issue.lacks:
        yield _("R&D's answer lacks"), format_html_join("", "<p>{}</p>", ((each,) for each in lacking(issue)))
    if issue.previous_id:
        earlier = record.jira_issues.exclude(pk=issue.pk).exclude(key="").select_related("connection").order_by("id")
        yield _("Earlier issues"), format_html_join("", "{} ", ((_link(each),) for each in earlier))


def _link(issue: Issue) -> Any:
    return format_html('<a href="{}" rel="noreferrer">{}</a>', issue.url, issue.key)


def lacking(issue: Issue) -> list[str]:
    """What R&D's answer lacks, in the reader's language."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return [each[language] for each in issue.lacks]


ISSUE = Panel(gettext_lazy("R&D in JIRA"), _rows, place="side", related=("jira_issue__connection",))

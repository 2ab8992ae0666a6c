"""What is done in JIRA, each so that doing it again does nothing: it is looked for there before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jira import hands, texts
from jira.faults import Fault, JiraError
from jira.models import Outgoing
from workflow.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable

    from jira.client import Client
    from jira.models import Issue

    Deed = Callable[[Client, Outgoing], tuple[str, str]]


def do(client: Client, outgoing: Outgoing) -> tuple[str, str]:
    """Do one thing; gives the id, and of a new issue the key, that it has in JIRA. Raises JiraError."""
    return _DEEDS[Outgoing.Kind(outgoing.kind)](client, outgoing)


def _create(client: Client, outgoing: Outgoing) -> tuple[str, str]:
    issue = outgoing.issue
    if there := client.labelled(issue.label):
        # An earlier try got through, though its answer did not. Of two, the first is the issue.
        return min(there, key=lambda found: int(found[0]))
    if issue.record.state != hands.of(issue.record.kind).away or issue.current_for_id is None:
        raise JiraError(Fault.LATE)
    return client.create(_fields(issue))


def _fields(issue: Issue) -> dict[str, Any]:
    return {
        "project": {"key": issue.connection.project},
        "issuetype": {"name": issue.connection.issue_type},
        "summary": texts.summary(issue.record),
        "description": texts.description(issue),
        "labels": [texts.LABEL, issue.label],
    }


def _comment(client: Client, outgoing: Outgoing) -> tuple[str, str]:
    entry = outgoing.entry
    assert entry is not None  # noqa: S101 - a comment tells of an entry
    mark = texts.mark_of(entry)
    for comment in client.issue(outgoing.issue.key).comments:
        if comment.text.rstrip().endswith(mark):
            return comment.id, ""
    names = [texts.file_name(attachment) for attachment in Attachment.objects.filter(entry=entry)]
    return client.comment(outgoing.issue.key, texts.comment(outgoing.issue, entry, names)), ""


def _attach(client: Client, outgoing: Outgoing) -> tuple[str, str]:
    attachment, key = outgoing.attachment, outgoing.issue.key
    assert attachment is not None  # noqa: S101 - that is what is attached
    name = texts.file_name(attachment)
    if name not in {file.name for file in client.issue(key).files}:
        try:
            with attachment.file.open("rb") as file:
                content = file.read()
        except OSError as error:
            raise JiraError(Fault.INTERNAL, type(error).__name__) from error
        client.attach(key, name, attachment.content_type, content)
    return "", ""


def _link(client: Client, outgoing: Outgoing) -> tuple[str, str]:
    issue = outgoing.issue
    assert issue.previous is not None  # noqa: S101 - that is what is linked
    if issue.previous.key not in client.issue(issue.key).links:
        client.link(issue.key, issue.previous.key)
    return "", ""


_DEEDS: dict[Outgoing.Kind, Deed] = {
    Outgoing.Kind.CREATE: _create,
    Outgoing.Kind.COMMENT: _comment,
    Outgoing.Kind.ATTACH: _attach,
    Outgoing.Kind.LINK: _link,
}

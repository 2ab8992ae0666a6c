"""JIRA's REST interface (Server and Data Center, version 2), as much of it as is used: seven calls, with a token.

Every call ends after a fixed time, so that a claim (`outbound.LEASE`) outlasts whatever is done under it.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from core import calls, clock
from core.fields import UndecryptableError
from core.text import clean_line
from jira import answers
from jira.faults import Fault, JiraError
from jira.models.connections import hosts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jira.answers import Found
    from jira.models import Connection, Incoming

SECONDS = 15.0
"""How long one call may take."""
UPLOAD_SECONDS = 60.0
PAGE = 50
LONGEST_REST = timedelta(hours=6)
_MOST = 8 * 1024 * 1024
_OK, _REDIRECTED, _REFUSED, _BROKEN = 200, 300, 400, 500
_UNAUTHORISED, _FORBIDDEN, _NOT_THERE, _TIMED_OUT, _TOO_MANY, _AWAY = 401, 403, 404, 408, 429, 503
_STANDARD = ("status", "resolution", "updated", "comment", "attachment", "issuelinks")


class Client:
    """One JIRA, spoken to as its connection says. No call begins that might not be over `until` then."""

    def __init__(self, connection: Connection, until: datetime | None = None) -> None:
        self.connection = connection
        self.until = until
        self.fields = [*_STANDARD, *connection.mapping().values()]

    def labelled(self, label: str) -> list[tuple[str, str]]:
        """The issues that bear a label, as (id, key), the oldest first."""
        told = {"jql": f'labels = "{label}" ORDER BY created ASC', "fields": ["labels"], "maxResults": 10}
        rows = self._rows(self._ask("POST", "search", told))
        return [(answers.identity(row.get("id")), answers.key(row.get("key"))) for row in rows]

    def create(self, fields: Mapping[str, Any]) -> tuple[str, str]:
        """Make an issue; its id and key."""
        made = self._ask("POST", "issue", {"fields": fields})
        return answers.identity(made.get("id")), answers.key(made.get("key"))

    def issue(self, key: str) -> Found:
        """An issue with its comments, files and links."""
        return answers.issue(self._ask("GET", f"issue/{key}?fields={','.join(self.fields)}"))

    def changed(self, label: str, since: timedelta, start: int) -> list[dict[str, Any]]:
        """A page of the labelled issues that have changed in the last `since`, as JIRA tells them.

        Told as a length of time, which needs no time zone; ordered by what does not change while pages are turned.
        """
        minutes = int(since.total_seconds() // 60) + 1
        project = self.connection.project
        jql = f'project = "{project}" AND labels = "{label}" AND updated >= "-{minutes}m" ORDER BY key ASC'
        told = {"jql": jql, "fields": self.fields, "maxResults": PAGE, "startAt": start}
        return self._rows(self._ask("POST", "search", told))

    def comment(self, key: str, body: str) -> str:
        """Add a comment; its id."""
        return answers.identity(self._ask("POST", f"issue/{key}/comment", {"body": body}).get("id"))

    def attach(self, key: str, name: str, content_type: str, content: bytes) -> None:
        """Attach a file."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = b"".join(
            [f"{head}Content-Type: {content_type}\r\n\r\n".encode(), content, f"\r\n--{edge}--\r\n".encode()]
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-Atlassian-Token": "no-check"}
        self._judge(self._send("POST", f"issue/{key}/attachments", body, headers, UPLOAD_SECONDS))

    def fetch(self, file: Incoming) -> bytes:
        """What is in a file of an issue. Raises JiraError also for one that did not come whole."""
        base = self.connection.base_url
        url = file.url if file.url.startswith(f"{base}/") else ""
        url = url or f"{base}/secure/attachment/{file.remote_id}/{quote(file.name, safe='')}"
        answer = self._call("GET", url, None, {"Accept": "*/*"}, UPLOAD_SECONDS, file.size + 1)
        self._judge(answer)
        if len(answer.body) != file.size:
            raise JiraError(Fault.UNREADABLE, f"{len(answer.body)} of {file.size} bytes")
        return answer.body

    def link(self, key: str, earlier: str) -> None:
        """Link an issue to an earlier one."""
        told = {
            "type": {"name": self.connection.link_type},
            "inwardIssue": {"key": key},
            "outwardIssue": {"key": earlier},
        }
        self._ask("POST", "issueLink", told)

    def _ask(self, method: str, path: str, told: Any = None) -> dict[str, Any]:
        body = None if told is None else json.dumps(told, ensure_ascii=False).encode()
        answer = self._send(method, path, body, {"Content-Type": "application/json; charset=utf-8"}, SECONDS)
        self._judge(answer)
        return answer.json()

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> calls.Answer:
        url = f"{self.connection.base_url}/rest/api/2/{path}"
        return self._call(method, url, body, {"Accept": "application/json", **headers}, seconds, _MOST)

    def _call(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float, most: int
    ) -> calls.Answer:
        if self.until is not None and clock.now() + timedelta(seconds=seconds + calls.TIMEOUT) > self.until:
            raise JiraError(Fault.UNREACHABLE, "no time left")
        try:
            token = self.connection.token.reveal()
            asked = calls.Call(method, url, body, {**headers, "Authorization": f"Bearer {token}"})
            return calls.call(asked, hosts(), seconds=seconds, most=most)
        except UndecryptableError as error:
            raise JiraError(Fault.KEYS) from error
        except calls.RefusedAddressError as error:
            raise JiraError(Fault.ADDRESS, str(error)) from error
        except calls.UnreachableError as error:
            raise JiraError(Fault.UNREACHABLE, str(error)) from None

    @staticmethod
    def _rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = found.get("issues")
        if not isinstance(rows, list):
            raise JiraError(Fault.UNREADABLE, "issues")
        return [row for row in rows if isinstance(row, dict)]

    @staticmethod
    def _judge(answer: calls.Answer) -> None:
        """Take a status for what it means. Raises JiraError for all but success."""
        status = answer.status
        if _OK <= status < _REDIRECTED:
            return
        detail = f"{status} {_reason(answer)}".strip()
        if status in {_TOO_MANY, _AWAY}:
            raise JiraError(Fault.BUSY, detail, _asked_for(answer))
        if status in {_UNAUTHORISED, _FORBIDDEN}:
            raise JiraError(Fault.TOKEN, detail)
        if status == _NOT_THERE:
            raise JiraError(Fault.GONE, detail)
        if _REFUSED <= status < _BROKEN and status != _TIMED_OUT:
            raise JiraError(Fault.REFUSED, detail)
        raise JiraError(Fault.BROKEN, detail)


def _reason(answer: calls.Answer) -> str:
    """What JIRA says is wrong, as one short line."""
    told = answer.json()
    general, fields = told.get("errorMessages"), told.get("errors")
    lines = [str(each) for each in general] if isinstance(general, list) else []
    lines += [f"{name}: {each}" for name, each in fields.items()] if isinstance(fields, dict) else []
    return clean_line("; ".join(lines))[:200]


def _asked_for(answer: calls.Answer) -> timedelta | None:
    """How long JIRA asked to be left alone: seconds or a date, and never longer than a few hours."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:6])), LONGEST_REST)
    try:
        until = parsedate_to_datetime(told)
        return min(max(until - clock.now(), timedelta(0)), LONGEST_REST)
    except (TypeError, ValueError):
        return None

"""A JIRA on the loopback that speaks as much of its REST interface (version 2) as the product uses, faults included."""

from __future__ import annotations

import json
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

TOKEN = "t0ken-of-rd"
_FILE = re.compile(r"/secure/attachment/(\d+)/.+")
_ISSUE = re.compile(r"/rest/api/2/issue/([A-Z]+-\d+)(/comment|/attachments)?")
FIELDS = {"method": "customfield_1", "advice": "customfield_2", "result": "customfield_3"}
FIELDS |= {"leftovers": "customfield_4", "handler": "customfield_5"}


@dataclass
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Fault:
    """What goes wrong with the next request whose method and path match.

    `how`: a status; `cut` does it and hangs up without an answer; `hang` does it and keeps silent until `released`;
    `drop` hangs up before anything is done; `garbage` answers with what is no JSON.
    """

    wanted: re.Pattern[str]
    how: int | str
    headers: dict[str, str]
    times: int = 1


class FakeJira:
    """The server, its issues, and what is to go wrong."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.files: dict[str, bytes] = {}
        self.written = 0
        self.faults: list[Fault] = []
        self.token = TOKEN
        self.at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        self.released = threading.Event()
        self.accepted = threading.Event()
        self.lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"jira": self}))
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End it."""
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def fail(self, wanted: str, how: int | str, *, times: int = 1, **headers: str) -> None:
        """Have the next requests that match `METHOD /path` go wrong."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.append(Fault(re.compile(wanted), how, named, times))

    def next_fault(self, line: str) -> Fault | None:
        """The fault that a request meets."""
        for fault in self.faults:
            if fault.times and fault.wanted.search(line):
                fault.times -= 1
                return fault
        return None

    def requests(self, method: str, ending: str) -> list[Asked]:
        """What was asked of an address."""
        return [
            asked for asked in self.asked if asked.method == method and asked.path.partition("?")[0].endswith(ending)
        ]

    # --- what people do in JIRA
    def touch(self, issue: dict[str, Any]) -> None:
        """Something has changed."""
        self.at += timedelta(seconds=1)
        issue["fields"]["updated"] = self.at.isoformat(timespec="milliseconds").replace("+00:00", "+0000")

    def by_key(self, key: str) -> dict[str, Any]:
        """An issue. Raises StopIteration where there is none."""
        return next(issue for issue in self.issues if issue["key"] == key)

    def says(self, key: str, text: str, author: str = "钱研发") -> dict[str, Any]:
        """Somebody writes a comment."""
        issue = self.by_key(key)
        self.written += 1
        row = {"id": str(8999 + self.written), "body": text, "author": {"name": "qian", "displayName": author}}
        issue["fields"]["comment"]["comments"].append(row)
        self.touch(issue)
        return row

    def edits(self, key: str, row: dict[str, Any], text: str) -> None:
        """Somebody edits a comment."""
        row["body"] = text
        self.touch(self.by_key(key))

    def deletes(self, key: str, row: dict[str, Any]) -> None:
        """Somebody deletes a comment."""
        self.by_key(key)["fields"]["comment"]["comments"].remove(row)
        self.touch(self.by_key(key))

    def attaches(self, key: str, name: str, body: bytes, author: str = "钱研发", **told: Any) -> dict[str, Any]:
        """Somebody attaches a file; `told` is what JIRA says of it otherwise than it is."""
        issue = self.by_key(key)
        number = str(7000 + len(self.files))
        self.files[number] = body
        row = {"id": number, "filename": name, "size": len(body), "author": {"displayName": author}}
        row |= {"content": f"{self.origin}/secure/attachment/{number}/{quote(name)}", **told}
        issue["fields"]["attachment"].append(row)
        self.touch(issue)
        return row

    def moves(self, key: str, status: str, kind: str = "indeterminate", resolution: str = "", **said: Any) -> None:
        """Somebody changes status, resolution, and what R&D records."""
        fields = self.by_key(key)["fields"]
        fields["status"] = {"name": status, "statusCategory": {"key": kind}}
        fields["resolution"] = {"name": resolution} if resolution else None
        fields.update({FIELDS[name]: value for name, value in said.items()})
        self.touch(self.by_key(key))

    def make(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A new issue."""
        number = len(self.issues) + 1
        key = f"{fields['project']['key']}-{number}"
        issue: dict[str, Any] = {"id": str(10000 + number), "key": key, "fields": dict(fields)}
        issue["fields"] |= {"status": {"name": "Open", "statusCategory": {"key": "new"}}, "resolution": None}
        issue["fields"] |= {"comment": {"comments": []}, "attachment": [], "issuelinks": []}
        self.issues.append(issue)
        self.touch(issue)
        return issue

    # --- what the interface answers
    def answer(self, asked: Asked) -> tuple[int, Any]:
        """Do what is asked for."""
        if asked.headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"errorMessages": ["You are not authenticated."]}
        path = asked.path.partition("?")[0]
        if (asked.method, path) == ("POST", "/rest/api/2/search"):
            return 200, self._search(asked.json)
        if (asked.method, path) == ("POST", "/rest/api/2/issue"):
            made = self.make(asked.json["fields"])
            return 201, {"id": made["id"], "key": made["key"]}
        if (asked.method, path) == ("POST", "/rest/api/2/issueLink"):
            return self._link(asked.json)
        return self._named(path, asked)

    def _named(self, path: str, asked: Asked) -> tuple[int, Any]:
        """What is asked of a file or an issue by its name."""
        if (file := _FILE.fullmatch(path)) and file[1] in self.files:
            return 200, self.files[file[1]]
        if (found := _ISSUE.fullmatch(path)) and any(each["key"] == found[1] for each in self.issues):
            return self._of(self.by_key(found[1]), asked, found[2])
        return 404, {"errorMessages": ["Issue Does Not Exist"]}

    def _search(self, told: dict[str, Any]) -> dict[str, Any]:
        labels = re.findall(r'labels = "([^"]+)"', told["jql"])
        since = re.search(r'updated >= "-(\d+)m"', told["jql"])
        rows = [issue for issue in self.issues if set(labels) <= set(issue["fields"]["labels"])]
        if since:
            begin = self.at - timedelta(minutes=int(since[1]))
            rows = [row for row in rows if datetime.fromisoformat(row["fields"]["updated"]) >= begin]
        start = told.get("startAt", 0)
        return {"total": len(rows), "issues": rows[start : start + told["maxResults"]]}

    def _of(self, issue: dict[str, Any], asked: Asked, part: str | None) -> tuple[int, Any]:
        if part == "/comment":
            return 201, self.says(issue["key"], asked.json["body"], "ServiceOps")
        if part == "/attachments":
            if asked.headers.get("X-Atlassian-Token") != "no-check":
                return 403, {}
            edge = asked.headers["Content-Type"].partition("boundary=")[2].encode()
            head, _empty, content = asked.body.split(b"--" + edge)[1].partition(b"\r\n\r\n")
            name = head.decode().partition('filename="')[2].partition('"')[0]
            self.attaches(issue["key"], name, content.removesuffix(b"\r\n"), "ServiceOps")
            issue.setdefault("contents", []).append(content.removesuffix(b"\r\n"))
            return 200, [{"filename": name}]
        return 200, {name: issue[name] for name in ("id", "key", "fields")}

    def _link(self, told: dict[str, Any]) -> tuple[int, Any]:
        inward, outward = (self.by_key(told[name]["key"]) for name in ("inwardIssue", "outwardIssue"))
        inward["fields"]["issuelinks"].append({"outwardIssue": {"key": outward["key"]}})
        outward["fields"]["issuelinks"].append({"inwardIssue": {"key": inward["key"]}})
        return 201, None


class _Handler(BaseHTTPRequestHandler):
    jira: FakeJira

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        jira = self.jira
        with jira.lock:
            jira.asked.append(asked)
            fault = jira.next_fault(f"{asked.method} {asked.path}")
            done = fault is None or fault.how in {"cut", "hang"}
            status, told = jira.answer(asked) if done else (0, None)
        if fault is None:
            self._send(status, told if isinstance(told, bytes) else json.dumps(told, default=str).encode(), {})
        elif isinstance(fault.how, int):
            self._send(fault.how, b'{"errorMessages": ["no"]}', fault.headers)
        elif fault.how == "garbage":
            self._send(200, b"<html>login</html>", {})
        else:
            if fault.how == "hang":
                jira.accepted.set()
                jira.released.wait(30)
            self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        with suppress(OSError):  # whoever asked may have gone
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


__all__ = ("FIELDS", "TOKEN", "FakeJira")

"""A browser reduced to what a benchmark needs: one connection kept alive, cookies, and what an answer took."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.middleware import HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, after how many seconds."""

    status: int
    seconds: float
    queries: int
    body: bytes
    location: str


class Visitor:
    """Somebody at a browser."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        """Send a form."""
        token = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode({**token, **data}))

    def log_in(self, username: str, password: str) -> None:
        """Log in by the form. Raises RuntimeError if the house does not let them in."""
        page = self.get("/login/").body.decode()
        found = _TOKEN.search(page)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        answer = self.post("/login/", {"username": username, "password": password, **token})
        if answer.status != 302:  # noqa: PLR2004 - on to the first page
            msg = f"{username} cannot log in: {answer.status}"
            raise RuntimeError(msg)

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Host": "localhost", "Accept-Language": "zh-CN", "Referer": f"http://localhost{path}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        took = time.perf_counter() - began
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        queries = int(response.headers.get(HEADER, "0"))
        return Answer(response.status, took, queries, content, response.headers.get("Location", ""))

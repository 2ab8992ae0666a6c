"""A small cast, a process to tell of, and a post office that empties the outbox."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from customers.models import Contact, Organisation
from notifications import seeds
from notifications.channels import email
from people.models import Region, Role, User
from tests.notifications import errands
from workflow import outbox, registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings


@dataclass
class Cast:
    """Everybody, by the part that they play."""

    handler: User
    boss: User
    owner: User
    director: User
    specialist: User
    watcher: User
    customer: Organisation


@pytest.fixture
def process() -> Iterator[None]:
    """The errands, registered for the test."""
    registry.register(errands.ERRANDS)
    yield
    registry.forget("errand")


def _person(username: str, name: str, *roles: str, **rest: Any) -> User:
    user = User.objects.create_user(username, f"{username}@house.example", display_name=name, **rest)
    user.roles.set([Role.objects.get_or_create(code=code, name_zh=code, name_en=code)[0] for code in roles])
    return user


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person: `person("zhao", "赵六", "trainer")`."""
    return _person


@pytest.fixture
def cast(db: None, process: None) -> Cast:
    """Everybody, and one customer with a contact who reads mail."""
    boss = _person("boss", "老板")
    owner = _person("owner", "客经")
    region = Region.objects.create(code="north", name_zh="华北", name_en="North China")
    customer = Organisation.objects.create(name="北京大学", region=region, account_manager=owner)
    Contact.objects.create(organisation=customer, name="张伟", email="zhangwei@pku.example")
    seeds.seed()
    return Cast(
        handler=_person("handler", "王芳", "support_engineer", supervisor=boss),
        boss=boss,
        owner=owner,
        director=_person("director", "总监", "service_director"),
        specialist=_person("specialist", "专员", "customer_specialist"),
        watcher=_person("watcher", "旁观"),
        customer=customer,
    )


@pytest.fixture
def errand(cast: Cast) -> errands.Errand:
    """An errand in the hands of 王芳."""
    return errands.make(1, cast.customer, handler=cast.handler, specialist=cast.specialist)


@pytest.fixture
def post(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., None]:
    """Empty the outbox at a moment, with what follows the commits, until nothing is left to do then."""

    def empty(at: datetime = errands.NOON) -> None:
        with clock.held(at):
            for _ in range(20):
                with django_capture_on_commit_callbacks(execute=True):
                    done = outbox.drain()
                if not done:
                    break

    return empty


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    """No mail server is remembered as away."""
    email._resting_until.clear()
    yield
    email._resting_until.clear()


@dataclass
class Service:
    """A service on the loopback that plays a robot's or a text message provider's."""

    origin: str = ""
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)

    @property
    def payloads(self) -> list[Any]:
        """What was posted."""
        return [payload for _path, _headers, payload in self.requests]


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """Start one, allowed as an internal origin. It answers with `answers` in turn, then with success."""
    played = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            played.requests.append((self.path, dict(self.headers), json.loads(body)))
            status, answer, headers = played.answers.pop(0) if played.answers else (200, {"errcode": 0}, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.origin = f"http://127.0.0.1:{server.server_port}"
    settings.WEBHOOK_INTERNAL = (played.origin,)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield played
    server.shutdown()
    server.server_close()
    thread.join()

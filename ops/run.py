"""`make run`: set everything up once, then serve web, worker and beat until Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import IO

from ops import services, setup
from ops.runner import Supervisor, die_with_parent

_PORTS = range(1, 65536)
_INTERRUPTED = 130

_FIRST_TICKETS = 900
"""As many as fit into two minutes from nothing; `manage.py demo` alone makes 3,000."""


def main() -> int:
    """Set up what is missing and serve; returns the exit code."""
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also ends what a step of the set-up has started
    if _parents_name() == "make":
        die_with_parent(os.getppid())
    try:
        setup.check_python()
        port = chosen_port(os.environ.get("PORT", "8000"))
        lock = only_one(setup.VAR)
        os.environ["SERVICEOPS_HOME"] = str(setup.VAR)
        os.environ.setdefault("SERVICEOPS_DEMO", "1")
        os.environ.setdefault("VALKEY_SOCKET", str(services.valkey_socket(setup.VAR)))
        setup.environment(dev=False)
        setup.printing_libraries()
        _prepare()
        running = [services.web(port), services.worker(), services.beat()]
        if not os.environ.get("REDIS_URL"):
            running.insert(0, services.valkey(setup.VAR))
    except setup.SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return _INTERRUPTED

    def ready() -> None:
        setup.say(f"ready after {time.monotonic() - started:.0f} s: http://localhost:{port}/  (Ctrl-C ends it)")

    with lock:
        return Supervisor(running, setup.ROOT, on_ready=ready).run()


def chosen_port(text: str) -> int:
    """The port to serve on. Raises SetupError if it is no port, or taken."""
    if not text.isascii() or not text.isdigit() or int(text) not in _PORTS:
        msg = f"PORT={text} is not a port: it is a number from 1 to 65535."
        raise setup.SetupError(msg)
    if not services.port_is_free(int(text)):
        msg = f"Port {text} is taken. Stop what listens there, or choose another: PORT={int(text) % 65535 + 1} make run"
        raise setup.SetupError(msg)
    return int(text)


def only_one(home: Path) -> IO[str]:
    """Hold the home's lock as long as the file is open. Raises SetupError if somebody else serves from it."""
    setup.writable(home)
    file = (home / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        msg = f"ServiceOps already runs from {home} (process {file.read().strip()}). Stop it, or set SERVICEOPS_HOME."
        raise setup.SetupError(msg) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _parents_name() -> str:
    return Path(f"/proc/{os.getppid()}/comm").read_text().strip()


def _prepare() -> None:
    """The database with its data on one core, the front end on the other."""
    faults: list[BaseException] = []

    def assets() -> None:
        try:
            setup.front_end()
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            faults.append(error)

    building = threading.Thread(target=assets)
    building.start()
    try:
        setup.translations()
        _data()
    finally:
        building.join()
    if faults:
        raise faults[0]
    setup.static_files()


def _data() -> None:
    """Bring the database up to date; an embedded one that this very code has prepared is left alone."""
    manage = (setup.python(), "manage.py")
    demo = os.environ.get("SERVICEOPS_DEMO") == "1"
    prepared = setup.Stamp("data", f"{setup.fingerprint(*_data_sources())} {demo}")
    embedded = not os.environ.get("DATABASE_URL")
    if embedded and prepared.fresh and (setup.VAR / "serviceops.sqlite3").exists():
        return
    setup.say("bringing the database up to date")
    setup.run(*manage, "migrate", "--noinput", "-v0")
    setup.run(*manage, "seed")
    setup.run(*manage, "search_index", "--if-empty")
    if demo:
        setup.say("making demonstration data: a year of work, once")
        setup.run(*manage, "demo", "--once", "--tickets", _FIRST_TICKETS, quiet=False)
    if embedded:
        prepared.set()


def _data_sources() -> list[Path]:
    """The files that say what a prepared database holds: migrations and seeds, and the packages they rest on."""
    sources = [*setup.ROOT.glob("*/migrations/*.py"), *setup.ROOT.glob("*/seeds.py")]
    return [*sorted(sources), setup.ROOT / "requirements.txt", setup.ROOT / "handbook" / "data"]


if __name__ == "__main__":
    sys.exit(main())

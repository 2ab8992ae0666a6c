"""`make run`: set everything up once, then serve web, worker and beat until Ctrl-C."""

from __future__ import annotations

import os
import sys
import threading
import time

from ops import services, setup
from ops.runner import Supervisor


def main() -> int:
    """Set up what is missing and serve; returns the exit code."""
    started = time.monotonic()
    port = int(os.environ.get("PORT", "8000"))
    try:
        setup.check_python()
        if not services.port_is_free(port):
            msg = f"Port {port} is taken. Stop what listens there, or choose another: PORT=8001 make run"
            raise setup.SetupError(msg)
        os.environ.setdefault("SERVICEOPS_DEMO", "1")
        os.environ.setdefault("VALKEY_SOCKET", str(services.valkey_socket(setup.VAR)))
        setup.environment(dev=False)
        _prepare()
    except setup.SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    setup.say(f"ready after {time.monotonic() - started:.0f} s: http://localhost:{port}/  (Ctrl-C ends it)")
    running = [services.web(port), services.worker(), services.beat()]
    if not os.environ.get("REDIS_URL"):
        running.insert(0, services.valkey(setup.VAR))
    return Supervisor(running, setup.ROOT).run()


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
    manage = (setup.python(), "manage.py")
    setup.say("bringing the database up to date")
    setup.run(*manage, "migrate", "--noinput", "-v0")
    setup.run(*manage, "seed")
    if os.environ.get("SERVICEOPS_DEMO") == "1":
        setup.run(*manage, "demo", "--once", quiet=False)


if __name__ == "__main__":
    sys.exit(main())

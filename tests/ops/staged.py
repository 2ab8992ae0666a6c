"""A supervisor in a process of its own, so that tests can send it signals and kill it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ops.runner import Service, Supervisor


def _tell() -> None:
    sys.stdout.write("all ready\n")
    sys.stdout.flush()


def main() -> int:
    """Run the services that the first argument describes as JSON: name, command, ready (a path), patience."""
    services = [
        Service(
            described["name"],
            described["command"],
            ready=Path(described["ready"]).exists if "ready" in described else None,
            muted=described.get("muted", ()),
            patience=described.get("patience", 10.0),
        )
        for described in json.loads(sys.argv[1])
    ]
    supervisor = Supervisor(services, Path.cwd(), on_ready=_tell)
    supervisor.ready_within = float(sys.argv[2])
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())

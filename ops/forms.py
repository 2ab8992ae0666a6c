"""`make forms`: every form blank, prefilled and complete, with every sort of sample answers, as PDF and as pictures."""

from __future__ import annotations

import os
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "forms"
_PRINTED = (("blank", "empty"), ("prefilled", "ordinary"), ("complete", "ordinary"), ("complete", "extreme"))
_DOTS_AN_INCH = 110
_CODE = "7K3MQ9TX2B4D"
_NUMBERS = {"postcode": "100083", "phone": "010-5555 0100", "fax": "010-5555 0101", "email": "service@example.com"}


def start() -> None:
    """Django, in this process or in one that prints."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serviceops.settings")
    django.setup()


def main() -> int:
    """Print all, or the forms whose codes are given; returns how many have something outside its place."""
    start()
    from forms_templates import catalogue

    codes = sys.argv[1:] or [form.code for form in catalogue.forms()]
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    bad = 0
    with ProcessPoolExecutor(initializer=start) as workers:
        for told, faults in workers.map(_print, [(code, *how) for code in codes for how in _PRINTED]):
            print(told, *faults, sep="\n    ", flush=True)
            bad += bool(faults)
    print(f"in {FOLDER}; {bad} with something outside its place")
    return min(bad, 1)


def _print(what: tuple[str, str, str]) -> tuple[str, list[str]]:
    """One form in one state into a PDF and its pages; returns what to tell, and what is outside its place."""
    from forms_templates import catalogue, computed, samples
    from forms_templates.models import Letterhead
    from forms_templates.printing import Job, State, Verification, engine, geometry, laid_out, originals
    from forms_templates.versions import COMPANY

    code, state, sort = what
    form, name = catalogue.form(code), f"{code}-{state}-{sort}"
    job = Job(
        form=form,
        letterhead=Letterhead(number=1, **COMPANY, **_NUMBERS),
        values=computed.completed(form, samples.values(code, sort)),
        state=State(state),
        number="" if state == "blank" else f"{code}-2026-0012",
        verify=Verification(_CODE, f"https://service.example/verify/{_CODE}") if state == "complete" else None,
    )
    started = time.perf_counter()
    document = laid_out(originals(job, copy=1)[0])
    made = engine.finished([document])
    seconds = time.perf_counter() - started
    (FOLDER / f"{name}.pdf").write_bytes(made.pdf)
    _draw(made.pdf, name)
    return f"{name}: {made.pages} pages, {len(made.pdf) // 1024} KB, {seconds:.2f} s", geometry.faults(document)


def _draw(pdf: bytes, name: str) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            page.render(scale=_DOTS_AN_INCH / 72).to_pil().save(FOLDER / f"{name}-{number}.png")


if __name__ == "__main__":
    sys.exit(main())

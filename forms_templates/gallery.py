"""How each form looks: its pages as pictures and as a PDF, made once by a worker and kept by what they are made of.

A page of the desk asks (`shown`), a worker makes (`make`). A folder appears whole or not at all: it is written beside
and renamed, so that a worker that is killed leaves nothing that anybody is shown.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache as remembered

from core import clock
from forms_templates import catalogue, samples, versions
from forms_templates.language import FILLERS, SYSTEM
from forms_templates.models import FormVersion
from handbook import vocabulary
from workflow.kick import wake

if TYPE_CHECKING:
    from forms_templates.language import Form
    from forms_templates.models import Letterhead

STATES = ("blank", "prefilled", "complete")
ASKED_AGAIN = 10
"""Seconds after which a worker is asked once more: the message may have been lost."""
_STALE = 3600.0
"""Seconds after which nobody writes on a half-made folder any more, or looks at an outdated one."""
_PDF, _FAULT = "form.pdf", "fault.txt"
_SCALE = 1.6
"""Pictures of 115 dots an inch: read on a screen, not printed."""


@dataclass(frozen=True)
class Sheet:
    """A form in one of its states, as it lies in its folder; without pages while it has not been made."""

    folder: Path | None = None
    fault: str = ""
    pages: int = 0

    @property
    def made(self) -> bool:
        """Whether there is an answer, be it that it cannot be printed."""
        return bool(self.pages or self.fault)

    @property
    def numbers(self) -> range:
        """The numbers of its pages."""
        return range(1, self.pages + 1)

    @property
    def pdf(self) -> Path | None:
        """The PDF."""
        return self.folder / _PDF if self.folder else None

    def picture(self, page: int) -> Path | None:
        """The picture of a page, counted from 1; None for one that there is not."""
        return self.folder / f"{page}.png" if self.folder and 1 <= page <= self.pages else None


def overview() -> list[tuple[Form, int]]:
    """Every form as it is in force, with the number of its version, in one query; first those that a rule asks for."""
    last = {version.form: version for version in FormVersion.objects.order_by("form", "number")}
    ordered = sorted(catalogue.forms(), key=lambda form: (form.rule or "~", form.code))
    return [_in_force(form, last.get(form.code)) for form in ordered]


def _in_force(form: Form, last: FormVersion | None) -> tuple[Form, int]:
    """As `versions.in_force` says, without writing anything."""
    if last is None or last.body == form.data:
        return form, last.number if last else 1
    return (last.definition, last.number) if last.made_by_id else (form, last.number + 1)


def shown(code: str, state: str) -> Sheet:
    """What has been made of a form in that state; if nothing has, a worker is asked. Raises catalogue.UnknownForm."""
    folder = _folder(versions.in_force(code), versions.letterhead_in_force(), state)
    found = _found(folder)
    if not found.made and remembered.add(f"gallery:{folder.name}", 1, timeout=ASKED_AGAIN):
        wake("forms.show", code, state)
    return found


def make(code: str, state: str) -> None:
    """Print a form in that state and put it in its folder, unless it is there already; called by a worker."""
    version, letterhead = versions.in_force(code), versions.letterhead_in_force()
    folder = _folder(version, letterhead, state)
    if _found(folder).made:
        return
    part = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}.part")
    part.mkdir(parents=True)
    _print(part, version.definition, letterhead, state)
    try:
        part.rename(folder)
    except OSError:  # another worker was quicker, with the same
        shutil.rmtree(part)
    _tidy(folder)


def values(form: Form, state: str) -> dict[str, Any]:
    """The sample's answers in that state: none, those that the house fills in beforehand, or all."""
    if state == "blank":
        return {}
    sample = samples.ordinary(form)
    if state == "complete":
        return sample
    known = {item.key for item in form.items() if item.source or item.by == SYSTEM}
    return {key: value for key, value in sample.items() if key in known}


def fillers(form: Form) -> list[str]:
    """The codes of FILLERS of those who fill the form in, in their order; the software is not among them."""
    asked = {code for item in form.items() for code in item.fillers}
    asked |= {code for item in form.items() for column in item.columns for code in column.by.split("+") if code}
    return [code for code in FILLERS if code in asked and code != SYSTEM]


def named(code: str) -> str:
    """A filler in words; empty for the customer, whom no role names."""
    return " / ".join(vocabulary.role(role).name for role in FILLERS[code])


def _print(part: Path, form: Form, letterhead: Letterhead, state: str) -> None:
    from pypdfium2 import PdfDocument

    from forms_templates import printing

    try:
        one = replace(form, holders=())  # the originals differ in a mark only
        made = printing.render(one, letterhead, values(form, state), state=state, draft=state != "blank")
    except (printing.MissingGlyphError, printing.PrintingError, ValueError) as error:
        (part / _FAULT).write_text(str(error), encoding="utf-8")
        return
    (part / _PDF).write_bytes(made.pdf)
    document = PdfDocument(made.pdf)
    for number in range(len(document)):
        document[number].render(scale=_SCALE).to_pil().save(part / f"{number + 1}.png", optimize=True)
    document.close()


def _found(folder: Path) -> Sheet:
    if (folder / _FAULT).is_file():
        return Sheet(folder, fault=(folder / _FAULT).read_text(encoding="utf-8"))
    return Sheet(folder, pages=len(list(folder.glob("*.png"))))


def _folder(version: FormVersion, letterhead: Letterhead, state: str) -> Path:
    """Named by all that the pages are made of."""
    made_of = [version.body, version.number, letterhead.pk, letterhead.name, state, _workshop()]
    said = json.dumps(made_of, sort_keys=True, ensure_ascii=False)
    return Path(settings.GALLERY_FOLDER) / f"{version.form}-{state}-{sha256(said.encode()).hexdigest()[:24]}"


@cache
def _workshop() -> str:
    """What prints and what is printed as a sample, as one fingerprint: a later release prints anew."""
    here = Path(__file__).parent
    files = sorted(file for place in ("printing", "samples") for file in (here / place).iterdir() if file.is_file())
    return sha256(
        b"".join(file.read_bytes() for file in (*files, here / "samples.py", here / "amounts.py"))
    ).hexdigest()


def _tidy(kept: Path) -> None:
    """Remove what was made of earlier versions of the same, and what killed workers have left half made."""
    what, now = kept.name.rpartition("-")[0], clock.now().timestamp()
    for other in kept.parent.glob(f"{what}-*"):
        if other != kept and now - other.stat().st_mtime > _STALE:
            shutil.rmtree(other, ignore_errors=True)

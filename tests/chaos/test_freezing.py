"""A worker is killed while it prints: another one prints it, once, and no half file is left that anybody could get."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from documents import issuing, store
from documents.models import Document, Printed
from forms_templates import samples
from people.actors import Actor
from tests.cast import act
from tests.support.processes import wait_until
from workflow.models import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast, University
    from tests.support.processes import Stage

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY = 4


def _final(cast: Cast, university: University) -> Document:
    """A training report, answered as the samples have it, and finalised."""
    who = Actor(cast.specialist)
    document = issuing.issue("Serv503", customer=university.organisation, actor=who)
    items = {item.key: item for item in document.definition.items()}
    given = samples.values("Serv503")
    wanted = {k: v for k, v in given.items() if items[k].kind not in {"files", "signature"} and not items[k].computed}
    act(document, "fill", cast.specialist, values=wanted)
    act(document, "finalise", cast.specialist)
    return document


def _whole(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part"]


@pytest.mark.rule("FRM-13")
def test_a_worker_killed_in_mid_print_leaves_one_pdf_and_no_half_one(
    stage: Stage, cast: Cast, university: University, settings: Any
) -> None:
    files = stage.folder / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": files, "base_url": None}},
    }
    keys = [_final(cast, university).pk for _each in range(MANY)]
    stage.start_broker()
    stage.beat()
    worker = stage.worker()

    def frozen() -> int:
        return Document.objects.filter(frozen_at__isnull=False).count()

    held = Document.objects.filter(held_until__isnull=False, frozen_at__isnull=True)
    wait_until(held.exists, 80, "nobody prints")
    worker.kill()
    assert frozen() < MANY
    assert Printed.objects.count() == Entry.objects.filter(verb="freeze").count()
    stage.worker("second")
    wait_until(lambda: frozen() == MANY, 160, "not everything was printed")

    assert sorted(Entry.objects.filter(verb="freeze").values_list("record_id", flat=True)) == keys
    for printed in Printed.objects.all():
        assert len(store.read(printed)) == printed.size
    found = _whole(files / store.FOLDER)
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in found)
    for part in files.rglob("*.part"):  # what the killed one may have left is swept away, and nothing else
        os.utime(part, (0, 0))
    store.sweep()
    assert sorted(path for path in files.rglob("*") if path.is_file()) == sorted(found)

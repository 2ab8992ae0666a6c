"""Reading what was uploaded: a page of each file in turn, and at last to where its pages belong.

A page is drawn, read and written down outside of a transaction by one worker that holds the upload; its row and how far
the file has been read are one short transaction. Whoever goes on after a killed worker reads that page again, into the
same files.
"""

from __future__ import annotations

import logging
import uuid

from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation

from core import clock
from core.held import asked_once
from core.jobs import LostError, in_turns
from scans import codes, delivering, paper
from scans.door import ORIGINAL, SHELF
from scans.models import Page, Upload

logger = logging.getLogger(__name__)
MOST_TIMES = 3
"""So often one page is begun before the file is given up: its library may fall over it, and the worker with it."""


def run(seconds: float = 8.0) -> int:
    """Go on with what was uploaded, for so long at most; returns how many steps were done."""
    return in_turns(Upload.objects.unfinished().values_list("pk", flat=True), _step, seconds)


def _step(pk: int) -> bool:
    """The next page of an upload; whether there is another step for this worker."""
    holder = uuid.uuid4().hex
    if not Upload.objects.filter(pk=pk).hold(holder):
        return False
    upload = Upload.objects.select_related("uploaded_by__department").get(pk=pk)
    try:
        with translation.override(upload.language), asked_once():
            return _next(upload)
    except LostError:
        return False
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the file
    except paper.UnreadableError as error:
        return _fail(upload, error.fault)
    except FileNotFoundError:
        logger.exception("upload %s has lost its file", pk)
        return _fail(upload, Upload.Fault.DAMAGED)
    except Exception:
        logger.exception("upload %s could not be read", pk)
        Upload.objects.of_holder(upload).update(held_until=None)
        return False


def _next(upload: Upload) -> bool:
    if upload.begun > MOST_TIMES:
        return _fail(upload, Upload.Fault.WORN)
    if not upload.uploaded_by.is_active:
        return _fail(upload, Upload.Fault.ACCOUNT)
    path = SHELF.at(upload.pk) / ORIGINAL
    if upload.total is None:
        return _say(upload, total=paper.count(path, upload.kind), stage=Upload.Stage.RUNNING)
    if upload.done < upload.total:
        return _read(upload, upload.done + 1)
    delivering.deliver(upload)
    _say(upload, stage=Upload.Stage.DONE, finished_at=clock.now())
    path.unlink(missing_ok=True)
    return False


def _read(upload: Upload, number: int) -> bool:
    image = paper.page(SHELF.at(upload.pk) / ORIGINAL, upload.kind, number)
    reading = codes.read(image)
    if reading.turn:
        image = image.rotate(-reading.turn, expand=True)
    page = Page(upload=upload, number=number, codes=list(dict.fromkeys(mark.code for mark in reading.marks)))
    page.sheet = reading.marks[0].page if reading.marks else 0
    page.blank = not reading.marks and paper.is_blank(image)
    SHELF.write(upload.pk, page.image, paper.jpeg(image))
    SHELF.write(upload.pk, page.thumbnail, paper.small(image))
    with transaction.atomic():
        _say(upload, done=number)
        page.save()
    return True


def _say(upload: Upload, **changed: object) -> bool:
    """Write down how far it is, and let go of it. Raises LostError if somebody else has it."""
    free = {"held_until": None, "begun": 0}
    if not Upload.objects.of_holder(upload).update(**free, **changed):
        raise LostError
    return True


def _fail(upload: Upload, fault: str) -> bool:
    now, failed = clock.now(), Upload.Stage.FAILED
    if Upload.objects.of_holder(upload).update(stage=failed, fault=fault, finished_at=now, held_until=None):
        SHELF.clear(upload.pk)
    return False

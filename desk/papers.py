"""An uploaded scan and a batch of documents as pages say them: where they stand, and what became of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batches.models import Batch
from core import markup
from core.text import listed
from desk import states
from forms_templates import catalogue
from scans.models import Part, Upload

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

_OF_UPLOADS = {
    Upload.Stage.WAITING: ("new", "hourglass"),
    Upload.Stage.RUNNING: ("active", "circle-half-2"),
    Upload.Stage.DONE: ("nearly", "circle-check"),
    Upload.Stage.FAILED: ("over", "alert-triangle"),
}
_OF_PARTS = {
    Part.Outcome.RECEIVED: ("nearly", "circle-check"),
    Part.Outcome.ADDED: ("active", "plus"),
    Part.Outcome.WAITING: ("aside", "hourglass"),
}
_OF_BATCHES = {
    Batch.Stage.WAITING: ("new", "hourglass"),
    Batch.Stage.RUNNING: ("active", "circle-half-2"),
    Batch.Stage.DONE: ("nearly", "circle-check"),
    Batch.Stage.FAILED: ("over", "alert-triangle"),
    Batch.Stage.CANCELLED: ("void", "ban"),
    Batch.Stage.EXPIRED: ("done", "calendar-off"),
}


@dataclass(frozen=True)
class Piece:
    """What became of some pages: where they are now, and which are missing."""

    part: Part

    @property
    def label(self) -> str:
        """The document's number, or the waiting scan's."""
        found = self.part.document or self.part.scan
        return found.number if found is not None else ""

    @property
    def url(self) -> str:
        """Its page."""
        kind = "document" if self.part.document is not None else "scan"
        return reverse("desk:record", args=[kind, self.label])

    @property
    def state(self) -> SafeString:
        """What became of them; of a scan that waited, what somebody has done with it since."""
        if self.part.scan is not None and not self.part.scan.is_open:
            return states.badge(self.part.scan)
        outcome = Part.Outcome(self.part.outcome)
        return markup.badge(outcome.label, *_OF_PARTS[outcome])

    @property
    def pages(self) -> str:
        """Which pages of the file."""
        numbers = listed(str(page.number) for page in self.part.pages.all())
        return _("page %(pages)s") % {"pages": numbers}

    @property
    def whole(self) -> str:
        """How many of the document's pages came, if some are missing."""
        part = self.part
        if not part.of or not part.missing:
            return ""
        missing = listed(part.missing)
        said = {"came": part.of - len(part.missing), "of": part.of, "missing": missing}
        return _("%(came)s of %(of)s pages; missing: %(missing)s") % said

    @property
    def why(self) -> str:
        """Why it waits."""
        return self.part.scan.get_why_display() if self.part.scan is not None and self.part.scan.is_open else ""


@dataclass(frozen=True)
class Came:
    """One uploaded file."""

    upload: Upload

    @property
    def state(self) -> SafeString:
        """Where it stands, as word, colour and shape."""
        stage = Upload.Stage(self.upload.stage)
        return markup.badge(stage.label, *_OF_UPLOADS[stage])

    @property
    def pages(self) -> str:
        """How many pages, in words."""
        found = self.upload
        if found.total is None:
            return ""
        if found.is_unfinished:
            return _("%(done)s of %(total)s pages") % {"done": found.done, "total": found.total}
        return ngettext("%(count)s page", "%(count)s pages", found.total) % {"count": found.total}

    @property
    def percent(self) -> int:
        """How much of it has been read."""
        return self.upload.done * 100 // self.upload.total if self.upload.total else 0

    @cached_property
    def pieces(self) -> list[Piece]:
        """What became of its pages."""
        return [Piece(part) for part in self.upload.parts.all()]


@dataclass(frozen=True)
class Many:
    """One batch."""

    batch: Batch

    @cached_property
    def title(self) -> str:
        """What it is: the form and what is done with it."""
        batch = self.batch
        if batch.what == Batch.What.ARCHIVE:
            return _("Documents from the archive")
        try:
            form = catalogue.form(batch.form)
        except KeyError:
            return batch.form
        return f"{batch.form} {form.title.in_language()}"

    @property
    def state(self) -> SafeString:
        """Where it stands, as word, colour and shape."""
        stage = Batch.Stage(self.batch.stage)
        return markup.badge(stage.label, *_OF_BATCHES[stage])

    @property
    def count(self) -> str:
        """How many documents, in words."""
        found = self.batch
        if found.is_unfinished:
            done = found.done + found.refused
            return _("%(done)s of %(total)s documents") % {"done": f"{done:,}", "total": f"{found.total:,}"}
        return ngettext("%(n)s document", "%(n)s documents", found.done) % {"n": f"{found.done:,}"}

    @property
    def left_out(self) -> str:
        """How many came to nothing, in words."""
        count = self.batch.refused
        return ngettext("%(n)s left out", "%(n)s left out", count) % {"n": f"{count:,}"} if count else ""

    @property
    def size(self) -> str:
        """How large the file is."""
        return filesizeformat(self.batch.size)

    @property
    def can_be_fetched(self) -> bool:
        """Whether there is a file."""
        return self.batch.stage == Batch.Stage.DONE

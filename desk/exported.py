"""An export as a page says it: which list, where it stands, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import markup
from exports.models import Export
from lists.presets import preset_of
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from django.utils.safestring import SafeString

    from people.models import User

_TONES = {
    Export.Stage.WAITING: ("new", "hourglass"),
    Export.Stage.RUNNING: ("active", "circle-half-2"),
    Export.Stage.DONE: ("nearly", "circle-check"),
    Export.Stage.FAILED: ("over", "alert-triangle"),
    Export.Stage.CANCELLED: ("void", "ban"),
    Export.Stage.EXPIRED: ("done", "calendar-off"),
}


@dataclass(frozen=True)
class Shown:
    """One export on a page."""

    export: Export

    @cached_property
    def title(self) -> str:
        """The list and its tab; a list that there is no more goes by its code."""
        try:
            process = registry.get(self.export.kind)
        except registry.UnknownProcessError:
            return self.export.kind
        tab = preset_of(process, self.export.asked_by, QueryDict(self.export.query).get("show", ""))
        return f"{process.plural} · {tab.label}"

    @property
    def url(self) -> str:
        """The list itself."""
        return f"{reverse('desk:list', args=[self.export.kind])}?{self.export.query}"

    @property
    def narrowed(self) -> bool:
        """Whether filters are in force."""
        return bool(set(QueryDict(self.export.query)) - {"show", "sort"})

    @property
    def state(self) -> SafeString:
        """Where it stands, as word, colour and shape."""
        state = Export.Stage(self.export.stage)
        return markup.badge(state.label, *_TONES[state])

    @property
    def rows(self) -> str:
        """How many rows, in words."""
        found = self.export
        if found.total is None:
            return ""
        if found.is_unfinished:
            return _("%(done)s of %(total)s rows") % {"done": f"{found.done:,}", "total": f"{found.total:,}"}
        return ngettext("%(n)s row", "%(n)s rows", found.written) % {"n": f"{found.written:,}"}

    @property
    def size(self) -> str:
        """How large the file is."""
        return filesizeformat(self.export.size)

    @property
    def can_be_fetched(self) -> bool:
        """Whether there is a file."""
        return self.export.stage == Export.Stage.DONE


def finished(user: User, asked: Iterable[int]) -> list[dict[str, Any]]:
    """What an open page waits for and is at its end; what is not the visitor's has no words."""
    wanted = set(asked)
    own = {export.pk: export for export in Export.objects.own(user).filter(pk__in=wanted).select_related("asked_by")}
    return [_news(pk, own.get(pk)) for pk in sorted(wanted) if pk not in own or not own[pk].is_unfinished]


def _news(pk: int, export: Export | None) -> dict[str, Any]:
    if export is None or export.stage not in {Export.Stage.DONE, Export.Stage.FAILED}:
        return {"id": pk, "title": ""}
    said = {"name": Shown(export).title}
    if export.stage == Export.Stage.FAILED:
        return {"id": pk, "title": _("The export of “%(name)s” has failed.") % said, "url": reverse("desk:exports")}
    words = {"title": _("The export of “%(name)s” is ready.") % said, "action": _("Download")}
    return {"id": pk, "url": reverse("desk:export-file", args=[pk]), **words}

"""A record's timeline as the page shows it: who did what for whom, what was said, what changed, what is attached.

It is made in Python in one pass: a long record shows dozens of entries, and a page has milliseconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import markup
from desk import portraits, rulebook, states
from people.actors import Actor
from workflow import registry, timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.utils.functional import Promise

    from workflow.models import Attachment, Entry

SHOWN = 20
_LONG = 600
_BY_CLOCK = {
    "warned": "clock-exclamation",
    "missed": "alert-triangle",
    "escalated": "bell-ringing",
    "recomputed": "refresh",
}
_DOORS: dict[str, str | Promise] = {
    "portal": gettext_lazy("Customers' portal"),
    "mail": gettext_lazy("from a message"),
    "link": gettext_lazy("Personal link"),
    "api": gettext_lazy("by another program"),
    "import": gettext_lazy("brought in"),
    "jira": "JIRA",
}


def body(kind: str, entries: Iterable[Entry], attachments: Sequence[Attachment], whole: str = "") -> SafeString:
    """The entries as list items, in the order given. `whole` is where very long texts stand whole."""
    by_entry: dict[int, list[Attachment]] = {}
    for attachment in attachments:
        by_entry.setdefault(attachment.entry_id, []).append(attachment)
    return mark_safe("".join(_item(kind, entry, by_entry.get(entry.pk, ()), whole) for entry in entries))  # noqa: S308


def title(kind: str, entry: Entry) -> str:
    """What was done, in words."""
    if entry.verb.startswith("deadline."):
        return _by_clock(kind, entry)
    flow: Any = registry.get(kind).model
    verb = flow.verbs.get(entry.verb)
    return str(verb.label) if verb else entry.verb


def _by_clock(kind: str, entry: Entry) -> str:
    flow: Any = registry.get(kind).model
    due = markup.words_of(datetime.fromisoformat(entry.data["due_at"]))
    said = {"deadline": timer_label(flow, entry.data["timer"]), "due": due}
    event = entry.verb.removeprefix("deadline.")
    if event == "warned":
        return _("%(deadline)s: warning, due %(due)s") % said
    if event == "missed":
        return _("%(deadline)s: missed, was due %(due)s") % said
    if event == "recomputed":
        was = markup.words_of(datetime.fromisoformat(entry.data["from"]))
        return _("%(deadline)s: recomputed, due %(due)s instead of %(was)s") % {**said, "was": was}
    return _("%(deadline)s: escalated, was due %(due)s") % said


def timer_label(flow: Any, code: str) -> str:
    """The words for a deadline; its code, if the flow no longer knows it."""
    return next((str(timer.label) for timer in flow.timers if timer.code == code), code)


def who(entry: Entry) -> str:
    """By whom, and for whom, an entry was made."""
    return str(Actor(entry.actor, entry.on_behalf_of, entry.channel))


def door(channel: str) -> str:
    """By which door an act came, as a word; nothing for the desk itself, and for what came through none."""
    return str(_DOORS.get(channel, ""))


def _item(kind: str, entry: Entry, attachments: Sequence[Attachment], whole: str) -> str:
    clocked = entry.verb.startswith("deadline.")
    shape = _BY_CLOCK.get(entry.verb.removeprefix("deadline."), "clock") if clocked else _icon(kind, entry.verb)
    moved = ""
    if entry.from_state != entry.to_state:
        before = f"{states.badge_of(kind, entry.from_state)} → " if entry.from_state else ""
        moved = f'<span class="moved">{before}{states.badge_of(kind, entry.to_state)}</span>'
    late = markup.badge(_("late"), "aside") if entry.data.get("late") else ""
    by_way = door(entry.channel) if entry.actor_id is not None else ""  # else the way is who it was
    way = markup.badge(by_way, "done") if by_way else ""
    seen = "" if clocked or registry.get(kind).staff_only else _seen_by(entry)
    alarm = clocked and entry.actor_id is None  # an administrator's recomputation is none
    return (
        f'<li id="entry-{entry.seq}"{" class=by-clock" if alarm else ""}>{markup.icon(shape)}'
        f'<div class="entry-head"><strong>{escape(title(kind, entry))}</strong>'
        f"<span><bdi>{escape(who(entry))}</bdi></span>{way}{moved}{late}"
        f'<span class="entry-end">{seen}{rulebook.chips(entry.rules)}{markup.moment(entry.at)}</span></div>'
        f"{_said(kind, entry, whole)}{_changes(kind, entry)}{_deadlines(kind, entry)}{files(attachments)}</li>"
    )


def _icon(kind: str, code: str) -> str:
    flow: Any = registry.get(kind).model
    verb = flow.verbs.get(code)
    return (verb.icon if verb else "") or "circle-dot"


def _seen_by(entry: Entry) -> str:
    # Words stand outside f-strings: those who gather them for translation do not look inside.
    css, shape, words = (
        ("outside", "eye", _("customer sees this")) if entry.public else ("inside", "eye-off", _("internal"))
    )
    return f'<span class="{css}">{markup.icon(shape)}{escape(words)}</span>'


def _said(kind: str, entry: Entry, whole: str) -> str:
    if reason := entry.data.get("reason"):  # of a recomputation: administrators fill in no verb's form
        words = _("Reason")
        return f'<dl class="said"><dt>{escape(words)}</dt><dd>{markup.prose(reason, whole)}</dd></dl>'
    said: Mapping[str, Any] = entry.data.get("said") or {}
    place = f"{whole}#entry-{entry.seq}" if whole else ""
    lines = []
    for name, value in said.items():
        text = portraits.answer(kind, entry.verb, name, value)
        if text:
            css = ' class="long" tabindex="0"' if len(text) > _LONG else ""
            asked = escape(portraits.question(kind, entry.verb, name))
            lines.append(f"<dt>{asked}</dt><dd{css}>{markup.prose(text, place)}</dd>")
    return f'<dl class="said">{"".join(lines)}</dl>' if lines else ""


def _changes(kind: str, entry: Entry) -> str:
    said = (entry.data.get("said") or {}).keys()
    lines = [
        f"<li>{escape(portraits.label(kind, name))}: "
        f"<del>{escape(_short(old))}</del> → <ins>{escape(_short(new))}</ins></li>"
        for name, (old, new) in (entry.data.get("changes") or {}).items()
        # What was newly said is there already; what was replaced shows from what to what.
        if not (name in said and not timeline.read(old)) and not _is_moment_of(entry, new)
    ]
    return f'<ul class="changes">{"".join(lines)}</ul>' if lines else ""


def _is_moment_of(entry: Entry, value: Any) -> bool:
    """Whether a value is the moment of the entry itself, which stands at its head."""
    at = value.get("at") if isinstance(value, dict) else None
    return at is not None and datetime.fromisoformat(at) == entry.at


def _short(value: Any) -> str:
    text = timeline.read(value) or "–"
    return text if len(text) <= 200 else f"{text[:200]}…"  # noqa: PLR2004 - two lines of a page


def _deadlines(kind: str, entry: Entry) -> str:
    if entry.verb.startswith("deadline."):
        return ""
    flow: Any = registry.get(kind).model
    lines = []
    for step in entry.data.get("deadlines") or ():
        words = _step_words().get(step["event"])
        if words:
            due = markup.words_of(datetime.fromisoformat(step["due"]))
            lines.append(f"<li>{escape(words % {'deadline': timer_label(flow, step['timer']), 'due': due})}</li>")
    return f'<ul class="changes faint">{"".join(lines)}</ul>' if lines else ""


def _step_words() -> dict[str, str]:
    return {
        "opened": _("%(deadline)s runs, due %(due)s"),
        "moved": _("%(deadline)s moved, now due %(due)s"),
        "paused": _("%(deadline)s stands still"),
        "resumed": _("%(deadline)s goes on, due %(due)s"),
        "met": _("%(deadline)s kept"),
        "met_late": _("%(deadline)s kept late, was due %(due)s"),
        "cancelled": _("%(deadline)s no longer needed"),
    }


def files(attachments: Sequence[Attachment], unread: Collection[int] = ()) -> SafeString:
    """Attachments as links: pictures open in place, documents in a page of their own, the rest is downloaded.

    `unread` are the keys of those whose text could not be read for the search.
    """
    if not attachments:
        return SafeString()
    items = "".join(_file(attachment, unread=attachment.pk in unread) for attachment in attachments)
    return format_html('<ul class="files">{}</ul>', mark_safe(items))  # noqa: S308 - each is escaped


def _file(attachment: Attachment, *, unread: bool) -> SafeString:
    picture = attachment.content_type.startswith("image/")
    shape = "photo" if picture else "file-text" if attachment.previewable else "download"
    way = format_html(' data-preview="{}"', attachment.name) if picture else SafeString()
    return format_html(
        '<li><a href="{}"{}>{}<span>{}</span><small>{}{}</small></a></li>',
        reverse("desk:file", args=[attachment.pk]),
        way,
        markup.icon(shape),
        attachment.name,
        size(attachment.size),
        format_html(" · {}", _("text could not be read")) if unread else "",
    )


def size(count: int) -> str:
    """A number of bytes as people read it."""
    if count < 1024:  # noqa: PLR2004 - a kilobyte
        return f"{count} B"
    return f"{count / 1024:.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"

"""Remarks on a record as pages show them: beside the text, and all together on the record's page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desk import addresses, contents
from workflow.approvals import discussion

if TYPE_CHECKING:
    from people.models import User
    from workflow.approvals.discussion import Remark
    from workflow.models import Entry, Record, Version

_VERSION = re.compile(r"/versions/(\d{1,6})/$")


@dataclass(frozen=True)
class Shown:
    """A remark with its place in words, where that is found, and what the reader may do about it."""

    remark: Remark
    place: str
    url: str
    settles: bool
    talks: bool
    quoted: str = ""


def shown(record: Record, user: User, remarks: list[Remark]) -> list[Shown]:
    """Remarks as the visitor sees them."""
    flow: Any = record
    talking, settling = flow.verbs["remark"], flow.verbs["settle_remark"]
    talks = bool(remarks) and talking.fits(record) and talking.by.includes(user, record)
    settles = bool(remarks) and settling.fits(record) and settling.by.includes(user, record)
    return [
        Shown(
            remark,
            contents.place_words(type(record), remark.place),
            _address(record, remark),
            settles=settles and remark.settled is None and remark.may_settle(user, record),
            talks=talks and remark.settled is None,
            quoted="" if contents.is_row(type(record), remark.place) else remark.quote,
        )
        for remark in remarks
    ]


def _address(record: Record, remark: Remark) -> str:
    if remark.version is None:
        return ""
    return f"{addresses.of(record)}versions/{remark.version}/#at-{remark.place or 'whole'}"


def beside(record: Record, user: User, version: Version) -> dict[str, list[Shown]]:
    """The remarks that belong beside a version's text, by place: those made on it, and open ones of earlier ones.

    A paragraph that has moved since takes its remark with it.
    """
    known = discussion.places(version.content)
    found: dict[str, list[Shown]] = {}
    for each in shown(record, user, discussion.of(record)):
        remark = each.remark
        if remark.version is not None and remark.version > version.number:
            continue
        if remark.version != version.number and remark.settled is not None:
            continue
        found.setdefault(_place_now(remark, known), []).append(each)
    return found


def _place_now(remark: Remark, known: dict[str, str]) -> str:
    if not remark.place or (remark.place in known and known[remark.place].startswith(remark.quote)):
        return remark.place
    name = remark.place.partition(".")[0]
    moved = (place for place, words in known.items() if place.startswith(f"{name}.") and remark.quote)
    same = (place for place in moved if known[place].startswith(remark.quote))
    return next(same, remark.place if remark.place in known else "")


def after(record: Record, entry: Entry, come_from: str) -> str:
    """Where somebody who has remarked or settled goes on: the text that was being read, or the record's page.

    The address names what was said: a page is read anew even if one is on it already.
    """
    about = entry.data.get("said", {}).get("about") or entry.seq
    on_text = _VERSION.search(urlsplit(come_from).path)
    page = f"versions/{on_text[1]}/" if on_text else ""
    return f"{addresses.of(record)}{page}?said={entry.seq}#remark-{about}"

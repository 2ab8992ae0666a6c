"""Who else has a record open now. Forgotten within half a minute, and nothing depends on it.

Kept by the broker's server and not by the database: it is written with every poll of every open page, is worth nothing
a minute later, and must be seen by all web processes. One round trip for each poll writes the visitor's own mark and
reads the others'. Where that server is away nobody is seen, and the page goes on without a word.
"""

from __future__ import annotations

import json
import logging
import re
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from people.models import User
    from workflow.models import Record

logger = logging.getLogger(__name__)
SEEN_FOR = 25
"""Seconds after its last poll for which a page counts as open; it asks every ten."""
_QUIET_SECONDS = 30.0
_TAB = re.compile(r"[0-9a-f]{8,32}")
_away_until: dict[str, float] = {}


@dataclass(frozen=True)
class Window:
    """One open page: which one it is, and the verb whose form is open in it."""

    tab: str = ""
    verb: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Window:
        """What a page says of itself; what is no page of ours says nothing."""
        tab = str(asked.get("tab", ""))
        return cls(tab, str(asked.get("verb", ""))[:40]) if _TAB.fullmatch(tab) else cls()


@dataclass(frozen=True)
class Person:
    """Somebody else who has the record open, and the code of the verb whose form they fill in."""

    key: int
    name: str
    verb: str = ""


def look(record: Record, user: User, window: Window) -> list[Person]:
    """Leave the visitor's mark at a record that they may see, and see who else is there, by name."""
    if not window.tab:
        return []
    now, place = clock.now().timestamp(), f"serviceops:here:{record.pk}"
    mark = json.dumps({"key": user.pk, "name": str(user), "verb": window.verb, "at": now}, ensure_ascii=False)
    found = _exchange(place, f"{user.pk}:{window.tab}", mark)
    marks = {field: json.loads(text) for field, text in found.items()}
    if gone := [field for field, said in marks.items() if said["at"] < now - SEEN_FOR]:
        _forget(place, gone)
    fresh = [said for said in marks.values() if said["at"] >= now - SEEN_FOR and said["key"] != user.pk]
    return _people(fresh)


def _people(marks: Iterable[dict[str, Any]]) -> list[Person]:
    """Each once, however many windows they have; one in which something is filled in says more than the others."""
    found: dict[int, Person] = {}
    for said in sorted(marks, key=lambda said: (bool(said["verb"]), said["at"])):
        found[said["key"]] = Person(said["key"], said["name"], said["verb"])
    return sorted(found.values(), key=lambda person: (person.name, person.key))


def told(record: Record, people: Iterable[Person]) -> list[dict[str, str]]:
    """What a page shows of them, in the reader's language."""
    return [_told(record, person) for person in people]


def _told(record: Record, person: Person) -> dict[str, str]:
    flow: Any = registry.of(record).model
    verb = flow.verbs.get(person.verb)
    said = {"who": person.name, "verb": verb.label if verb else ""}
    return {
        "key": str(person.key),
        "name": person.name,
        "mark": initials_of(person.name),
        "doing": _("fills in “%(verb)s”") % said if verb else "",
        "said": _("%(who)s is filling in “%(verb)s”.") % said
        if verb
        else _("%(who)s has this record open too.") % said,
    }


def initials_of(name: str) -> str:
    """What stands in somebody's circle: of a Chinese name the first character, else the first letters of two words."""
    words = name.split()
    if not words or not name[0].isascii():
        return name[:1]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def _exchange(place: str, field: str, mark: str) -> dict[str, str]:
    def steps(server: redis.Redis) -> dict[str, str]:
        line = server.pipeline(transaction=False)
        line.hset(place, field, mark)
        line.expire(place, SEEN_FOR * 2)
        line.hgetall(place)
        found: dict[str, str] = line.execute()[-1]
        return found

    return _asked(steps) or {}


def _forget(place: str, fields: list[str]) -> None:
    _asked(lambda server: server.hdel(place, *fields))


def _asked(steps: Any) -> Any:
    """What the server says; None, for a while without asking, where it cannot be reached."""
    url = settings.PRESENCE_URL
    if time.monotonic() < _away_until.get(url, 0.0):
        return None
    try:
        return steps(_server(url))
    except redis.RedisError:
        _away_until[url] = time.monotonic() + _QUIET_SECONDS
        logger.warning("who is on a page is not known: the server that keeps it cannot be reached")
        return None


@cache
def _server(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=0.5, socket_connect_timeout=0.5)

"""What can be found: one source for each kind of thing. Processes and other layers declare theirs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from customers.models import Organisation
from search.attachments import ATTACHMENT
from search.customers import CONTACT, CUSTOMER
from search.records import searched
from workflow import registry
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from people.models import User

    Seen = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found.

    `seen` gives the records or organisations that a person may see, as the pages themselves ask for them; `owner` says
    by which of the two a thing's rights go. `initials` are what names are found by.
    """

    kind: str
    label: str | Promise
    icon: str
    owner: str
    seen: Seen
    initials: bool = False


def records_seen(user: User, kind: str = "") -> QuerySet[Record]:
    """The records that a person may see, of all processes or of one."""
    return Record.objects.for_actor(user, kind)


def customers_seen(user: User) -> QuerySet[Organisation]:
    """The customers that a person may see."""
    return Organisation.objects.for_actor(user)


_declared: dict[str, Source] = {}


def declare(source: Source) -> Source:
    """Make a kind of thing known that is no record of a process."""
    _declared[source.kind] = source
    return source


def sources() -> list[Source]:
    """All sources: the processes in the order of their registration, then what was declared beside them."""
    processes = [Source(p.kind, p.plural, p.icon, "record", partial(records_seen, kind=p.kind)) for p in searched()]
    return [*processes, *_declared.values()]


def known(kind: str) -> bool:
    """Whether there is such a kind."""
    return kind in _declared or kind in {process.kind for process in registry.all_processes()}


declare(Source(CUSTOMER, _("Customers"), "building", "organisation", customers_seen, initials=True))
declare(Source(CONTACT, _("Contacts"), "address-book", "organisation", customers_seen, initials=True))
declare(Source(ATTACHMENT, _("Attachments"), "paperclip", "record", records_seen))

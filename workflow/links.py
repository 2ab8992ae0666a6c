"""Linking records: both sides are told, in one transaction, and the reader is shown only what the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery

from core import clock
from workflow.beside import act_of, perform_beside
from workflow.facts import Fact, whenever
from workflow.models import Link, Record, Relation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.actors import Actor
    from people.models import User

UNLINK = "unlink"
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class RecordsLinked(Fact):
    """Somebody has said what a record is to another."""

    other_id: int
    relation: str


@dataclass(frozen=True, kw_only=True)
class RecordsUnlinked(Fact):
    """Somebody has taken that back."""

    other_id: int
    reason: str


def between(one: int, other: int) -> Q:
    """The link of two records, whichever was named first."""
    return Q(one=one, other=other) | Q(one=other, other=one)


def join(one: Record, other: Record, relation: Relation, actor: Actor) -> None:
    """Keep that the one is to the other what the relation says, instead of what was said of them before."""
    Link.objects.filter(between(one.pk, other.pk)).delete()
    Link.objects.create(one_id=one.pk, other_id=other.pk, relation=relation, since=clock.now(), made_by=actor.user)


def trace(record: Record, other: Record, relation: Relation, actor: Actor) -> None:
    """Write on a record's timeline what another is to it, as the other side of an act."""
    perform_beside(record, "linked", actor=actor, data={"other": other.number, "relation": relation})


@whenever(RecordsLinked)
def keep_the_link_and_tell_the_other(fact: RecordsLinked) -> None:
    """The link comes into being with the trace on both sides, or not at all."""
    entry, actor = act_of(fact.entry_id)
    other, relation = Record.objects.get(pk=fact.other_id), Relation(fact.relation)
    join(entry.record, other, relation, actor)
    trace(other, entry.record, relation.inverse, actor)


@whenever(RecordsUnlinked)
def take_the_link_back_and_tell_the_other(fact: RecordsUnlinked) -> None:
    """The link goes; that it was there, and why it is no more, stands on both timelines."""
    entry, actor = act_of(fact.entry_id)
    other = Record.objects.get(pk=fact.other_id)
    Link.objects.filter(between(entry.record_id, other.pk)).delete()
    perform_beside(other, "unlinked", actor=actor, data={"other": entry.record.number, "reason": fact.reason})


def near(user: User, pk: int, parent: int) -> QuerySet[Record]:
    """What a person may see of the records that a record is linked to or belongs with, the newest first.

    A linked one carries `here` or `there`: the relation read from this record, or from that one. The keys come from one
    union of indexed look-ups, however many records there are.
    """
    family = (
        Record.objects.filter(parent=parent)
        .values("pk")
        .union(
            Record.objects.filter(parent=pk).values("pk"),
            Record.objects.filter(pk=parent).values("pk"),
            Link.objects.filter(one=pk).values("other_id"),
            Link.objects.filter(other=pk).values("one_id"),
            all=True,
        )
    )
    here = Link.objects.filter(one=pk, other=OuterRef("pk")).values("relation")[:1]
    there = Link.objects.filter(other=pk, one=OuterRef("pk")).values("relation")[:1]
    seen = Record.objects.for_actor(user).filter(pk__in=family).exclude(pk=pk)
    return seen.annotate(here=Subquery(here), there=Subquery(there)).order_by("-id")[:SHOWN]


def relation_of(record: Record) -> Relation | None:
    """What the record that one looks at is to one that `near` has found; None for its family."""
    here, there = getattr(record, "here", None), getattr(record, "there", None)
    if here:
        return Relation(here)
    return Relation(there).inverse if there else None

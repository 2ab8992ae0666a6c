"""The gap alarm: hours outside working time that nobody covers are found by a regular look, and told once each."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from core import clock
from duty import letters, roster
from duty.models import Gap, Post

AHEAD = 7
"""Days that are looked at: what lies further off may still be planned."""
SHORTEST = timedelta(minutes=15)
"""What is shorter is the end of one shift and the beginning of the next."""


def look() -> list[Gap]:
    """Find the gaps of the coming days and tell the directors of those that are new; returns the new ones."""
    found: list[Gap] = []
    now = clock.now()
    for post in Post.objects.filter(active=True):
        with transaction.atomic():
            for stretch in roster.uncovered(post, now, AHEAD):
                if stretch.length < SHORTEST:
                    continue
                gap, new = Gap.objects.get_or_create(
                    post=post, starts_at=stretch.start, defaults={"ends_at": stretch.end, "found_at": now}
                )
                if new:
                    letters.gap_found(gap)
                    found.append(gap)
    return found

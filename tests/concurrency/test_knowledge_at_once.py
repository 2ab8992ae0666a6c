"""Several who gather at once gather once; a reader who votes twice at once has one vote."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core import clock
from knowledge import services
from knowledge.models import Article, Digest, Material, Rhythm, Vote
from tests.browser.house import solved, worked_on
from tests.cast import act
from tests.concurrency.at_once import at_once, sorted_out
from tests.knowledge.conftest import article_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.rule("TKT-25")
def test_four_workers_that_gather_at_once_make_one_digest(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = solved(worked_on(new_ticket(), cast), cast)
    now = clock.now()
    Rhythm.objects.update(done_until=clock.local(now).date().replace(day=1))

    def gather(number: int) -> int:
        with clock.held(now + timedelta(days=32)):
            return services.gather_what_is_due()

    made, _refused = sorted_out(at_once(4, gather))
    assert sorted(made) == [0, 0, 0, 1]
    assert Digest.objects.count() == 1
    assert list(Material.objects.values_list("record", flat=True)) == [ticket.pk]


def test_a_vote_that_is_sent_twice_at_once_is_one_vote(cast: Cast) -> None:
    article = Article()
    act(article, "write", cast.engineer, **article_data())
    sorted_out(at_once(3, lambda number: services.vote(article, cast.engineer, useful=bool(number % 2))))
    assert Vote.objects.filter(article=article.pk).count() == 1

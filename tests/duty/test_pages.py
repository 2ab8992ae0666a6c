"""The roster's page and the strip on top of every page out of hours (OFH-12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from duty.models import Post, Shift, Swap
from people.models import User
from tests.night import CLOSING, OPENING, TEN_AT_NIGHT, shift

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

HOUR = timedelta(hours=1)


def browser(user: User) -> Client:
    """A browser in which somebody is logged in and reads English."""
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(user: User, address: str = "/duty/") -> str:
    return browser(user).get(address).content.decode()


@pytest.mark.rule("OFH-12")
def test_out_of_hours_every_page_says_who_is_on_duty_and_how_to_reach_them(
    night: Shift, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    User.objects.filter(pk=cast.engineer.pk).update(mobile="13900001234")
    Post.objects.update(phone="400-810-1234")
    for address in ("/", "/ticket/", "/customers/", "/duty/"):
        shown = page(cast.specialist, address)
        assert "duty-strip" in shown
        assert "王工" in shown
        assert 'href="tel:13900001234"' in shown
        assert 'href="tel:4008101234"' in shown
    held_clock(OPENING + HOUR)
    assert "duty-strip" not in page(cast.specialist, "/")


@pytest.mark.rule("OFH-12")
def test_a_night_that_nobody_covers_is_said(night: Shift, cast: Cast, held_clock: Callable[..., Any]) -> None:
    held_clock(TEN_AT_NIGHT + 24 * HOUR)
    assert "Nobody is on duty." in page(cast.specialist, "/")


@pytest.mark.rule("OFH-02")
def test_only_the_engineer_on_duty_is_offered_to_record_an_emergency(night: Shift, cast: Cast) -> None:
    offered = "/ticket/new/record_emergency/"
    assert offered in page(cast.engineer, "/")
    assert offered not in page(cast.other_engineer, "/")
    assert browser(cast.other_engineer).get(offered).status_code == 403
    assert "王工" in browser(cast.other_engineer).get(offered).content.decode()
    assert browser(cast.engineer).get(offered).status_code == 200
    assert browser(cast.engineer).get("/ticket/new/respond/").status_code == 404


def test_customers_are_not_shown_who_is_on_duty(night: Shift, cast: Cast) -> None:
    assert "duty-strip" not in page(cast.contact, "/portal/")


@pytest.mark.rule("OFH-12")
@pytest.mark.parametrize("asked", ["", "?view=month", "?from=2026-03-02", "?from=nonsense", "?from=9999-99-99"])
def test_the_roster_shows_who_is_on_duty_when_and_what_nobody_covers(night: Shift, cast: Cast, asked: str) -> None:
    shown = page(cast.specialist, f"/duty/{asked}")
    assert "roster-shift" in shown
    assert "roster-gap" in shown
    assert shown.count("<li", shown.index('<ol class="roster')) >= 7


def planned(cast: Cast) -> dict[str, Any]:
    return {
        "post": Post.objects.get().pk,
        "engineer": cast.other_engineer.pk,
        "starts_at": "2026-03-03T18:00",
        "ends_at": "2026-03-04T09:00",
    }


@pytest.mark.rule("OFH-12")
def test_directors_plan_and_nobody_else(night: Shift, cast: Cast) -> None:
    for person in (cast.engineer, cast.specialist, cast.supervisor):
        assert browser(person).post("/duty/shifts/", planned(cast)).status_code == 403
    assert browser(cast.director).post("/duty/shifts/", planned(cast)).status_code == 302
    made = Shift.objects.get(engineer=cast.other_engineer)
    assert made.starts_at == CLOSING + 24 * HOUR
    assert browser(cast.engineer).post(f"/duty/shifts/{made.pk}/strike/").status_code == 403
    assert browser(cast.director).post(f"/duty/shifts/{made.pk}/strike/").status_code == 302
    assert browser(cast.director).post(f"/duty/shifts/{night.pk}/strike/").status_code == 404
    assert Shift.objects.get() == night


@pytest.mark.rule("OFH-12")
@pytest.mark.parametrize(
    ("other", "field", "says"),
    [
        ({"starts_at": "2026-03-02T20:00"}, "starts_at", "manned then already"),
        ({"ends_at": "2026-03-03T17:00"}, "ends_at", "after the start"),
        ({"ends_at": "nonsense"}, "ends_at", ""),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field(
    night: Shift, cast: Cast, other: dict[str, str], field: str, says: str
) -> None:
    answer = browser(cast.director).post("/duty/shifts/", planned(cast) | other)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert f'id="id_{field}_error"' in text
    assert says in text
    assert Shift.objects.get() == night


@pytest.mark.rule("OFH-12")
def test_an_exchange_is_asked_and_answered_on_the_page(night: Shift, cast: Cast) -> None:
    asked = {"shift": night.pk, "of": cast.other_engineer.pk, "reason": "family"}
    mine, theirs = browser(cast.engineer), browser(cast.other_engineer)
    assert mine.post("/duty/swaps/", asked | {"reason": ""}).status_code == 422
    assert mine.post("/duty/swaps/", asked).status_code == 302
    swap = Swap.objects.get()
    assert "I take it" in page(cast.other_engineer)
    assert "I take it" not in page(cast.engineer)
    assert browser(cast.specialist).post(f"/duty/swaps/{swap.pk}/agree/").status_code == 404
    assert theirs.post(f"/duty/swaps/{swap.pk}/decline/").status_code == 422
    assert theirs.post(f"/duty/swaps/{swap.pk}/nonsense/").status_code == 404
    theirs.post(f"/duty/swaps/{swap.pk}/agree/")
    night.refresh_from_db()
    assert night.engineer == cast.other_engineer
    answer = theirs.post(f"/duty/swaps/{swap.pk}/decline/", {"answer": "no"}, follow=True)
    assert "answered already" in answer.content.decode()


def test_a_shift_that_was_asked_about_is_not_struck(night: Shift, cast: Cast) -> None:
    coming = shift(cast.engineer, CLOSING + 24 * HOUR, OPENING + 24 * HOUR)
    browser(cast.engineer).post("/duty/swaps/", {"shift": coming.pk, "of": cast.other_engineer.pk, "reason": "family"})
    answer = browser(cast.director).post(f"/duty/shifts/{coming.pk}/strike/", follow=True)
    assert "is on record" in answer.content.decode()
    assert Shift.objects.filter(pk=coming.pk).exists()


def test_whoever_is_not_on_the_roster_exchanges_nothing(night: Shift, cast: Cast) -> None:
    assert browser(cast.specialist).post("/duty/swaps/", {"shift": night.pk}).status_code == 403

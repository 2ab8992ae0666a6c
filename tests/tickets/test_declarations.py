"""That the desk is complete: every verb has its form, its seeds stand, and doing them again changes nothing."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import act
from tickets import seeds
from tickets.filtersets import TicketFilters
from tickets.models import Channel, IssueType, RoutingRule, Severity, Ticket
from tickets.process import TICKETS
from workflow.models import DeadlinePolicy, PolicyLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.cast import Cast


@pytest.mark.parametrize("verb", sorted(TICKETS.forms))
def test_the_form_of_a_verb_asks_for_what_the_verb_takes(verb: str) -> None:
    asked = set(TICKETS.forms[verb].base_fields) - {"files"} - set(getattr(TICKETS.forms[verb], "endings", ()))
    taken = signature(getattr(Ticket, verb)).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
        assert all(Ticket._meta.get_field(name) for name in asked)
    else:
        assert asked == set(list(taken)[2:])  # after the record and the act


@pytest.mark.parametrize("verb", sorted(TICKETS.forms))
def test_what_a_form_lets_the_customer_see_is_asked_for(verb: str) -> None:
    form = TICKETS.forms[verb]
    assert set(form.public) <= set(form.base_fields)
    assert bool(form.public) <= Ticket.verbs[verb].public or verb == "cancel"


def test_seeding_twice_changes_nothing_and_keeps_what_an_administrator_changed(seeded: None) -> None:
    Severity.objects.filter(code="urgent").update(name_zh="急", reported=False)
    RoutingRule.objects.filter(rule="TKT-07").update(active=False)
    policy = DeadlinePolicy.objects.get(match={"severity": "urgent"}, timer="ticket.response")
    policy.minutes = 60
    policy.save()
    models = (Channel, IssueType, Severity, RoutingRule, DeadlinePolicy, PolicyLevel)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    seeds.seed()
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_every_word_is_there_in_both_languages(seeded: None) -> None:
    for model in (Channel, IssueType, Severity, DeadlinePolicy):
        assert all(row.name_zh and row.name_en for row in model.objects.all())


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "无法登录"}, {"a"}),
        ({"q": "bjdx"}, {"a", "b"}),
        ({"q": "tk-"}, {"a", "b"}),
        ({"state": "dispatched"}, {"b"}),
        ({"q": "' OR 1=1"}, set()),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_says(
    new_ticket: Callable[..., Ticket], cast: Cast, asked: dict[str, str], found: set[str]
) -> None:
    first, second = new_ticket(), new_ticket(title="视频卡顿", severity="urgent")
    act(second, "dispatch", cast.specialist)
    names = {first.pk: "a", second.pk: "b"}
    rows = TicketFilters(asked, queryset=Ticket.objects.all()).qs
    assert {names[row.pk] for row in rows} == found


def test_the_list_and_its_rows_cost_no_question_a_row(
    new_ticket: Callable[..., Ticket], cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        act(new_ticket(), "dispatch", cast.specialist)
    client.force_login(cast.specialist)
    client.get("/ticket/")
    with django_assert_max_num_queries(15):
        page = client.get("/ticket/")
    assert page.status_code == 200
    with django_assert_max_num_queries(15):
        record = client.get(f"/ticket/{Ticket.objects.latest('pk').number}/")
    assert record.status_code == 200
    assert "老师登录后出现空白页。" in record.content.decode()


def test_the_administration_shows_tickets_and_changes_none(
    new_ticket: Callable[..., Ticket], cast: Cast, client: Client
) -> None:
    ticket = new_ticket()
    client.force_login(cast.admin)
    page = client.get(f"/admin/tickets/ticket/{ticket.pk}/change/")
    assert page.status_code == 200
    assert 'name="title"' not in page.content.decode()
    assert client.post(f"/admin/tickets/ticket/{ticket.pk}/change/", {"title": "x"}).status_code == 403
    assert client.get("/admin/tickets/ticket/add/").status_code == 403
    assert client.get(f"/admin/tickets/ticket/{ticket.pk}/delete/").status_code == 403


@pytest.mark.parametrize("name", ["channel", "issuetype", "issuesubtype", "severity", "routingrule", "ticket"])
def test_each_page_of_the_administration_opens(cast: Cast, client: Client, name: str) -> None:
    client.force_login(cast.admin)
    assert client.get(f"/admin/tickets/{name}/").status_code == 200
    if name != "ticket":
        assert client.get(f"/admin/tickets/{name}/add/").status_code == 200

"""Who may open a customer's password, and that every look is written down and told (OFH-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client

from core.fields import SecretField
from notifications.models import Notice, SmsGateway
from tests.cast import act
from tests.night import ACCESS, OPENING, SECRET, TEN_AT_NIGHT, admitted, resolved, shift
from vault.models import Access, Look
from workflow.models import Entry
from workflow.refusals import InvalidData, Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import Settings

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    New = Callable[..., Ticket]

REASON = "登录检查数据库"


def browser(user: User) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(ticket: Ticket, by: User) -> Look:
    """A look at the ticket's password."""
    entry = act(ticket, "reveal_access", by, reason=REASON)
    return Look.objects.get(entry=entry)


@pytest.fixture
def ticket(new_emergency: New, cast: Cast) -> Ticket:
    """An emergency with access details on record."""
    return admitted(new_emergency(), cast.engineer)


# --- who may ------------------------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-05")
@pytest.mark.parametrize("who", ["engineer", "account_manager"])
def test_handler_and_account_manager_may_open_it(ticket: Ticket, cast: Cast, who: str) -> None:
    assert opened(ticket, vars(cast)[who]).by == vars(cast)[who]


@pytest.mark.rule("OFH-05")
@pytest.mark.parametrize(
    "who", ["director", "specialist", "other_engineer", "supervisor", "trainer", "rd_engineer", "contact", "admin"]
)
def test_nobody_else_may_not_even_a_director(ticket: Ticket, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        act(ticket, "reveal_access", vars(cast)[who], reason=REASON)
    assert refused.value.reasons[0].rule == "OFH-05"
    assert refused.value.reasons[0].who
    assert not Look.objects.exists()


@pytest.mark.rule("OFH-05")
def test_the_next_engineer_on_duty_may_while_the_emergency_is_open(
    ticket: Ticket, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    shift(cast.other_engineer, OPENING, OPENING + timedelta(hours=24))
    held_clock(OPENING + timedelta(hours=12))
    assert opened(ticket, cast.other_engineer).by == cast.other_engineer
    held_clock(OPENING + timedelta(hours=25))
    with pytest.raises(NotAllowed):  # the shift is over, and so is the right
        act(ticket, "reveal_access", cast.other_engineer, reason=REASON)


@pytest.mark.rule("OFH-05")
def test_being_on_duty_opens_no_ordinary_ticket(ticket: Ticket, new_ticket: New, cast: Cast) -> None:
    ordinary = new_ticket(by=cast.engineer, channel="emergency_hotline")
    act(ordinary, "record_access", cast.specialist, known=ticket.access_id)
    with pytest.raises(NotAllowed):
        act(ordinary, "reveal_access", cast.engineer, reason=REASON)


@pytest.mark.rule("OFH-05")
def test_a_look_needs_a_reason_details_and_an_open_record(ticket: Ticket, new_emergency: New, cast: Cast) -> None:
    with pytest.raises(InvalidData) as refused:
        act(ticket, "reveal_access", cast.engineer, reason=" ")
    assert "OFH-05" in refused.value.reasons[0].message
    Access.objects.update(active=False)
    with pytest.raises(Missing):
        act(new_emergency(title="另一个"), "reveal_access", cast.engineer, reason=REASON)
    assert not Look.objects.exists()


@pytest.mark.rule("OFH-05")
def test_closed_records_open_nothing(new_emergency: New, cast: Cast) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="已恢复")
    act(ticket, "tell_by_email", cast.engineer, email="zhang@pku.example", summary="已恢复")
    act(ticket, "confirm", cast.specialist, satisfaction=4)
    with pytest.raises(Missing):
        act(ticket, "reveal_access", cast.engineer, reason=REASON)


# --- that it is seen ----------------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-05")
def test_every_look_is_in_the_log_on_the_timeline_and_told_to_the_account_manager(ticket: Ticket, cast: Cast) -> None:
    look = opened(ticket, cast.engineer)
    assert (look.reason, look.record_id, look.access_id) == (REASON, ticket.pk, ticket.access_id)
    entry = Entry.objects.filter(record=ticket).latest("seq")
    assert (entry.verb, entry.data["said"]) == ("reveal_access", {"reason": REASON})
    assert Notice.objects.filter(recipient=cast.account_manager, entry=entry, rule="OFH-05").exists()


@pytest.mark.rule("OFH-05")
def test_looks_show_on_the_customers_page(ticket: Ticket, cast: Cast) -> None:
    opened(ticket, cast.engineer)
    page = browser(cast.account_manager).get(f"/customers/{ticket.customer_id}/").content.decode()
    assert REASON in page
    assert "王工" in page
    other = browser(cast.finance).get(f"/customers/{ticket.customer_id}/").content.decode()
    assert REASON not in other
    assert ACCESS["address"] not in other


# --- how it is handed out -----------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-05")
def test_a_script_is_handed_the_password_once_and_no_page_holds_it(ticket: Ticket, cast: Cast) -> None:
    client = browser(cast.engineer)
    answer = client.post(f"/ticket/{ticket.number}/reveal_access/", {"reason": REASON})
    page = client.get(answer["Location"])
    assert "no-store" in page["Cache-Control"]
    assert SECRET not in page.content.decode()
    look = Look.objects.get()
    given = client.post(f"/vault/{look.pk}/secret/")
    assert given.json() == {"secret": SECRET}
    assert given["Cache-Control"] == "no-store"
    again = client.post(f"/vault/{look.pk}/secret/")
    assert again.status_code == 410
    assert list(again.json()) == ["message"]
    look.refresh_from_db()
    assert look.taken_at == TEN_AT_NIGHT


@pytest.mark.rule("OFH-05")
def test_what_one_opens_nobody_else_fetches(ticket: Ticket, cast: Cast) -> None:
    look = opened(ticket, cast.engineer)
    for person in (cast.account_manager, cast.director, cast.admin):
        assert browser(person).get(f"/vault/{look.pk}/").status_code == 404
        assert browser(person).post(f"/vault/{look.pk}/secret/").status_code == 410
    assert browser(cast.engineer).get(f"/vault/{look.pk}/secret/").status_code == 405
    assert browser(cast.engineer).post(f"/vault/{look.pk}/secret/").status_code == 200


def test_a_look_does_not_stay_open(ticket: Ticket, cast: Cast, held_clock: Callable[..., Any]) -> None:
    look = opened(ticket, cast.engineer)
    held_clock(TEN_AT_NIGHT + timedelta(minutes=6))
    assert browser(cast.engineer).post(f"/vault/{look.pk}/secret/").status_code == 410


# --- keys ---------------------------------------------------------------------------------------------------------
def test_a_key_that_is_gone_is_said_and_is_no_error_and_the_look_stays_open(
    ticket: Ticket, cast: Cast, settings: Settings
) -> None:
    look, client = opened(ticket, cast.engineer), browser(cast.engineer)
    for wrong in ([Fernet.generate_key().decode()], ["nonsense"]):
        settings.FIELD_KEYS = wrong
        answer = client.post(f"/vault/{look.pk}/secret/")
        assert answer.status_code == 409
        assert answer.json()["message"]
        assert client.get(f"/ticket/{ticket.number}/").status_code == 200
        assert client.get(f"/customers/{ticket.customer_id}/").status_code == 200
    settings.FIELD_KEYS = None
    assert client.post(f"/vault/{look.pk}/secret/").json() == {"secret": SECRET}


def test_with_keys_that_are_none_nothing_is_kept_and_it_is_said_at_the_field(
    new_emergency: New, cast: Cast, settings: Settings
) -> None:
    ticket, client = new_emergency(), browser(cast.engineer)
    settings.FIELD_KEYS = ["nonsense"]
    answer = client.post(f"/ticket/{ticket.number}/record_access/", ACCESS)
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()
    assert "id_password_error" in answer.content.decode()
    assert not Access.objects.exists()


def test_keys_are_changed_by_one_command_for_all_secrets_of_the_house(
    ticket: Ticket, settings: Settings, capsys: Any
) -> None:
    from core.fields import _keys

    (old,), new = _keys(), Fernet.generate_key().decode()
    gateway = SmsGateway.objects.create(name="gateway", url="https://sms.example/", secret="gateway-key")
    settings.FIELD_KEYS = [new, old]
    call_command("rotate_vault")
    settings.FIELD_KEYS = [new]
    access = Access.objects.get(tickets=ticket)
    gateway.refresh_from_db()
    assert (access.password.reveal(), gateway.secret.reveal()) == (SECRET, "gateway-key")


def test_a_secret_whose_key_is_gone_is_named_and_the_others_are_renewed(
    ticket: Ticket, new_emergency: New, cast: Cast, settings: Settings
) -> None:
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new]
    other = new_emergency(title="另一个")
    act(other, "record_access", cast.engineer, **ACCESS | {"address": "other.example"})
    with pytest.raises(CommandError, match=f"vault.Access {ticket.access_id}"):
        call_command("rotate_vault")
    assert Access.objects.get(tickets=other).password.reveal() == SECRET


def test_the_vault_keeps_no_password_in_its_history() -> None:
    kept = {field.name for field in Access.history.model._meta.fields}
    assert "password" not in kept
    assert isinstance(Access._meta.get_field("password"), SecretField)


def test_the_same_details_given_anew_take_the_place_of_the_old(ticket: Ticket, cast: Cast) -> None:
    before = ticket.access_id
    act(ticket, "record_access", cast.engineer, **ACCESS | {"password": "a-new-one"})
    assert ticket.access_id != before
    assert [row.pk for row in Access.objects.of(ticket.customer_id)] == [ticket.access_id]

"""Records that no customer has anything to do with: only where a process says that they are the house's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from people.actors import Actor
from tests.workflow.errands import AskForm, Errand
from workflow import registry
from workflow.engine import perform
from workflow.models import Record
from workflow.parties import ACCOUNT_OWNER, CUSTOMER
from workflow.refusals import Missing

if TYPE_CHECKING:
    from customers.models import Organisation
    from tests.workflow.conftest import Crew

pytestmark = pytest.mark.kernel


@pytest.fixture
def nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The errand's form lets the customer be left out."""
    monkeypatch.setattr(AskForm.base_fields["customer"], "required", False)


@pytest.mark.usefixtures("nobodys")
def test_a_record_without_a_customer_is_refused(crew: Crew, customer: Organisation) -> None:
    with pytest.raises(Missing):
        perform(Errand(), "ask", actor=Actor(crew.specialist), data={"title": "slow bread"})
    assert not Record.objects.exists()


@pytest.mark.usefixtures("nobodys")
def test_what_is_the_houses_own_is_made_and_no_customer_sees_it(
    crew: Crew, customer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._processes, "errand", replace(registry.get("errand"), internal=True))
    perform(Errand(), "ask", actor=Actor(crew.specialist), data={"title": "slow bread"})
    record = Record.objects.get()
    assert record.customer is None
    assert not Record.objects.for_actor(crew.contact).exists()
    assert Record.objects.for_actor(crew.director).get() == record
    assert not ACCOUNT_OWNER.includes(crew.account_owner, record)
    assert ACCOUNT_OWNER.slots(record) == []
    assert not CUSTOMER.includes(crew.contact, record)

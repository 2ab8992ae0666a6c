"""Documents are numbered by form and year, and filled in beforehand from what the house knows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from documents import issuing
from documents.models import Document
from people.actors import SYSTEM, Actor
from tests.cast import act
from workflow.refusals import InvalidData, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tests.paper import Issue

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


def test_they_are_numbered_by_form_and_year(new_document: Issue, held_clock: Callable[[datetime], Any]) -> None:
    assert [new_document().number, new_document().number] == ["Serv103-2026-0001", "Serv103-2026-0002"]
    held_clock(datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    assert new_document().number == "Serv103-2027-0001"


def test_what_the_house_knows_is_filled_in(new_document: Issue, held_clock: Any) -> None:
    assert new_document().values == {
        "customer_name": "北京大学",
        "contact_name": "张老师",
        "filled_on": "2026-03-02",
        "release": "9.1",
    }


def test_what_is_said_wins_over_what_is_known(new_document: Issue) -> None:
    assert new_document(values={"customer_name": "北大医学部"}).values["customer_name"] == "北大医学部"


def test_about_a_ticket_it_is_for_the_tickets_customer_and_contact(
    new_document: Issue, cast: Cast, new_ticket: Callable[..., Any]
) -> None:
    ticket = new_ticket()
    document = new_document(about=ticket, customer=None)
    assert (document.parent_id, document.customer_id) == (ticket.pk, ticket.customer_id)
    assert document.contact_id == ticket.contact_id
    assert document.handler == cast.specialist


def test_a_contact_of_another_customer_is_refused(new_document: Issue, university: University) -> None:
    from customers.models import Contact, Organisation

    other = Organisation.objects.create(name="清华大学", region=university.region)
    stranger = Contact.objects.create(organisation=other, name="王老师", phone="1")
    with pytest.raises(InvalidData):
        new_document(contact=stranger)


def test_a_place_that_the_form_does_not_have_is_refused(new_document: Issue) -> None:
    with pytest.raises(InvalidData):
        new_document(values={"colour": "red"})
    assert not Document.objects.exists()


def test_the_software_issues_for_batches(new_document: Issue, university: University) -> None:
    document = issuing.issue("Serv103", customer=university.organisation, actor=SYSTEM)
    assert (document.state, document.handler) == ("draft", None)


def test_a_customer_issues_nothing(new_document: Issue, cast: Cast, university: University) -> None:
    with pytest.raises(NotAllowed):
        issuing.issue("Serv103", customer=university.organisation, actor=Actor(cast.contact))


def test_the_timeline_names_what_was_filled_in_and_not_the_answer(new_document: Issue, cast: Cast) -> None:
    document = new_document()
    entry = act(document, "fill", cast.engineer, values={"remark": "内部的话", "installed": "yes"})
    assert "内部的话" not in str(entry.data)
    assert entry.data["said"]["answered"] == {"zh": "已安装、备注", "en": "Installed, Remark"}

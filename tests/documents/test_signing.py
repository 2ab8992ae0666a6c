"""Signatures on the screen: by whom, to which answers, and when they no longer hold."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from documents import freezing, signing
from documents.models import Signature
from people.actors import Actor
from tests.cast import act
from workflow.models import Entry
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from tests.cast import Cast, University
    from tests.paper import Issue, Printer

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
LINK = Actor(None, channel="link")


def test_a_contact_signs_by_link_and_what_was_signed_is_known(new_document: Issue, university: University) -> None:
    document = new_document(until="submitted")
    signing.sign(
        *(document, "customer_sign"),
        name="张老师",
        how="drawn",
        image=PNG,
        contact=university.contact,
        address="10.0.0.9",
        actor=LINK,
    )
    row = Signature.objects.get()
    assert (row.name, row.address, row.contact, bytes(row.image)) == ("张老师", "10.0.0.9", university.contact, PNG)
    document.refresh_from_db()
    assert document.values["customer_sign"]["name"] == "张老师"
    assert [item.key for item in signing.missing(document)] == ["engineer_sign"]


def test_neither_drawing_nor_address_stands_on_the_timeline(new_document: Issue, university: University) -> None:
    document = new_document(until="submitted")
    signing.sign(document, "customer_sign", name="张", how="drawn", image=PNG, address="10.0.0.9", actor=LINK)
    said = str(Entry.objects.get(verb="sign").data)
    assert "10.0.0.9" not in said
    assert b64encode(PNG).decode() not in said


def test_nobody_signs_in_anothers_place(new_document: Issue, cast: Cast) -> None:
    document = new_document(until="submitted")
    for who, item in ((LINK, "engineer_sign"), (Actor(cast.specialist), "engineer_sign"), (LINK, "needs")):
        with pytest.raises(InvalidData):
            signing.sign(document, item, name="x", how="typed", actor=who)
    with pytest.raises(InvalidData):
        signing.sign(document, "customer_sign", name="x", how="typed", actor=Actor(cast.engineer))
    assert not Signature.objects.exists()


@pytest.mark.parametrize("image", [b"", b"GIF89a", b"<svg onload=x>"])
def test_what_is_no_drawing_is_refused(new_document: Issue, image: bytes) -> None:
    with pytest.raises(InvalidData):
        signing.sign(new_document(until="submitted"), "customer_sign", name="x", how="drawn", image=image, actor=LINK)


def test_an_answer_that_changes_afterwards_makes_the_signature_void(new_document: Issue, cast: Cast) -> None:
    document = new_document(until="submitted")
    signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    act(document, "fill", cast.specialist, values={"needs": "etwas anderes"})
    assert Signature.objects.get().void_since is not None
    assert "customer_sign" not in document.values


def test_what_the_signer_does_not_see_may_change(new_document: Issue, cast: Cast) -> None:
    document = new_document(until="submitted")
    signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    act(document, "fill", cast.engineer, values={"remark": "intern"})
    signing.sign(document, "engineer_sign", name="王工", how="typed", actor=Actor(cast.engineer))
    assert Signature.objects.filter(void_since__isnull=True).count() == 2


def test_the_company_fills_in_its_own_places_after_the_customer_has_signed(new_document: Issue, cast: Cast) -> None:
    document = new_document(until="submitted", values={"needs": "新机房", "contract_no": "HT-1"})
    signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    act(document, "fill", cast.engineer, values={"installed": "yes"})
    assert Signature.objects.get().void_since is None
    signing.sign(document, "engineer_sign", name="王工", how="typed", actor=Actor(cast.engineer))
    act(document, "fill", cast.engineer, values={"installed": "no", "why_not": "缺许可"})
    holds = {row.item: row.void_since is None for row in Signature.objects.all()}
    assert holds == {"customer_sign": True, "engineer_sign": False}


def test_what_the_customer_has_left_empty_is_not_filled_in_under_their_name(new_document: Issue, cast: Cast) -> None:
    document = new_document(until="draft", values={"contract_no": "C-1"})
    signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    act(document, "fill", cast.specialist, values={"needs": "nachgetragen"})
    assert Signature.objects.get().void_since is not None


def test_the_timeline_says_in_words_where_somebody_signed(new_document: Issue) -> None:
    document = new_document(until="submitted")
    entry = signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    assert "customer_sign" not in str(entry.data["said"])
    assert document.definition.item("customer_sign").zh in str(entry.data["said"])


def test_opening_a_document_again_voids_what_was_signed(new_document: Issue, cast: Cast) -> None:
    document = new_document(until="submitted")
    signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    act(document, "reopen", cast.specialist, reason="错字")
    assert signing.missing(document)[0].key == "customer_sign"


@pytest.mark.rule("FRM-13")
def test_the_database_refuses_to_change_a_signature(new_document: Issue) -> None:
    signing.sign(new_document(until="submitted"), "customer_sign", name="张", how="typed", actor=LINK)
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.update(name="李")
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.get().delete()


def test_once_everybody_has_signed_on_the_screen_no_paper_is_waited_for(
    new_document: Issue, printer: Printer, cast: Cast
) -> None:
    document = new_document(until="submitted")
    signing.sign(document, "customer_sign", name="张", how="typed", actor=LINK)
    signing.sign(document, "engineer_sign", name="王工", how="typed", actor=Actor(cast.engineer))
    act(document, "finalise", cast.specialist)
    freezing.freeze_pending()
    document.refresh_from_db()
    assert (document.state, document.signed_how) == ("signed", "online")


def test_as_long_as_one_is_missing_it_is_not_signed_on_the_screen(
    new_document: Issue, printer: Printer, cast: Cast
) -> None:
    document = new_document(until="to_sign")
    freezing.freeze_pending()
    document.refresh_from_db()
    with pytest.raises(InvalidData) as refusal:
        act(document, "receive_signed", cast.specialist, how="online")
    assert "用户签字" in str(refusal.value.form.errors)

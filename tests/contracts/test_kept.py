"""A contract keeps what it was submitted with: both parties, the names of products, and its number of originals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from contracts.documents import content, opinions, printed
from contracts.models import Contract, Product
from customers.models import Contact, Organisation, Site
from documents import freezing
from documents.models import Document
from forms_templates import versions as letterheads
from forms_templates.models import Letterhead
from people.models import User
from tests.cast import act
from tests.contracts.conftest import walk
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tests.contracts.conftest import Signers
    from tests.paper import Printer

    Write = Callable[..., Contract]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.fixture
def approved(new_contract: Write, signers: Signers) -> Contract:
    return walk(new_contract(), signers, to="approved")


def printed_by(contract: Contract, signers: Signers) -> dict[str, Document]:
    act(contract, "print_papers", signers.hr_admin)
    return printed.standing(contract)


@pytest.mark.rule("CON-21")
def test_both_parties_and_the_products_are_printed_as_they_were_when_it_was_submitted(
    new_contract: Write, signers: Signers, university: University, cast: Cast
) -> None:
    house = letterheads.letterhead_in_force()
    house = letterheads.add_letterhead(house, with_bank(house, "中国银行海淀支行", "3356"), by=cast.admin, note="账号")
    university.organisation.address = "北京市海淀区颐和园路5号"
    university.organisation.save()
    contract = walk(new_contract(), signers, to="in_review")
    Product.objects.filter(code="basic").update(name_zh="改名后的产品")
    letterheads.add_letterhead(house, with_bank(house, "别的银行", "9999"), by=cast.admin, note="换账号")
    Organisation.objects.filter(pk=university.organisation.pk).update(name="改名大学", address="别处1号")
    Contact.objects.filter(pk=university.contact.pk).update(name="改名老师", phone="010-99999999", email="")
    User.objects.filter(pk=signers.sales_manager.pk).update(display_name="改名经理")
    walk(Contract.objects.get(pk=contract.pk), signers, to="approved")
    found = printed_by(Contract.objects.get(pk=contract.pk), signers)
    text = found["ContractText"]
    said = {name: text.values.get(name) for name in PARTIES}
    assert said == {
        "customer_name": "北京大学",
        "customer_address": "北京市海淀区颐和园路5号",
        "contact_name": "张老师",
        "contact_phone": "010-62751234",
        "contact_email": "zhang@pku.example",
        "supplier_contact": "许经理",
        "supplier_bank": "中国银行海淀支行",
        "supplier_bank_account": "3356",
    }
    assert text.letterhead.number == house.number
    assert text.values["contract_lines"][0]["product"] == "教学管理平台(基础版)"
    assert "教学管理平台(基础版)" in found["Review"].values["product_lines"]
    said_anew = [(key, value) for each in found.values() for key, value in each.values.items() if "改名" in str(value)]
    assert said_anew == []


PARTIES = (
    *("customer_name", "customer_address", "contact_name", "contact_phone", "contact_email"),
    *("supplier_contact", "supplier_bank", "supplier_bank_account"),
)


def with_bank(house: Letterhead, bank: str, account: str) -> Letterhead:
    return Letterhead(name=house.name, bank=bank, bank_account=account)


@pytest.mark.rule("CON-21")
def test_what_was_empty_when_it_was_submitted_is_not_filled_in_later(
    new_contract: Write, signers: Signers, university: University
) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    Organisation.objects.filter(pk=university.organisation.pk).update(address="后来才有的地址")
    walk(Contract.objects.get(pk=contract.pk), signers, to="approved")
    assert "customer_address" not in printed_by(Contract.objects.get(pk=contract.pk), signers)["ContractText"].values


@pytest.mark.rule("CON-20")
def test_a_contract_that_is_written_anew_is_submitted_with_the_parties_of_that_day(
    new_contract: Write, signers: Signers, university: University
) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    act(contract, "send_back", signers.service_reviewer, opinion="地址有误", ground="data")
    Organisation.objects.filter(pk=university.organisation.pk).update(address="成府路1号")
    contract = Contract.objects.get(pk=contract.pk)
    act(contract, "write", signers.sales_manager, summary_text="地址已更正")
    walk(Contract.objects.get(pk=contract.pk), signers, to="approved")
    text = printed_by(Contract.objects.get(pk=contract.pk), signers)["ContractText"]
    assert text.values["customer_address"] == "成府路1号"


THEIRS = ("customer", "customer_second")


@pytest.mark.rule("CON-21")
@pytest.mark.parametrize(
    ("count", "holders", "words"),
    [
        (2, ["customer", "hr"], "一式贰份，甲方执壹份，乙方执壹份"),
        (3, ["customer", "hr", "finance"], "一式叁份，甲方执壹份，乙方执贰份"),
        (
            6,
            ["customer", "customer_second", "customer_third", "hr", "finance", "sales_ops"],
            "一式陆份，甲方执叁份，乙方执叁份",
        ),
    ],
)
def test_as_many_originals_are_printed_marked_and_registered_as_the_contract_says(
    new_contract: Write, signers: Signers, printer: Printer, count: int, holders: list[str], words: str
) -> None:
    contract = walk(new_contract(originals=str(count), text="本合同{{份数}}。"), signers, to="approved")
    text = printed_by(contract, signers)["ContractText"]
    assert list(text.originals.values_list("holder", flat=True)) == holders
    assert (text.values["originals_told"], text.values["contract_text"]) == (words, f"本合同{words}。")
    freezing.freeze_pending()
    copies = [each["copy"] for each in printer.printed if each["form"] == "ContractText"]
    assert copies == list(range(count + 1))
    assert text.definition.copies == count
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=text.pk).update(holders=None)


@pytest.mark.rule("CON-21")
@pytest.mark.parametrize("wrong", ["1", "9", "", "x", "-4"])
def test_a_contract_is_made_in_two_to_eight_originals(new_contract: Write, wrong: str) -> None:
    with pytest.raises(InvalidData) as refused:
        new_contract(originals=wrong)
    assert {reason.field for reason in refused.value.reasons} == {"originals"}


@pytest.mark.rule("CON-21")
def test_no_more_is_sealed_than_was_printed(new_contract: Write, signers: Signers) -> None:
    contract = walk(new_contract(originals="2"), signers, to="sealing")
    with pytest.raises(InvalidData):
        act(contract, "record_seal", signers.hr_admin, sealed_on="2026-03-02", copies=3)
    act(contract, "record_seal", signers.hr_admin, sealed_on="2026-03-02", copies=2)


def test_a_version_of_before_all_of_it_was_kept_is_printed_as_it_always_was(approved: Contract) -> None:
    of = content.basis(approved)
    known = {name: value for name, value in of.content.items() if name not in {"parties", "originals"}}
    known["lines"] = [{name: value for name, value in row.items() if name != "name"} for row in known["lines"]]
    facts = content.facts(approved, replace(of, content=known))
    assert facts["contract.customer_phone"] == "010-62751234"
    assert facts["contract.lines"][0]["product"] == "教学管理平台(基础版)"
    assert facts["contract.originals"] == "一式肆份，甲方执贰份，乙方执贰份"


def test_a_contract_of_services_names_no_product_whatever_its_customer_has(
    new_contract: Write, signers: Signers, cast: Cast
) -> None:
    services = [{"description": "驻场服务", "months": 12, "list_price": "60000", "price": "60000"}]
    Site.objects.update(product="教学管理平台(企业版)")
    contract = walk(new_contract(business="service_product", lines=services), signers, to="approved")
    sheet = printed_by(contract, signers)["Review"]
    definition = sheet.definition
    named = {item.key for item in definition.items() if item.source.startswith("product.")} & set(sheet.values)
    assert named == set()
    assert sheet.values["product_lines"].startswith("1. 驻场服务")


@pytest.mark.rule("CON-25")
def test_an_amendment_by_sales_operations_is_neither_a_sales_nor_an_account_managers(
    new_contract: Write, signers: Signers
) -> None:
    earlier = walk(new_contract(), signers, to="effective")
    amendment = Contract()
    act(amendment, "draft", signers.sales_ops, amends=earlier.pk, summary_text="付款后延", proposed_by="北京大学")
    assert opinions.facts(amendment, content.basis(amendment))["review.submitter_role"] == ""
    assert opinions.facts(earlier, content.basis(earlier))["review.submitter_role"] == "sales_manager"

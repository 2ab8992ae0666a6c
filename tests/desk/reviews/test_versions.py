"""Versions side by side, and the discussion beside their text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from contracts.models import Contract, Product
from desk import contents
from tests.workflow.approvals.conftest import say, submitted
from workflow.approvals.versions import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Browser = Callable[[User], Client]
    Policy = Callable[..., ReviewPolicy]

pytestmark = pytest.mark.django_db

TEXT = "第一条 续签一年。\n第二条 十日内付款。\n第三条 验收后付清余款。"


def page(browser: Client, contract: Contract, rest: str) -> str:
    answer = browser.get(f"/contract/{contract.number}/{rest}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def twice(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    """A contract that was sent back with a remark, and written anew: its second paragraph, its price, and a line."""
    contract.text = TEXT
    contract.save()
    line = contract.lines.create(position=1, description="平台", list_price=Decimal(150), price=Decimal(120))
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    say(contract, "remark", signers.service, place="text.3", text="余款何时付？")
    say(contract, "send_back", signers.service, opinion="请改第二条")
    contract.text = f"鉴于双方友好协商。\n{TEXT.replace('十日', '三十日')}"
    contract.save()
    line.price = Decimal(110)
    line.save()
    contract.lines.create(position=2, description="培训", price=Decimal("2000.50"))
    return submitted(contract, signers.author)


@pytest.mark.rule("CON-20")
def test_two_versions_are_compared_field_by_field_cell_by_cell_and_piece_by_piece(
    twice: Contract, signers: Signers, browser_of: Browser
) -> None:
    told = page(browser_of(signers.service), twice, "versions/")
    assert "What v2 says otherwise than v1" in told
    assert "<ins>三</ins>" in told
    assert "<del>120.00</del> <ins>110.00</ins>" in told
    assert "2,000.50" in told
    assert "Contract text" in told
    assert "请改第二条" in told
    assert "验收后付清余款" in told


def test_any_two_can_be_compared_and_nonsense_compares_the_last_two(
    twice: Contract, signers: Signers, browser_of: Browser
) -> None:
    reader = browser_of(signers.author)
    assert "What v1 says otherwise than v2" in page(reader, twice, "versions/?from=2&to=1")
    for asked in ("from=7&to=9", "from=x&to=", "from=-1&to=99999999999999999999", "to=1"):
        assert "says otherwise than" in page(reader, twice, f"versions/?{asked}")
    for which in ("3", "0", "99999999999999999999"):
        assert reader.get(f"/contract/{twice.number}/versions/{which}/").status_code == 404


def test_before_the_first_submission_there_is_no_version(
    contract: Contract, signers: Signers, browser_of: Browser
) -> None:
    assert "there is none yet" in page(browser_of(signers.author), contract, "versions/")


@pytest.mark.rule("CON-07")
def test_an_open_remark_goes_along_with_its_paragraph_into_the_next_version(
    twice: Contract, signers: Signers, browser_of: Browser
) -> None:
    told = page(browser_of(signers.service), twice, "versions/2/")
    place = told.split('id="at-text.4"')[1].split('id="at-')[0]
    assert "余款何时付？" in place
    assert "on v1" in place
    assert "SHA-256" in told
    assert 'href="/contract/HT-20260302-0001/remark/?place=text.4"' in told
    old = page(browser_of(signers.service), twice, "versions/1/")
    assert "not the one that is decided on" in old
    assert "余款何时付？" in old
    assert "remark/?place=" not in old


@pytest.mark.rule("CON-07")
def test_who_decides_is_told_how_many_remarks_are_open_and_reads_them(
    twice: Contract, signers: Signers, browser_of: Browser
) -> None:
    reviewer = browser_of(signers.service)
    told = page(reviewer, twice, "")
    assert "1 remark is not settled." in told
    assert "Contract text, paragraph 3" in told
    seq = told.split('id="remark-')[1].split('"')[0]
    answer = reviewer.post(
        f"/contract/{twice.number}/settle_remark/", {"about": seq, "text": "见第四条"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].endswith(f"#remark-{seq}")
    told = page(reviewer, twice, "")
    assert "is not settled" not in told
    assert "1 settled remark" in told
    assert "见第四条" in told


def test_what_was_remarked_on_the_text_leads_back_to_the_text(
    twice: Contract, signers: Signers, browser_of: Browser
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/contract/{twice.number}/versions/2/"}
    said = {"place": "amount", "text": "金额对吗"}
    answer = browser_of(signers.service).post(f"/contract/{twice.number}/remark/", said, headers=headers)
    assert answer.headers["HX-Redirect"].startswith(f"/contract/{twice.number}/versions/2/?said=")
    headers["HX-Current-URL"] = "https://elsewhere.example/versions/2/x"
    answer = browser_of(signers.service).post(f"/contract/{twice.number}/remark/", said, headers=headers)
    assert answer.headers["HX-Redirect"].startswith(f"/contract/{twice.number}/?said=")


def test_the_paper_tells_all_rounds_and_the_discussion(twice: Contract, signers: Signers, browser_of: Browser) -> None:
    told = page(browser_of(signers.author), twice, "print/")
    assert "Round 1 on v1" in told
    assert "请改第二条" in told
    assert "余款何时付？" in told


def test_a_content_is_read_values_first_then_tables_then_texts() -> None:
    content = {"text": TEXT, "lines": [{"key": 1, "price": "1200.00", "users": None}], "develops": True, "form": "memo"}
    parts = contents.parts(Contract, content)
    assert [part.name for part in parts] == ["form", "develops", "lines", "text"]
    assert parts[0].value == str(Contract.Form.MEMO.label)
    assert [cell.value for cell in parts[2].rows[0].cells] == ["1,200.00"]
    assert [n for _place, n, _line in parts[3].paragraphs] == [1, 2, 3]


def test_long_texts_are_compared_at_once_whatever_they_are() -> None:
    long = "\n".join(f"第{n}条 甲乙双方约定如下内容。" for n in range(3000))
    changed = long.replace("第1500条 甲乙", "第1500条 甲方与乙")
    pieces = Change(("text",), long, changed).pieces
    assert [(what, text) for what, text in pieces if what != "same"] == [("new", "方与")]
    assert "".join(text for what, text in pieces if what != "new") == long
    for one, other in (("\n" * 200_000, "\n" * 200_001), ("a" * 500_000, "b" * 500_000), ("", "新")):
        told = Change(("text",), one, other).pieces
        assert "".join(text for what, text in told if what != "new") == one
        assert "".join(text for what, text in told if what != "gone") == other


def test_numbers_are_compared_as_wholes_and_products_have_their_names(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    product = Product.objects.get(code="basic")
    contract.lines.create(position=1, product=product, users=50, list_price=Decimal(100000), price=Decimal(90000))
    contract.text = "第一条 合同总额177,600.00元，大写：壹拾柒万柒仟陆佰元整。\n第二条 续签一年。"
    contract.save()
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    say(contract, "send_back", signers.service, opinion="请改")
    contract.text = contract.text.replace("177,600.00", "186,480.00").replace(
        "壹拾柒万柒仟陆佰", "壹拾捌万陆仟肆佰捌拾"
    )
    contract.save()
    contract.lines.update(price=Decimal(80000))
    submitted(contract, signers.author)
    browser = browser_of(signers.service)
    told = browser.get(f"/contract/{contract.number}/versions/").content.decode()
    assert "总额<del>177,600.00</del><ins>186,480.00</ins>元" in told
    assert "<del>壹拾柒万柒仟陆佰</del><ins>壹拾捌万陆仟肆佰捌拾</ins>元整" in told
    assert product.name_en in told
    assert product.name_en in browser.get(f"/contract/{contract.number}/versions/1/").content.decode()

"""A contract's text on paper: prose with its headings and numbers over many pages, annexes behind the signatures."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forms_templates import catalogue, samples
from forms_templates.language import DefinitionError, Form
from forms_templates.printing import Job, State, Verification, geometry, laid_out, prose, render
from tests.forms_templates.paper import HOUSE, form_of, picture, printed, reader, text

PROOF = Verification("7K3MQ9TX2B4D", "https://service.example/verify/7K3MQ9TX2B4D")
CODE = "ContractText"
LONG = "平台应支持不少于一万名学生同时在线，课程资源的上传、下载和检索应在三秒内完成。"


def values(**more: Any) -> dict[str, Any]:
    return {**samples.values(CODE), **more}


def sorts(words: str) -> list[tuple[str, str, str, bool]]:
    return [(each.sort, each.number, each.words, each.heading) for each in prose.paragraphs(words)]


def laid(given: dict[str, Any]) -> Any:
    return laid_out(Job(form=catalogue.form(CODE), letterhead=HOUSE, values=given, state=State.COMPLETE, verify=PROOF))


# --- prose --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("第一章 总则", ("part", "第一章", "总则", True)),
        ("第二十三条 付款", ("clause", "第二十三条", "付款", True)),
        ("第3条　付款方式：", ("clause", "第3条", "付款方式：", True)),
        ("第五条 甲方应在十日内付款。", ("clause", "第五条", "甲方应在十日内付款。", False)),
        ("1. 甲方付款。", ("numbered", "1.", "甲方付款。", False)),
        ("1.2 甲方付款", ("numbered", "1.2", "甲方付款", False)),
        ("（一）甲方付款。", ("numbered", "（一）", "甲方付款。", False)),
        ("一、甲方付款。", ("numbered", "一、", "甲方付款。", False)),
        ("3.5万元由甲方支付。", ("plain", "", "3.5万元由甲方支付。", False)),
        ("第一批货物由乙方交付。", ("plain", "", "第一批货物由乙方交付。", False)),
        ("甲方：清河理工大学", ("plain", "", "甲方：清河理工大学", False)),
    ],
)
def test_headings_and_numbers_are_known_by_how_they_are_written(line: str, found: tuple[str, str, str, bool]) -> None:
    assert sorts(line) == [found]


def test_empty_lines_part_paragraphs_and_nothing_of_the_text_is_lost() -> None:
    words = "第一条 术语\n\n　　1. “用户数”指账号的数量。\n\n\n本合同自签字之日起生效。"
    assert [each[1] + each[2] for each in sorts(words)] == [
        "第一条术语",
        "1.“用户数”指账号的数量。",
        "本合同自签字之日起生效。",
    ]


def test_what_was_typed_into_a_contract_cannot_become_markup() -> None:
    form = form_of({"key": "words", "kind": "prose"}, layout="contract")
    assert "<b>甲</b>&" in text(printed(form, {"words": "第一条 <b>甲</b>\n<b>甲</b> &amp; 乙"})).replace("amp;", "")


def test_prose_stands_in_a_table_too_and_gives_room_on_a_blank() -> None:
    form = form_of({"key": "words", "kind": "prose"})
    assert "第一条付款" in text(printed(form, {"words": "第一条 付款\n" + LONG * 60}))
    assert printed(form, {}, state="blank").pages == 1


def test_a_file_has_its_headings_as_structure_and_as_bookmarks() -> None:
    made = printed(form_of({"key": "words", "kind": "prose"}, layout="contract"), {"words": "第一条 术语\n第二条 付款"})
    found = reader(made)
    outline: Any = found.outline
    root: Any = found.trailer["/Root"]
    assert [str(each["/Title"]) for each in outline][-2:] == ["第一条 术语", "第二条 付款"]
    assert "/StructTreeRoot" in root


# --- the contract -------------------------------------------------------------------------------------------------
@pytest.mark.rule("CON-21")
def test_number_version_and_digest_stand_on_every_page() -> None:
    long = values(contract_text="\n".join(f"第{number}条 {LONG * 8}" for number in range(1, 30)))
    made = render(catalogue.form(CODE), HOUSE, long, copy=1, verify=PROOF, number="ContractText-2026-0001")
    pages = [re.sub(r"\s", "", page.extract_text()) for page in reader(made).pages]
    assert len(pages) >= 8
    for number, page in enumerate(pages, start=1):
        assert "合同编号：SEB-2026-0118" in page
        assert "版本：第3版" in page
        assert "摘要：6b1f0c2a94de" in page
        assert f"第{number}页共{len(pages)}页" in page


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"contract_text": LONG.replace("，", "").replace("。", "") * 300},
        {"contract_amount": "999999999.99", "lines_total": "999999999.99", "payments_total": "0.01"},
        {"contract_lines": [{"product": "平台" * 20, "users": 999999, "price": "999999999.99"}] * 40},
        {"contract_title": "清河理工大学" * 12, "contract_no": "HT-20260302-00001"},
    ],
)
def test_nothing_leaves_its_place_however_long_or_large_it_is(given: dict[str, Any]) -> None:
    assert geometry.faults(laid(values(**given))) == []


def test_annexes_that_the_contract_does_not_have_are_not_printed() -> None:
    absent = ("contract_lines", "lines_total", "payment_plan", "payments_total", "promises")
    memo = {key: value for key, value in values(contract_text="双方同意延期。").items() if key not in absent}
    said = text(printed(catalogue.form(CODE), memo, copy=1))
    assert "附件" not in said
    assert "法定代表人或授权代理人签字" in said
    assert "附件：付款计划" in text(printed(catalogue.form(CODE), values(), copy=1))


def test_whose_signatures_are_asked_stand_with_the_end_of_the_text() -> None:
    """Wherever the text ends: a signature alone on a page could be put behind any other text."""
    form = catalogue.form(CODE)
    for lines in range(20, 34):
        given = values(contract_text="\n".join(f"{number}. 甲方付款。" for number in range(lines)))
        made = printed(form, given, copy=1)
        pages = [re.sub(r"\s", "", page.extract_text()) for page in reader(made).pages]
        signed = next(page for page in pages if "授权代理人签字" in page)
        assert f"{lines - 1}.甲方付款。" in signed, lines


def test_a_contract_of_several_pages_is_sealed_across_them() -> None:
    assert "本合同超过一页时，请加盖骑缝章。" in text(printed(catalogue.form(CODE), values(), copy=1))


def test_each_original_names_its_holder() -> None:
    said = text(printed(catalogue.form(CODE), values()))
    for mark in ("第壹份（甲方）", "第贰份（甲方）", "第叁份（乙方人事行政部）", "第肆份（乙方财务部）"):
        assert f"一式肆份{mark}" in said


def test_a_draft_says_so_on_every_page() -> None:
    made = printed(catalogue.form(CODE), values(), draft=True)
    pages = [page.extract_text() for page in reader(made).pages]
    assert all("草稿" in page and "未定稿" in page for page in pages)
    assert picture(made).size[0] > 0


def test_its_title_is_the_contracts_own_name() -> None:
    assert catalogue.form(CODE).titled({"contract_title": "采购合同"}).zh == "采购合同"
    assert catalogue.form(CODE).titled({}).zh == "合同"


def test_a_form_names_on_every_page_only_what_it_asks() -> None:
    with pytest.raises(DefinitionError, match="on every page is no item"):
        Form.of({**catalogue.data(CODE), "every_page": ["nothing"]})

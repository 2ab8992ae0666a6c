"""What stands on the paper: all that was answered, in the three states of a form, and nothing else."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from forms_templates import catalogue, samples
from forms_templates.models import Letterhead
from forms_templates.printing import MissingGlyphError, Print, PrintingError, Verification, render
from tests.forms_templates.paper import HOUSE, form_of, picture, printed, reader, text

ROOT = Path(__file__).resolve().parents[2]
PROOF = Verification("7K3MQ9TX2B4D", "https://service.example/verify/7K3MQ9TX2B4D")
OPTIONS = [{"key": "a", "zh": "甲等", "en": "A"}, {"key": "b", "zh": "乙等", "en": "B"}]


def _png(size: tuple[int, int] = (300, 100)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, "black").save(drawn, "PNG")
    return drawn.getvalue()


# --- answers ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("item", "value", "words"),
    [
        ({"kind": "text"}, "清河理工大学", "清河理工大学"),
        ({"kind": "long"}, "第一行\n第二行", "第一行第二行"),
        ({"kind": "int", "unit": {"zh": "人", "en": "people"}}, 12000, "12000人"),
        ({"kind": "money"}, "300000.00", "¥300,000.00人民币叁拾万元整"),
        ({"kind": "date"}, "2007-08-08", "2007年8月8日"),
        ({"kind": "moment"}, "2026-11-28T09:05", "2026年11月28日09:05"),
        ({"kind": "choice", "options": OPTIONS}, "b", "甲等√乙等"),
        ({"kind": "choices", "options": OPTIONS}, ["a", "b"], "√甲等√乙等"),
        ({"kind": "yes_no"}, False, "是√否"),
        ({"kind": "rate"}, 1, "很满意满意一般不满意√很不满意"),
        ({"kind": "check"}, {"answer": "na", "note": "没有"}, "是否√不适用说明：没有"),
        ({"kind": "files"}, [{"name": "合同.pdf", "attachment": 7}], "合同.pdf"),
        (
            {"kind": "signature"},
            {"name": "王建国", "at": "2026-04-08T16:30:00Z", "how": "typed"},
            "在线签署00:30日期：2026年4月9日",
        ),
        (
            {"kind": "approval"},
            {"opinion": "disagree", "remark": "太贵", "name": "张总", "at": "2026-04-08T02:00:00Z"},
            "同意√不同意太贵签字：张总日期：2026年4月8日",
        ),
    ],
)
def test_every_kind_of_answer_is_printed_as_it_was_given(item: dict, value: object, words: str) -> None:
    assert words in text(printed(form_of({"key": "k", **item}), {"k": value}))


def test_a_secret_is_printed_as_a_mask_and_never_itself() -> None:
    form = form_of({"key": "password", "kind": "secret"})
    assert "另行密封提供" in text(printed(form, {"password": {"kept": True, "access": 5}}))
    assert "另行密封提供" not in text(printed(form, {}))


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ({"kind": "choice", "options": OPTIONS}, "z"),
        ({"kind": "rate"}, 6),
        ({"kind": "date"}, "soon"),
        ({"kind": "money"}, "0.001"),
    ],
)
def test_an_answer_that_is_not_of_its_kind_is_refused_and_not_left_out(item: dict, value: object) -> None:
    with pytest.raises(ValueError):
        printed(form_of({"key": "k", **item}), {"k": value})


@pytest.mark.parametrize("code", ["Serv103", "Serv303", "Acceptance", "Dunning"])
def test_every_text_of_an_ordinary_document_can_be_read_out_of_it(code: str) -> None:
    form, values = catalogue.form(code), samples.values(code)
    found = text(printed(form, values, copy=1))
    said = [
        v
        for item in form.items()
        if item.kind in ("text", "long") and item.shown_when is None and (v := values.get(item.key))
    ]
    assert said
    assert [one for one in said if "".join(one.split()) not in found] == []


# --- three states ----------------------------------------------------------------------------------------------------
def test_a_blank_has_rooms_to_write_and_no_word_of_emptiness() -> None:
    for form in catalogue.forms():
        found = text(printed(form, samples.values(form.code), state="blank", copy=1))
        assert not [word for word in ("None", "null", "{}", "[]", "False") if word in found]


def test_a_blank_has_boxes_for_all_options_and_takes_no_answer() -> None:
    found = text(printed(form_of({"key": "k", "kind": "choice", "options": OPTIONS}), {"k": "b"}, state="blank"))
    assert "甲等乙等" in found
    assert "√" not in found


def test_open_rows_are_there_to_be_filled_and_gone_when_complete() -> None:
    table = {
        "key": "t",
        "kind": "table",
        "spare": 3,
        "numbered": True,
        "columns": [{"key": "c", "zh": "列", "en": "C"}],
    }
    form, values = form_of(table), {"t": [{"c": "头一行"}]}
    assert "序号列1头一行234" in text(printed(form, values, state="prefilled"))
    assert "头一行2" not in text(printed(form, values, state="complete"))


def test_what_does_not_apply_is_struck_out_on_a_complete_form_only() -> None:
    when = {"items": ["k"], "among": ["b"]}
    form = form_of({"key": "k", "kind": "choice", "options": OPTIONS}, {"key": "why", "required_when": when})
    assert "why/" in text(printed(form, {"k": "a"}, state="complete"))
    assert "why/" not in text(printed(form, {"k": "b"}, state="complete"))
    assert "why/" not in text(printed(form, {"k": "a"}, state="prefilled"))


def test_a_draft_says_so_on_every_page() -> None:
    form = form_of(*({"key": f"k{n}", "kind": "long"} for n in range(12)))
    made = printed(form, draft=True)
    assert made.pages > 1
    assert [("草稿" in page.extract_text()) for page in reader(made).pages] == [True] * made.pages
    assert "草稿" not in text(printed(form))


def test_the_company_s_own_part_is_not_on_the_customer_s_copy() -> None:
    values = samples.values("Serv103")
    assert "公司核对" in text(printed(catalogue.form("Serv103"), values))
    found = text(printed(catalogue.form("Serv103"), values, private=False))
    assert "公司核对" not in found
    assert "收货确认" in found


# --- originals, pages, proof -----------------------------------------------------------------------------------------
@pytest.mark.rule("ACC-12")
def test_the_acceptance_report_has_four_marked_originals_each_with_its_own_page_numbers() -> None:
    made = printed(catalogue.form("Acceptance"), samples.values("Acceptance"))
    one = printed(catalogue.form("Acceptance"), samples.values("Acceptance"), copy=2)
    pages = [page.extract_text().replace(" ", "") for page in reader(made).pages]
    assert made.pages == len(pages) == 4 * one.pages
    for number, numeral in enumerate("壹贰叁肆"):
        own = pages[number * one.pages : (number + 1) * one.pages]
        assert [f"一式肆份第{numeral}份" in page for page in own] == [True] * one.pages
        assert [f"第{at}页共{one.pages}页" in page for at, page in enumerate(own, 1)] == [True] * one.pages


def test_there_is_no_fifth_original_of_four() -> None:
    with pytest.raises(ValueError, match="no 5"):
        printed(catalogue.form("Acceptance"), copy=5)


def test_every_page_s_qr_code_can_be_read_off_a_scan_and_names_its_page() -> None:
    made = printed(catalogue.form("Serv303"), samples.values("Serv303"), verify=PROOF, copy=1)
    for page in range(made.pages):
        found = [code.text for code in zxingcpp.read_barcodes(picture(made, page, dots_an_inch=150))]
        assert found == [f"{PROOF.url}?p={page + 1}"]
    assert "7K3M-Q9TX-2B4D" in text(made)


def test_a_document_longer_than_expected_has_a_code_on_its_last_page_too() -> None:
    form = form_of(*({"key": f"k{n}", "kind": "long"} for n in range(60)))
    made = printed(form, verify=PROOF)
    assert made.pages > 5
    last = zxingcpp.read_barcodes(picture(made, made.pages - 1))
    assert [code.text for code in last] == [f"{PROOF.url}?p={made.pages}"]


def test_heads_name_the_house_the_form_and_the_record() -> None:
    found = text(printed(catalogue.form("Serv103"), samples.values("Serv103"), number="Serv103-2026-0012"))
    for words in (HOUSE.name, "表单编号：Serv103", "记录编号：Serv103-2026-0012", "传真至010-55550101", "第1页共1页"):
        assert words in found


def test_the_version_of_the_form_stands_at_the_foot() -> None:
    form = type(form_of({"key": "k"})).of(form_of({"key": "k"}).data, 3)
    assert "Test第3版" in text(printed(form))


# --- pictures --------------------------------------------------------------------------------------------------------
def test_logo_and_drawn_signature_are_on_the_page() -> None:
    form = form_of({"key": "s", "kind": "signature"})
    house = Letterhead(number=2, name="公司", logo=_png())
    values = {"s": {"name": "王建国", "at": "2026-04-08T02:10:00Z", "how": "drawn"}}
    made = render(form, house, values, images={"s": _png((200, 60))})
    assert len(reader(made).pages[0].images) == 2
    assert len(reader(printed(form, values)).pages[0].images) == 0


def test_a_picture_that_cannot_be_read_is_no_empty_place() -> None:
    form = form_of({"key": "s", "kind": "signature"})
    values = {"s": {"name": "王建国", "at": "2026-04-08T02:10:00Z", "how": "drawn"}}
    with pytest.raises(PrintingError):
        printed(form, values, images={"s": b"no picture"})


# --- what is typed has no power --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        '<img src="http://192.0.2.1/x.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://192.0.2.1/x.css">',
        "<style>@import url(file:///etc/passwd);</style>",
        "url(http://192.0.2.1/a.svg)",
        "<script>alert(1)</script>",
        '=HYPERLINK("http://192.0.2.1","x")',
        "=1+1",
        "@SUM(A1)",
        "{company.fax}",
        "&lt;b&gt; &amp;",
        "]]></td></tr></table>",
    ],
)
def test_what_is_typed_is_printed_as_text_and_nothing_is_fetched(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint import urls

    asked: list[str] = []
    monkeypatch.setattr(urls.URLFetcher, "fetch", lambda _self, url, _headers=None: asked.append(url))
    made = printed(form_of({"key": "k"}, {"key": "l", "kind": "long"}), {"k": typed, "l": typed})
    assert text(made).count("".join(typed.split())) == 2
    assert asked == []


def test_control_characters_are_left_out() -> None:
    assert "甲乙" in text(printed(form_of({"key": "k"}), {"k": "甲\x00\x1b\x0b乙"}))


# --- glyphs ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("character", ["😀", "𠮷", "☑"])
def test_a_character_that_the_font_lacks_is_named_and_not_printed_as_a_box(character: str) -> None:
    with pytest.raises(MissingGlyphError) as told:
        printed(form_of({"key": "k"}), {"k": f"王{character}"})
    assert told.value.characters == character
    assert f"U+{ord(character):04X}" in str(told.value)


# --- the file --------------------------------------------------------------------------------------------------------
def test_the_same_input_gives_the_same_bytes_in_another_process_too() -> None:
    script = (
        "import django, hashlib; django.setup()\n"
        "from forms_templates import catalogue, samples\n"
        "from tests.forms_templates.paper import printed\n"
        "from tests.forms_templates.test_printing import PROOF\n"
        "made = printed(catalogue.form('Serv302'), samples.values('Serv302'), number='n', verify=PROOF)\n"
        "print(hashlib.sha256(made.pdf).hexdigest())\n"
    )
    first = printed(catalogue.form("Serv302"), samples.values("Serv302"), number="n", verify=PROOF)
    again = printed(catalogue.form("Serv302"), samples.values("Serv302"), number="n", verify=PROOF)
    assert first == again
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "serviceops.settings"}
    other = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        check=True,
    )
    assert other.stdout.decode().split()[-1] == hashlib.sha256(first.pdf).hexdigest()


def test_the_file_is_archival_structured_and_says_what_it_is() -> None:
    made = printed(catalogue.form("Serv103"), samples.values("Serv103"), number="Serv103-2026-0012", verify=PROOF)
    file = reader(made)
    root: Any = file.trailer["/Root"]
    assert file.metadata is not None
    assert file.metadata.title == "Blackboard教育软件到货证明 Serv103-2026-0012"
    assert file.metadata.author == HOUSE.name
    assert "7K3M-Q9TX-2B4D" in str(file.metadata.get("/Keywords"))
    assert root["/Lang"] == "zh-CN"
    assert bool(root["/MarkInfo"]["/Marked"])
    marks = root["/Metadata"].get_object().get_data()
    assert b'pdfaid:part="2"' in marks
    assert b'pdfaid:conformance="A"' in marks
    assert "/OutputIntents" in root


def _fonts(made: Print) -> set[str]:
    pages: Any = reader(made).pages
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    return {str(font["/BaseFont"])[8:] for font in fonts}


def test_fonts_are_embedded_as_the_few_glyphs_that_are_used() -> None:
    made = printed(catalogue.form("Serv103"), samples.values("Serv103"))
    assert _fonts(made) == {"Common-SC", "Common-SC-Bold"}
    assert len(made.pdf) < 150_000


def test_a_rare_character_is_taken_from_the_whole_font() -> None:
    made = printed(form_of({"key": "k"}), {"k": "朱镕基"})
    assert _fonts(made) == {"Common-SC", "Common-SC-Bold", "Noto-Sans-SC"}
    assert "朱镕基" in text(made)

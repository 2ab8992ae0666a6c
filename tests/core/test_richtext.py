"""Rich text: what Markdown can say is shown, and nothing of it does anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import richtext

pytestmark = pytest.mark.kernel

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[go](javascript:alert(1))",
    "[go](JaVaScRiPt:alert(1))",
    "[go](data:text/html;base64,PHNjcmlwdD4=)",
    "[go](vbscript:x)",
    "[go](<java\nscript:alert(1)>)",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,AAAA)",
    "![x](//evil.example/pixel.png)",
    '![x](a.png "onerror=alert(1)")',
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| <script>alert(1)</script> |\n| --- |\n| x |",
    "<style>body{display:none}</style>",
    "<form action=//evil.example><input name=x></form>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    made = richtext.html(text)
    lower = made.lower()
    for tag in ("<script", "<svg", "<iframe", "<style", "<form", "<input", "<img"):
        assert tag not in lower
    assert 'href="javascript' not in lower
    assert 'href="vbscript' not in lower
    assert 'href="data' not in lower
    assert "<a onerror" not in lower


@given(st.text(alphabet="<>\"'&[]()!`*_#|-\n :/javscriptonelx=", max_size=200))
def test_whatever_is_written_makes_no_tag_that_is_not_listed(text: str) -> None:
    made = richtext.html(text).lower()
    for forbidden in ("<script", "<svg", "<iframe", "<style", "<form", "<img", 'href="javascript', "<object", "<input"):
        assert forbidden not in made


def test_headings_lists_tables_and_code_are_shown() -> None:
    text = "# 标题\n\n1. 一\n2. **二**\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n```\nls <dir>\n```\n"
    made = richtext.html(text)
    for part in ("<h2>标题</h2>", "<ol>", "<strong>二</strong>", "<table>", "<td>2</td>", "ls &lt;dir&gt;"):
        assert part in made


def test_headings_go_down_one_step_at_a_time_from_where_they_stand() -> None:
    made = richtext.html("### 一\n\n###### 二\n\n#### 三\n\n# 四", top=3)
    assert re.findall(r"<(h\d)>", made) == ["h3", "h4", "h5", "h3"]
    assert re.findall(r"<(h\d)>", richtext.html("## 一\n\n#### 二")) == ["h2", "h3"]


def test_a_link_leads_away_without_telling_from_where() -> None:
    assert 'rel="noopener noreferrer nofollow"' in richtext.html("[x](https://docs.example/a)")


def test_a_picture_is_shown_only_if_it_is_among_the_own_ones() -> None:
    known = {"登录错误.png": "/knowledge/KB/files/7/"}
    assert '<img src="/knowledge/KB/files/7/" alt="页面">' in richtext.html("![页面](登录错误.png)", known)
    other = richtext.html("![页面](别的.png)", known)
    assert "<img" not in other
    assert "[页面]" in other


def test_a_text_is_found_by_its_words_and_not_by_its_marks() -> None:
    words = richtext.words("## 现象\n\n- **转码** 失败\n\n![截图](a.png)\n\n```\nrestart\n```")
    assert all(word in words for word in ("现象", "转码", "失败", "restart"))
    assert "#" not in words
    assert "*" not in words


def test_the_pictures_that_a_text_calls_are_known() -> None:
    assert richtext.names_of_pictures("![a](一.png) and ![b](two.png)\n\n`![c](three.png)`") == {"一.png", "two.png"}


def test_a_very_deep_or_long_text_is_answered() -> None:
    assert richtext.html("> " * 5000 + "x")
    assert richtext.html("[" * 20_000)
    assert richtext.html("*" * 50_000)

"""The Chinese catalogue is complete, says the same as the English, and reads as people of a service desk write."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from ops.messages import collected, faults
from ops.setup import ROOT
from tests.i18n.catalogue import FILE, OF_PACKAGES, chinese, compiled, english, written
from tests.i18n.reading import HAN

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|\$\$?|[A-Z]{3}-\d\d")
_HALF_WIDTH = re.compile(r"(?<=[\u3400-\u9fff“”（）])[,;:!?()](?!\d)|[,;:!?()](?=[\u3400-\u9fff“”])")
_SPOKEN_IN_ENGLISH = {
    "ServiceOps", "JIRA", "PDF", "MB", "Office", "JSON", "Webhook", "https", "http", "bjdx", "TK", "TKT", "Serv", "OFH",
    "CON", "handler", "supervisor", "severity", "urgent", "strong", "class", "mono", "IP", "SSH", "VPN", "Excel",
    "XLSX", "CSV", "JPEG", "PNG", "HEIC", "ZIP", "SHA", "TIFF", "dpi",
}  # fmt: skip
GLOSSARY = {
    "Dispatch": "派单",
    "Respond": "响应",
    "Hand over": "转交",
    "Press": "催办",
    "Escalate to R&D": "转研发",
    "Wait for the customer": "等待客户",
    "Resolve": "解决",
    "Confirm": "确认",
    "Reopen": "重新打开",
    "Copy to": "抄送",
    "Recorded": "已登记",
    "Dispatched": "已派单",
    "In progress": "处理中",
    "With R&D": "研发处理中",
    "Waiting for the customer": "等待客户",
    "Resolved": "已解决",
    "Closed": "已关闭",
    "Cancelled": "已取消",
    "Ticket": "工单",
    "Handler": "处理人",
    "Specialist": "受理专员",
    "Account manager": "客户经理",
    "Severity": "严重程度",
    "Leftover issues": "遗留问题",
    "Deadline": "时限",
    "Overdue": "已逾期",
    "My work": "我的工作台",
    "by %(rule)s": "依据 %(rule)s",
    "Why due then?": "为什么这时到期？",
}


def test_every_text_of_the_sources_has_its_chinese_and_the_placeholders_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")  # the texts are collected as a developer does
    with tempfile.TemporaryDirectory() as folder:
        assert faults(collected(ROOT, Path(folder))) == []


def test_every_message_is_translated_by_hand() -> None:
    assert [english(message) for message in written() if message.fuzzy or not chinese(message)] == []


def test_placeholders_markup_and_rules_stay_the_same() -> None:
    for message in written():
        said, meant = (sorted(_PLACEHOLDER.findall(text)) for text in (chinese(message), english(message)))
        assert said == meant, english(message)


def test_sources_speak_english_only() -> None:
    found = [english(message) for message in written() if HAN.search(english(message))]
    assert found == []


def test_chinese_stands_in_chinese_but_for_names() -> None:
    for message in written():
        text = _PLACEHOLDER.sub(" ", chinese(message))
        words = set(re.findall(r"[A-Za-z]{2,}", text)) - _SPOKEN_IN_ENGLISH
        assert not words, (english(message), words)


def test_chinese_is_punctuated_in_chinese() -> None:
    for message in written():
        text = chinese(message)
        assert not _HALF_WIDTH.search(_PLACEHOLDER.sub("", text)), text
        assert "..." not in text, text
        assert text == text.strip(), text


@pytest.mark.parametrize(("english_end", "chinese_ends"), [(".", "。”！"), ("?", "？因"), ("…", "…"), (":", "：")])
def test_sentences_end_as_their_english_does(english_end: str, chinese_ends: str) -> None:
    for message in written():
        if english(message).endswith(english_end) and chinese(message)[-1] not in chinese_ends:
            assert english(message) in _LABELS, (english(message), chinese(message))


_LABELS = {"The customer will see this.", "Internal: the customer does not see this."}
"""Sentences that stand as labels in Chinese."""


@pytest.mark.parametrize("word", sorted(GLOSSARY))
def test_the_words_are_those_of_the_handbook(word: str) -> None:
    with translation.override("zh-hans"):
        assert translation.gettext(word) == GLOSSARY[word]


def test_words_of_packages_that_have_no_chinese_have_ours_and_are_not_among_our_own() -> None:
    own = set(map(english, written()))
    with translation.override("zh-hans"):
        for message in written(OF_PACKAGES):
            assert translation.gettext(english(message)) == chinese(message)
            assert english(message) not in own


def test_a_plural_has_one_form_in_chinese_and_two_in_english() -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = [
                translation.ngettext("%(count)d notice", "%(count)d notices", n) % {"count": n} for n in (1, 2)
            ]
    assert said == {"zh-hans": ["1条通知", "2条通知"], "en": ["1 notice", "2 notices"]}


def test_english_says_what_the_sources_say_also_where_django_has_the_same_words() -> None:
    with translation.override("en"):
        assert [text for text in map(english, written()) if translation.gettext(text) != text] == []


def test_the_application_reads_what_is_written() -> None:
    """`make test` and `make run` compile the catalogue; this tells of one that was left behind."""
    read = compiled()

    def said(message: Any) -> str:
        # What is read from a compiled catalogue has the bytes of its context.
        found = read.get(english(message), message.context and message.context.encode())
        return chinese(found) if found is not None else ""

    stale = [english(message) for message in written() if said(message) != chinese(message)]
    assert stale == [], f"compile {FILE}"

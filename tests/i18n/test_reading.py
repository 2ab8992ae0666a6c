"""The reader that the other tests rely on hears what a person would."""

from __future__ import annotations

from tests.i18n.reading import chinese_in, english_in, heard


def test_text_and_spoken_attributes_are_heard_but_no_markup() -> None:
    page = '<html lang="en"><title>One</title><a href="/two/" aria-label="Three" class="four">Five<br>Six</a>'
    assert heard(page, "en").split() == ["One", "Three", "Five", "Six"]


def test_what_a_page_hands_to_its_scripts_is_heard() -> None:
    assert heard('<div id="words" hidden data-left="seven left"></div><p data-left="8"></p>', "en") == "seven left"


def test_scripts_keys_and_passages_in_another_language_are_not_heard() -> None:
    page = '<p>One<kbd>Ctrl</kbd><button lang="zh-Hans">中<b>文</b></button><script>two</script></p>Three'
    assert heard(page, "en").split() == ["One", "Three"]
    assert heard('<p lang="zh-Hans">一</p>', "zh-hans") == "一"


def test_data_addresses_and_numbers_are_not_prose() -> None:
    page = "<p>北京大学 wrote TK-20260301-0007 to zhang@pku.example by TKT-17: https://pku.example/x error.png</p>"
    assert heard(page, "en", ["北京大学"]).split() == ["wrote", "to", "by", ":"]


def test_words_are_found_in_either_script() -> None:
    assert chinese_in("One 二三 four") == {"二三"}
    assert english_in("处理中 In progress, ServiceOps", ["ServiceOps"]) == {"In", "progress"}

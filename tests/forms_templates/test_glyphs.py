"""Which characters can be printed; the others are refused where they are typed."""

from __future__ import annotations

from forms_templates import catalogue, glyphs


def test_every_character_of_the_national_standard_can_be_printed() -> None:
    characters = [
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    ]
    assert len("".join(characters)) == 6763
    assert glyphs.missing("".join(characters)) == ""


def test_every_text_of_every_form_can_be_printed() -> None:
    assert [form.code for form in catalogue.forms() if glyphs.missing(str(form))] == []


def test_what_forms_need_beside_words_can_be_printed() -> None:
    assert glyphs.missing("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整¥￥√×①℃№“”…—　\n\t") == ""


def test_rare_names_and_pictures_are_named_once_each_in_their_order() -> None:
    assert glyphs.missing("𠮷野家😀😀𠮷") == "𠮷😀"

"""Whatever holds a term as a part of itself has all the term's pieces; and what is alike to people is alike here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.grams import beginnings, exact, grams, initial, needed, numbers, plain, short

LETTERS = "登录失败平台网abcvpn019 ，。-\n\U00020bb7"
texts = st.text(LETTERS, max_size=40)
terms = st.text("登录失败平台abcvpn019-", min_size=1, max_size=6)


@given(texts, terms, texts)
def test_a_text_has_every_piece_of_what_is_a_part_of_it(before: str, term: str, after: str) -> None:
    assert needed(plain(term)) <= grams(plain(f"{before}{term}{after}"))


@given(texts, terms)
def test_a_term_that_is_one_piece_is_in_every_text_that_has_the_piece(text: str, term: str) -> None:
    compared, sought = plain(text), plain(term)
    if exact(sought):
        assert (needed(sought) <= grams(compared)) == (sought in compared)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_what_is_plain_stays_so_and_no_piece_holds_what_would_have_to_be_escaped(text: str) -> None:
    compared = plain(text)
    assert " ".join(compared.split()) == compared
    for piece in grams(compared) | beginnings(compared):
        assert not set(piece) & set(" \"'\\{},*"), piece


def test_pieces_are_pairs_of_han_and_threes_of_letters() -> None:
    assert grams(plain("登录不了 error ＶＰＮ 5g")) == {"登录", "录不", "不了", "err", "rro", "ror", "vpn", "^5g"}
    assert grams("\U00020bb7野家") == {"\U00020bb7野", "野家"}
    assert grams(plain("!?。")) == set()
    assert needed("云") == needed("5g") == set()


def test_a_heading_is_found_by_its_characters_and_by_how_its_words_begin() -> None:
    assert short("云") | short("vp") <= beginnings(plain("云盘 VPN"))
    assert not short("pn") <= beginnings(plain("云盘 VPN"))
    assert initial("bjdx") == {"^b", "^bj", "^bjd", "^bjdx"}


@pytest.mark.parametrize("written", ["ＶＰＮ登录", "vpn登录", "V\u200bP\ufeffN登\u200d录", "  vpn登录\t"])
def test_width_case_and_what_nobody_sees_make_no_difference(written: str) -> None:
    assert plain(written) == "vpn登录"


def test_telephone_numbers_are_known_by_their_digits_too() -> None:
    assert numbers("请拨 010-6275 1234 或 +86 138-0011-2233") == ["01062751234", "8613800112233"]
    assert numbers("13800112233") == []

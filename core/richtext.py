"""Texts with headings, lists, tables and pictures: written as Markdown, shown as HTML that can do nothing.

Raw HTML is text. What Markdown makes is cleaned once more by a list of what may be there, so that neither a fault of
the one library nor one of the other lets a script through. Pictures are the caller's own files and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 200_000
"""Characters of one text; a handbook's chapter has fewer."""
_DEEPEST = 20
_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "s",
    ),
    *("a", "img", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def html(text: str, pictures: Mapping[str, str] | None = None, *, top: int = 2) -> SafeString:
    """A text as HTML. `pictures` gives the address of each picture by the name under which the text calls it.

    A picture of any other name stands as its words. `top` is the level of the text's highest heading on its page.
    """
    known = pictures or {}
    parser = _parser()
    tokens = parser.parse(text[:LONGEST])
    _level(tokens, top)
    made = parser.renderer.render(tokens, parser.options, {"pictures": known})
    own = set(known.values())

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            return value if value in own else None
        return value

    clean = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 leaves only what is listed above


def words(text: str) -> str:
    """The text without its marks: what it is found by, and what a list shows of it."""
    found: list[str] = []
    for token in _parser().parse(text[:LONGEST]):
        if token.type in {"fence", "code_block"}:
            found.append(token.content)
        found.extend(child.content for child in token.children or () if child.content)
    return " ".join(" ".join(found).split())


def names_of_pictures(text: str) -> set[str]:
    """The names of the pictures that a text calls."""
    return {
        _name(child)
        for token in _parser().parse(text[:LONGEST])
        for child in token.children or ()
        if child.type == "image"
    }


def _parser() -> MarkdownIt:
    """Made anew for each text: one is not to be shared between threads."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST, "breaks": True})
    parser.enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture)
    return parser


def _name(token: Any) -> str:
    return unquote(str(token.attrs.get("src", ""))).strip()


def _picture(self: Any, tokens: Sequence[Any], idx: int, options: Any, env: Any) -> str:  # noqa: ARG001 - the library's signature
    token = tokens[idx]
    address = env.get("pictures", {}).get(_name(token))
    said = escape(token.content)
    return f'<img src="{escape(address)}" alt="{said}">' if address else f"<em>[{said or escape(_name(token))}]</em>"


def _level(tokens: Sequence[Any], top: int) -> None:
    """Headings go down one step at a time from `top`, whatever steps were written."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1:]) for token in headings), default=1)
    before = top - 1
    for token in headings:
        if token.nesting == 1:
            before = min(top + int(token.tag[1:]) - highest, before + 1, 6)
        token.tag = f"h{before}"


__all__ = ("LONGEST", "html", "names_of_pictures", "words")

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


def html(text: str, pictures: Mapping[str, str] | None = None) -> SafeString:
    """A text as HTML. `pictures` gives the address of each picture by the name under which the text calls it.

    A picture of any other name stands as its words.
    """
    known = pictures or {}
    made = _parser().render(text[:LONGEST], {"pictures": known})
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
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    return parser


def _name(token: Any) -> str:
    return unquote(str(token.attrs.get("src", ""))).strip()


def _picture(self: Any, tokens: Sequence[Any], idx: int, options: Any, env: Any) -> str:  # noqa: ARG001 - the library's signature
    token = tokens[idx]
    address = env.get("pictures", {}).get(_name(token))
    said = escape(token.content)
    return f'<img src="{escape(address)}" alt="{said}">' if address else f"<em>[{said or escape(_name(token))}]</em>"


def _heading(self: Any, tokens: Sequence[Any], idx: int, options: Any, env: Any) -> str:  # noqa: ARG001 - the library's signature
    """One step smaller: the page's own title is the first heading."""
    token = tokens[idx]
    tag = f"h{min(int(token.tag[1:]) + 1, 6)}"
    return f"<{tag}>" if token.nesting == 1 else f"</{tag}>\n"


__all__ = ("LONGEST", "html", "names_of_pictures", "words")

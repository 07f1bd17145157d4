"""Markdown to HTML that is safe to show: rendered, then cleaned; no remote images, no raw HTML."""

from collections.abc import Callable
from functools import cache
from typing import Final

import nh3

_TAGS: Final = frozenset(
    {
        *("a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"),
    }
)


@cache
def _renderer() -> Callable[[str], str]:
    from markdown_it import MarkdownIt

    common = MarkdownIt("commonmark", {"html": False, "linkify": False})
    return common.enable(["table", "strikethrough"]).disable("image").render


def to_html(text: str) -> str:
    """Return the HTML of Markdown text; links open without telling where from."""
    return nh3.clean(
        _renderer()(text),
        tags=set(_TAGS),
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )

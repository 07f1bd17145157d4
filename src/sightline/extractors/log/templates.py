"""Messages without what varies from one time to the next."""

import re

from sightline.extractors.regex import regex

_LONGEST = 500
_LONGEST_TEMPLATE = 200
_QUOTED = regex(r"""(?<!\w)(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')(?!\w)""")
_VARYING = regex(
    r"""(?P<id>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b0x[0-9a-fA-F]+\b
      |\b(?=[a-fA-F]{0,63}[0-9])(?=[0-9]{0,63}[a-fA-F])[0-9a-fA-F]{8,64}\b)
    |(?P<address>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b)
    |(?P<number>(?<![\w.])[+-]?\d+(?:[.,:]\d+)*)""",
    re.VERBOSE,
)
_PLACEHOLDERS = {"id": "<id>", "address": "<address>", "number": "<n>"}


def template_of(message: str) -> str:
    """Replace ids, quoted words, addresses and numbers by `<id>`, `<text>`, `<address>` and `<n>`."""
    text = message[:_LONGEST]
    if '"' in text or "'" in text:
        text = _QUOTED.sub("<text>", text)
    return " ".join(word if word.isalpha() else _VARYING.sub(_placeholder, word) for word in text.split())[
        :_LONGEST_TEMPLATE
    ]


def _placeholder(found: re.Match[str]) -> str:
    return _PLACEHOLDERS[str(found.lastgroup)]

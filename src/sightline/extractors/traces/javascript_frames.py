"""One frame of a JavaScript trace: its label, its key, whether it is own code; shared by the engines."""

import re
from functools import lru_cache

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Span
from sightline.extractors.traces.lines import MOST_LINES_KEPT

# fmt: off
_NODE_BEFORE_16 = (
    "module|net|events|fs|https?|_http_\\w+|_stream_\\w+|_tls_\\w+|timers|stream|util|vm|buffer|child_process"
    "|bootstrap_node|node|tty|dns|tls|zlib|domain|repl|path|url|readline|assert|cluster|crypto|dgram|async_hooks"
    "|string_decoder|querystring|process|os|v8"
)
# fmt: on
_LIBRARY = regex(
    rf"""
    [\\/](?:node_modules|bower_components|\.pnpm|\.yarn|jspm_packages)[\\/] | ^(?:node|bun|deno|ext|native|internal):
  | ^internal[\\/] | ^electron[\\/] | ^(?:{_NODE_BEFORE_16})\.js$ | ^(?:webpack:///)?(?:\.?/)?webpack[\\/]
  | webpack:///(?:\(webpack\)|external|~|\./~) | [\\/]~[\\/] | ^(?:|<anonymous>|anonymous|native|\[native\ code\]|index\ \d+)$
  | ^(?:resource|chrome)://(?!.*extension) | ^https?://(?:deno\.land/|jsr\.io/|cdn\.|cdnjs\.|unpkg\.|code\.jquery|ajax\.|esm\.|.*jsdelivr)
  | (?:^|[\\/.~-])(?:vendors?|polyfills?|chunk-vendors|jquery|react-dom|zone|runtime~\w+)(?:[.~-][\w.~-]*)?\.m?js
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BUNDLE_HASH = regex(r"[.-](?:[0-9a-f]{6,}(?=[.-])|(?=[a-z_-]*[A-Z\d])[\w-]{8}(?=\.\w+$))")
_LINE_AND_COLUMN = regex(r"(?:(?::\d+)?:\d+|:wasm-function\[\d+\]:0x[0-9a-f]+)$")
_RUST_HASH = regex(r"::h[0-9a-f]{16}$")
_SAY_NOTHING = regex(
    r"^(?:<anonymous>|\(?anonymous(?: function)?\)?|<unknown>|eval|global code|eval code|module code|\w{1,2})$"
)
_ORIGIN_OF_EVAL = regex(r"\(([^()]*:\d+:\d+)\)")


def frame_of(function: str, place: str, span: Span) -> Frame:
    """Make a frame of a function (may be empty) and a place such as `/srv/app/x.js:3:14`."""
    return Frame(*_call(function, place), span)


@lru_cache(maxsize=MOST_LINES_KEPT)
def _call(function: str, place: str) -> tuple[str, str, bool]:
    label = f"{function} ({place})" if function else place
    file = _file_of(place)
    return label, _key(function, file), not _LIBRARY.search(file)


def _file_of(place: str) -> str:
    if place.startswith("eval at "):
        origins = _ORIGIN_OF_EVAL.findall(place)
        place = origins[0] if origins else "<anonymous>"
    place = place.removeprefix("file://").removeprefix("address at ")
    return _LINE_AND_COLUMN.sub("", re.sub(r" line \d+ > \w+", "", place)).split("?")[0]


def _key(function: str, file: str) -> str:
    *directories, named = re.split(r"[\\/]", file)
    if named.startswith("index.") and directories:
        named = f"{directories[-1]}/{named}"
    function = re.sub(r" \[as [^\]]*\]|^(?:async|new|get|set) |[*/<]+", " ", function).strip()
    function = _RUST_HASH.sub("", function.rpartition(".")[2])
    return f"{_BUNDLE_HASH.sub('', named)}:{'' if _SAY_NOTHING.match(function) else function}"

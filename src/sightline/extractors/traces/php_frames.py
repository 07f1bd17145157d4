r"""One call of a PHP trace: `#1 /srv/app/cart.php(6): Shop\Cart->price()`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Span
from sightline.extractors.traces.lines import MOST_LINES_KEPT
from sightline.extractors.traces.margin import LONGEST_LINE

_CALL = regex(r"\s*#\d+ (?:(?P<file>\S.*?)\((?P<line>\d+)\): |\[internal function\]: )(?P<call>.*)$")
_MAIN = regex(r"\s*#\d+ (?:\{main\}|\[internal function\]$)")
_LIBRARY = regex(
    r"(?:^|[\\/])vendor[\\/]|^phar://|[\\/]pear[\\/]|[\\/]wp-includes[\\/]|[\\/]wp-admin[\\/]|[\\/]storage[\\/]framework[\\/]"
)
_CLOSURE = regex(r"\{closure(?::[^}]*)?\}")
_ANONYMOUS = regex(r"(class@anonymous)[^(]*?(?=->|::|$)")


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A call: the function, and where it was called; inside PHP itself the file is empty."""

    function: str
    file: str
    line: str
    span: Span


def trace_line(text: str, span: Span) -> TraceLine | None:
    """Read one line of a stack trace; the line with `{main}` has no file."""
    text = text[:LONGEST_LINE].rstrip()
    if _MAIN.match(text):
        return TraceLine("{main}", "", "", span)
    match = _CALL.match(text)
    if not match:
        return None
    return TraceLine(
        match["call"].partition("(")[0].replace("\\\\", "\\"), match["file"] or "", match["line"] or "", span
    )


def frame_of(function: str, file: str, line: str, span: Span) -> Frame:
    """Make a frame of a function and the place inside it that ran."""
    return Frame(*_called(function, file, line), span)


@lru_cache(maxsize=MOST_LINES_KEPT)
def _called(function: str, file: str, line: str) -> tuple[str, str, bool]:
    function = _ANONYMOUS.sub(r"\1", function.partition("\0")[0])
    place = f"{file}:{line}" if file else "[internal function]"
    label = f"{function} ({place})" if function else place
    named = re.split(r"[\\/]", file)[-1]
    key = f"{named}:{_CLOSURE.sub('{closure}', function)}"
    return label, key, bool(file) and not _LIBRARY.search(file)

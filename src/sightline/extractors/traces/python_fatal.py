"""What CPython prints when it dies of a signal or gives itself up: `Fatal Python error: …`."""

from collections.abc import Iterator, Sequence

from sightline.extractors.traces.crash import Crash, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import Margin
from sightline.extractors.traces.python_lines import read_frames

_TYPE = "Fatal Python error"
_CURRENT = "Current thread 0x"
_LONGEST_REPORT = 2000


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports; the frames are those of the thread that died, the message says of what."""
    begin = -1
    for at in lines.having(f"{_TYPE}: ", _CURRENT):
        if f"{_TYPE}: " in lines[at]:
            begin = at
        elif begin >= 0 and at - begin <= _LONGEST_REPORT:
            yield _crash(lines, begin, at)
            begin = -1


def _crash(lines: Sequence[str], begin: int, thread: int) -> Crash:
    _, _, message = lines[begin].partition(f"{_TYPE}: ")
    inside, _, _ = lines[thread].partition(_CURRENT)
    frames, end = read_frames(lines, thread + 1, Margin(inside))
    raised = Raised(_TYPE, message.strip(), frames, Span(begin + 1, begin + 1))
    return Crash("python", "py1", raised, Span(begin + 1, end))

"""Stack traces in logs, text and JSON lines; one module for each language knows its grammar."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sightline.extractors.reading import Fact, Locator, Reading
from sightline.extractors.source import Passage, Source
from sightline.extractors.traces.crash import Crash, Raised, Span
from sightline.extractors.traces.finding import crashes_in

name = "traces"
version = 5

_TYPES = ("text/", "application/json", "message/rfc822")
_LONGEST_VALUE = 2000
_MOST_CRASHES = 100_000
_MOST_OTHERS = 20
_COMPLETE = 1.0
_CUT_OFF = 0.6
_OTHER = 0.5


@dataclass(slots=True)
class _Group:
    """The crashes of a file that share a fingerprint; the last one stands for all."""

    crash: Crash
    count: int
    number: int


def accepts(media_type: str, head: bytes) -> bool:
    """Take text, JSON and mail."""
    del head
    return media_type.startswith(_TYPES)


def extract(source: Source) -> Reading:
    """Give `crash.language, .type, .message, .top_frame, .own_frame, .fingerprint` (text) and `crash.count` (number).

    Of several different crashes the most frequent is the fact, of equally frequent ones the last that is whole.
    Type, message and frames are those of the exception that surfaced; alternatives are the other exceptions of its
    chain, root cause first, then the other crashes of the file. The top frame is the innermost one, the own frame
    the innermost outside the standard library and installed packages (that of the chain when the surfaced exception
    has none), both as `function (file:line)`. The count says how often the fingerprint occurs in the file.
    """
    groups: dict[str, _Group] = {}
    for number, crash in enumerate(_all_crashes(source.text)):
        if number == _MOST_CRASHES:
            told = f"The file has more than {_MOST_CRASHES} stack traces: only the first {_MOST_CRASHES} were read."
            return Reading(kind="crash", facts=tuple(_facts(groups)), problems=(told,))
        group = groups.setdefault(crash.fingerprint, _Group(crash, 0, number))
        group.crash, group.count, group.number = crash, group.count + 1, number
    return Reading(kind="crash", facts=tuple(_facts(groups))) if groups else Reading()


def _all_crashes(passages: list[Passage]) -> Iterator[Crash]:
    for passage in passages:
        skipped = passage.first_line - 1
        yield from (replace(crash, before=skipped) for crash in crashes_in(passage.lines))


def _importance(group: _Group) -> tuple[int, bool, int, int]:
    return group.count, bool(group.crash.raised.type), group.crash.place(group.crash.span).line, group.number


def _facts(groups: dict[str, _Group]) -> Iterator[Fact]:
    best, *others = sorted(groups.values(), key=_importance, reverse=True)
    rivals = [
        *_readings_behind(best.crash),
        *(reading for other in others[:_MOST_OTHERS] for reading in _readings(other, _OTHER)),
    ]
    facts = list(_readings(best, _COMPLETE))
    missing = next((rival for rival in rivals if rival.name == "crash.own_frame"), None)
    if missing and all(fact.name != missing.name for fact in facts):
        facts.append(missing)
    for fact in facts:
        yield fact.also(*(rival.as_alternative() for rival in rivals if rival.name == fact.name))


def _readings(group: _Group, confidence: float) -> Iterator[Fact]:
    crash = group.crash
    is_complete = crash.raised.type and crash.raised.frames
    sure = confidence if is_complete else min(confidence, _CUT_OFF)
    yield _fact("crash.language", crash.language, crash.place(crash.span), sure)
    yield _fact("crash.fingerprint", crash.fingerprint, crash.place(crash.span), sure)
    yield replace(_fact("crash.count", str(group.count), crash.place(crash.span), sure), type="number")
    yield from _readings_of(crash, crash.raised, sure)


def _readings_behind(crash: Crash) -> Iterator[Fact]:
    for raised in crash.raised.others():
        yield from _readings_of(crash, raised, _OTHER)


def _readings_of(crash: Crash, raised: Raised, sure: float) -> Iterator[Fact]:
    if raised.type:
        yield _fact("crash.type", raised.type, crash.place(raised.span), sure)
    if raised.message.strip():
        yield _fact("crash.message", raised.message.strip(), crash.place(raised.span), sure)
    # Java leaves out the frames that an exception shares with its cause, which may be all of them.
    framed = next((one for one in raised.causes() if one.frames), raised)
    if framed.top_frame:
        yield _fact("crash.top_frame", framed.top_frame.label, crash.place(framed.top_frame.span), sure)
    if framed.own_frame:
        yield _fact("crash.own_frame", framed.own_frame.label, crash.place(framed.own_frame.span), sure)


def _fact(fact_name: str, value: str, span: Span, confidence: float) -> Fact:
    place = Locator(line=span.line, end_line=span.end_line)
    return Fact(fact_name, "text", value[:_LONGEST_VALUE], place, confidence, name, version)

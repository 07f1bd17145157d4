"""Stack traces of the Java virtual machine (Java, Kotlin, Scala), as printed by JDK, logback, log4j and Android."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.heading import lines_of_message
from sightline.extractors.traces.lines import FRAME_MARKS, MOST_LINES_KEPT, Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.repeats import Repeats

_SCHEME = "java1"
_FRAME = regex(
    r"(?P<where>[^\s()]+(?: [^\s()]+){0,20}) ?"
    r"\((?P<source>(?:[^():\s]+\.(?:java|kts?|scala|groovy|cljc?)|Unknown Source|SourceFile|Native Method"
    r"|r8-map-id-\w+|(?=:\d))(?::-?\d+)?|<generated>)\)"
    r"(?: ~?\[[^\]]*\])?(?: \{[^}]*\})?$"
)
_TYPE = r"(?!java\.lang\.Thread\.State:)(?:[^\W\d][\w$]*\.)+[A-Z_$][\w$]*|[A-Z][\w$]*(?:Exception|Error|Throwable)"
_THREAD = r'Exception in thread ".*?" '
_HEADER = regex(rf"(?:{_THREAD}|Exception )?(?P<type>{_TYPE}|(?<=\" )[\w$]+)(?:: ?(?P<message>.*))?$")
_THROWN_BY_HANDLER = regex(rf"Exception: (?P<type>{_TYPE})(?P<message>) thrown from the UncaughtExceptionHandler")
_SAID_OTHERWISE = regex(rf"{_THREAD}(?P<type>)(?P<message>.+)$")
_HEADER_IN_A_LINE = regex(
    r"(?<![\w.$/])(?P<type>(?:[^\W\d][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable|Failure|Fault)[\w$]*)"
    r"(?:: (?P<message>.*))?$"
)
_JOINT = regex(r"(?P<indent>\s*)(?P<word>Caused by|Suppressed|Wrapped by):? (?P<rest>.*)$")
_LEFT_OUT = regex(
    r"\s*(?:\[?\.\.\.\]?$|\.\.\. \d+ (?:more|common frames omitted|frames? (?:truncated|excluded|trimmed))|\[?CIRCULAR REFERENCE)"
)
# fmt: off
LIBRARIES = (
    "java.", "javax.", "jdk.", "sun.", "com.sun.", "jakarta.", "kotlin.", "kotlinx.", "scala.", "groovy.",
    "clojure.", "android.", "androidx.", "com.android.", "dalvik.", "org.springframework.", "org.apache.",
    "org.hibernate.", "org.eclipse.", "org.jboss.", "org.codehaus.", "org.junit.", "junit.", "org.gradle.",
    "org.jetbrains.", "org.slf4j.", "org.postgresql.", "org.mockito.", "org.aspectj.", "org.testng.", "org.graalvm.",
    "org.glassfish.", "org.wildfly.", "org.lwjgl.", "org.h2.", "io.netty.", "io.undertow.", "io.vertx.", "io.quarkus.",
    "io.micronaut.", "io.micrometer.", "io.reactivex.", "io.grpc.", "io.ktor.", "io.smallrye.", "com.google.common.",
    "com.google.gson.", "com.google.inject.", "com.fasterxml.", "com.zaxxer.", "com.mysql.", "com.mongodb.",
    "com.netflix.", "com.intellij.rt.", "com.microsoft.sqlserver.", "oracle.jdbc.", "com.amazonaws.",
    "software.amazon.", "ch.qos.logback.", "reactor.", "okhttp3.", "okio.", "retrofit2.", "akka.", "net.bytebuddy.",
    "net.sf.cglib.", "javassist.", "redis.clients.", "feign.", "rx.", "worker.org.gradle.",
)
# fmt: on
_GENERATED = regex(r"\$\$(?:Lambda|EnhancerBy|FastClassBy|SpringCGLIB)[^.]*")
_NUMBERED = regex(r"(\$|Proxy|Accessor)\d+")
_CALL_SITE = regex(r"\w+\$\w+\$\d+\.call")  # written by Groovy
_LONGEST_MESSAGE = 50


@dataclass(slots=True)
class _Trace:
    """A trace while it is read: the main chain in the order printed, and the exception that frames now belong to."""

    margin: Margin
    begin: int
    chain: list[Raised]
    current: Raised
    suppressed_at: int | None = None
    is_root_first: bool = False


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stack traces in a text.

    The fact is the exception that surfaced, the outermost one, as everywhere in this package; `Caused by` gives the
    root cause, which makes the fingerprint and comes first among the alternatives.
    """
    free = 0
    repeats = Repeats(lines)
    for at in lines.having(*FRAME_MARKS, ".java:"):
        if at < free or _frame_in(lines[at]) is None:
            continue
        if known := repeats.again(at, free):
            crash, free = known
            yield crash
            continue
        trace = _begin(lines, at, free)
        free = _continue(lines, at, trace) if trace else at + 1
        if trace:
            crash = _crash(trace, free)
            repeats.keep(at, crash, free)
            yield crash


@lru_cache(maxsize=MOST_LINES_KEPT)
def _frame_in(line: str) -> tuple[int, re.Match[str]] | None:
    """Find a frame and the column where its indentation ends; the last ` at ` of the line decides."""
    line = line[:LONGEST_LINE].rstrip()
    column = 0 if line.startswith("at ") else max(line.rfind(" at "), line.rfind("\tat ")) + 1
    if not line.startswith("at ", column):
        return None
    match = _FRAME.fullmatch(line, column + 3)
    return (column, match) if match and "." in match["where"] else None


def _begin(lines: Sequence[str], at: int, free: int) -> _Trace | None:
    """Find the header above the first frame; between them may be more lines of the message."""
    found = _frame_in(lines[at])
    margin = Margin(lines[at][: found[0]].rstrip() if found else "")
    for number in range(at - 1, max(free, at - _LONGEST_MESSAGE) - 1, -1):
        text = margin.strip(lines[number])
        match = _header(text or lines[number], is_next=number == at - 1)
        above = _above_cause(lines, number, margin) if match and number > free else None
        if match and above:
            caused = Raised(match["type"], match["message"] or "", [], Span(number + 1, at))
            return _Trace(margin, number - 1, [above, caused], caused)
        if match:
            more = lines_of_message(lines[number + 1 : at], margin, text or "")
            message = "\n".join([match["message"] or "", *more])
            raised = Raised(match["type"], message, [], Span(number + 1, at))
            return _Trace(margin, number, [raised], raised)
        if text is not None and begins_something_else(text):
            break
    return _cut_off(lines, at, margin)


def _above_cause(lines: Sequence[str], at: int, margin: Margin) -> Raised | None:
    """Read what was thrown without a frame of its own, where `Caused by` stands right below it."""
    joint = _JOINT.match(margin.strip(lines[at]) or "")
    match = _HEADER.match((margin.strip(lines[at - 1]) or "").strip()) if joint else None
    return Raised(match["type"], match["message"] or "", [], Span(at, at)) if match else None


def alone(lines: Lines) -> Iterator[Crash]:
    """Find what ended a thread and has no frames: those that have some begin in the same line."""
    for at in lines.having("Exception in thread ", "the UncaughtExceptionHandler in thread"):
        line = lines[at][:LONGEST_LINE].strip()
        match = _HEADER.match(line) if line.startswith("Exception in") else _THROWN_BY_HANDLER.match(line)
        if match:
            span = Span(at + 1, at + 1)
            raised = Raised(match["type"], match["message"] or "", [], span)
            yield Crash(_language([raised]), _SCHEME, raised, span)


def _cut_off(lines: Sequence[str], at: int, margin: Margin) -> _Trace | None:
    """Begin with the first frame of a text whose head was cut off."""
    is_first = at == 0 or (at == 1 and not (margin.strip(lines[0]) or lines[0]).lstrip().startswith('"'))
    if not is_first or at + 1 >= len(lines) or _frame_in(lines[at + 1]) is None:
        return None
    raised = Raised("", "", [], Span(at + 1, at + 1))
    return _Trace(margin, at, [raised], raised)


def _header(text: str, *, is_next: bool) -> re.Match[str] | None:
    text = text[:LONGEST_LINE].strip()
    return (
        _HEADER.match(text)
        or _SAID_OTHERWISE.match(text)
        or (_HEADER_IN_A_LINE.search(text) if is_next or "xception" in text else None)
    )


def _continue(lines: Sequence[str], at: int, trace: _Trace) -> int:
    while at < len(lines):
        text = trace.margin.strip(lines[at])
        if text is None or not _take(trace, text, lines[at], at):
            break
        at += 1
    return at


def _take(trace: _Trace, text: str, line: str, at: int) -> bool:
    """Add one line to the trace; False when it does not belong to it."""
    found = _frame_in(line)
    if found:
        trace.current.frames.append(Frame(*_call(found[1]), Span(at + 1, at + 1)))
        return True
    joint = _JOINT.match(text)
    if joint:
        return _join(trace, joint, at)
    return bool(_LEFT_OUT.match(text)) or _take_message(trace, text, at)


def _join(trace: _Trace, joint: re.Match[str], at: int) -> bool:
    if _LEFT_OUT.match(joint["rest"]):
        return True
    header = _HEADER.match(joint["rest"]) or re.match(r"(?P<type>[\w$.]+)(?:: ?(?P<message>.*))?$", joint["rest"])
    if not header:
        return False
    trace.current = Raised(header["type"], header["message"] or "", [], Span(at + 1, at + 1))
    column = len(joint["indent"])
    if trace.suppressed_at is not None and column < trace.suppressed_at:
        trace.suppressed_at = None
    if joint["word"] == "Suppressed":
        trace.suppressed_at = column if trace.suppressed_at is None else min(column, trace.suppressed_at)
    if trace.suppressed_at is None:
        trace.is_root_first = trace.is_root_first or joint["word"] == "Wrapped by"
        trace.chain.append(trace.current)
    return True


def _take_message(trace: _Trace, text: str, at: int) -> bool:
    raised = trace.current
    is_open = not raised.frames and at - raised.span.line < _LONGEST_MESSAGE
    if not is_open or begins_something_else(text):
        return False
    raised.message += f"\n{text}"
    raised.span = Span(raised.span.line, at + 1)
    return True


@lru_cache(maxsize=MOST_LINES_KEPT)
def _call(match: re.Match[str]) -> tuple[str, str, bool]:
    where = _GENERATED.sub("$$", match["where"]).rpartition("/")[2]
    return (
        f"{where} ({match['source']})",
        _NUMBERED.sub(r"\1", where),
        not (where.startswith(LIBRARIES) or _CALL_SITE.match(where)),
    )


def _crash(trace: _Trace, end: int) -> Crash:
    chain = trace.chain[::-1] if trace.is_root_first else trace.chain
    for raised, cause in pairwise(chain):
        raised.cause = cause
    return Crash(_language(chain), _SCHEME, chain[0], Span(trace.begin + 1, end))


def _language(chain: list[Raised]) -> str:
    """Tell Kotlin by the source files of the program's own frames; everything else of this machine is called Java."""
    own = [frame.label for raised in chain for frame in raised.frames if frame.is_own]
    return "kotlin" if own and all(".kt" in label for label in own) else "java"

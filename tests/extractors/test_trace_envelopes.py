"""Traces as they arrive: between the lines of other programs, wrapped line by line, quoted, cut off."""

import json
from collections.abc import Callable
from io import BytesIO
from itertools import chain, zip_longest
from pathlib import Path

import pytest

from sightline.extractors import Fact, Reading
from sightline.extractors.registry import read_file
from sightline.extractors.traces.lines import Lines
from tests.extractors.effort import effort

Read = Callable[[bytes], Reading]


def facts_of(reading: Reading) -> dict[str, Fact]:
    return {fact.name.removeprefix("crash."): fact for fact in reading.facts if fact.name.startswith("crash.")}


ONE_EACH = ["javascript_cause-20", "go_index-1.19", "ruby_cause-cruby3.1", "php_cause-8.2", "rust_index_trace-1.95"]
PREFIXES = {
    "compose": ("web-1  | ", "db-1   | "),
    "compose with times": ("2026-01-02T10:00:00.1Z web-1  | ", "2026-01-02T10:00:00.1Z db-1   | "),
    "syslog": ("May  1 10:00:00 host shop[17]: ", "May  1 10:00:00 host shop[18]: "),
    "kubectl": ("[pod/shop-1/app] ", "[pod/shop-2/app] "),
    "logcat": ("05-01 10:00:00.123  17  17 E Shop    : ", "05-01 10:00:00.123  18  18 I chatty  : "),
}


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", ONE_EACH)
def test_lines_of_another_program_in_between_change_nothing(
    recorded: Path, read_bytes: Read, name: str, prefix: str
) -> None:
    text = (recorded / f"{name}.txt").read_text()
    one, other = PREFIXES[prefix]
    lines = [(f"{one}{line}", f"{other}order {number} done") for number, line in enumerate(text.splitlines())]
    mixed = facts_of(read_bytes("\n".join(chain.from_iterable(lines)).encode()))
    alone = facts_of(read_bytes(text.encode()))
    assert mixed["fingerprint"].value == alone["fingerprint"].value
    assert mixed["top_frame"].value == alone["top_frame"].value
    place = mixed["top_frame"].locator.line
    assert place == 2 * (alone["top_frame"].locator.line or 0) - 1


@pytest.mark.parametrize("name", [*ONE_EACH, "cause-3.13"])
def test_a_blank_line_after_every_line_changes_nothing(recorded: Path, read_bytes: Read, name: str) -> None:
    text = (recorded / f"{name}.txt").read_text().strip("\n")
    spaced = facts_of(read_bytes(f"It died:\n\n{text}".replace("\n", "\n\n").encode()))
    alone = facts_of(read_bytes(text.encode()))
    told = ["fingerprint", "type", "message", "top_frame", "count"]
    assert [spaced[fact].value for fact in told] == [alone[fact].value for fact in told]
    assert spaced["top_frame"].locator.line == 2 * (alone["top_frame"].locator.line or 0) + 3


FIRST = 'Traceback (most recent call last):\n  File "/srv/app/a.py", line 1, in one\n    x\nKeyError: 1\n'
SECOND = 'Traceback (most recent call last):\n  File "/srv/app/b.py", line 2, in two\n    y\nValueError: 2\n'


def test_two_programs_that_die_at_once_are_two_crashes(read_bytes: Read) -> None:
    pairs = zip_longest(FIRST.splitlines(), SECOND.splitlines())
    text = "".join(f"web-1 | {one}\nweb-2 | {other}\n" for one, other in pairs)
    kinds = facts_of(read_bytes(text.encode()))["type"]
    assert {kinds.value, *(other.value for other in kinds.alternatives)} == {"KeyError", "ValueError"}


WRAPPED = {
    "fluentd": lambda line: json.dumps({"log": f"{line}\n", "stream": "stderr"}),
    "journal": lambda line: json.dumps({"_PID": "17", "MESSAGE": line}),
    "cloud": lambda line: json.dumps({"severity": "ERROR", "message": line}),
}


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("name", ["javascript_plain-20", "ruby_plain-cruby3.1", "java_cause-17", "cause-3.11"])
def test_lines_that_were_wrapped_into_json_one_by_one_are_taken_out(
    recorded: Path, read_bytes: Read, name: str, wrapped: str
) -> None:
    text = (recorded / f"{name}.txt").read_text()
    lines = "\n".join(map(WRAPPED[wrapped], text.splitlines()))
    found, alone = facts_of(read_bytes(lines.encode())), facts_of(read_bytes(text.encode()))
    assert found["fingerprint"].value == alone["fingerprint"].value
    assert found["top_frame"].locator == alone["top_frame"].locator


@pytest.mark.parametrize(
    "text",
    [
        '"main" #1 prio=5\n   java.lang.Thread.State: WAITING\n\tat java.lang.Object.wait(Native Method)\n\tat a.b.C.d(C.java:4)\n',
        '"main" prio=5\n\tat a.b.C.d(C.java:4)\n\tat a.b.C.e(C.java:5)\n',
        "==1== 8 bytes in 1 blocks are definitely lost\n==1==    at 0x48: malloc (vg_replace_malloc.c:431)\n",
        "app: signal 15 (SIGTERM) received, stopping\n",
        "tests:\n1) CartTest::testTotal\n\nall well\n",
        "(node:7) ExperimentalWarning: x\n    at a (/srv/a.js:1:2)\n    at b (/srv/a.js:3:4)\n",
        'note: see\n  File "a.py", line 3, in f\n',
        "> see what the \u276f means\n \u276f src/a.ts:1:2\n",
    ],
    ids=["thread dump", "thread", "leak", "signal", "phpunit", "warning", "note", "pointer"],
)
def test_what_only_resembles_a_crash_is_none(read_bytes: Read, text: str) -> None:
    assert facts_of(read_bytes(text.encode())) == {}


MUCH = 500_000


@pytest.mark.parametrize(
    "text",
    [
        "web-1 | x\ndb-1 | y\n",
        "==1== Invalid read of size 4\n==1==    at 0x1: f (a.c:1)\n",
        "1) A::testB\nX\n",
        "  'x\\n' +\n",
        "a.rb:1:in `x'\n\nCaused by:\nKeyError: x\n",
        "Traceback (most recent call last):\n\n",
        'KeyError: x\n  File "a.py", line 1, in f\n',
        "#0  0x1 in f () at a.c:1\n",
        "#0  0x1 in f () at " + " at " * 800 + "\n",
        "signal 11 (SIGSEGV)\n",
        "WARNING: DATA RACE\nRead by x:\n  f()\n      /a.go:1 +0x1\n",
        "panicked at a.rs:1:2:\nx\n\nStack:\n",
        "x goroutine 1 [running]:\nmain.f()\n\t/a.go:1 +0x1\n",
        "[Error] TypeError: x\n\tf (a.js:1:2)\n",
        '{"message":"' + "at " * 800 + '"}\n',
        '{"stack":"' + "a" * 2000 + '@"}\n',
        "[" + "AException: " * 200 + "]\n",
        "x (a) at " * 400 + "\n",
        " at a.b(C.java:1)" * 200 + "\n",
        'Traceback (most recent call last): File "' + 'File "a", line 1, in ' * 150 + "\n",
        'Traceback (most recent call last): File "' + "aError" * 600 + "\n",
        "File &quot;\n",
        'Traceback (most recent call last): File "' + " " * 3900 + "\n",
        "# A fatal error has been detected by the Java Runtime Environment:\n#  SIGSEGV (0xb), pid=1, tid=2\nNative frames: (J=\n",
        "Unhandled Exception: SIGSEGV\n" + " 0x00000000 a!" * 280 + "]\n",
        "[object] (A(code: 0): " * 150 + "\n",
        "/a.go:1 (0x1)\nx\n",
        "E, [x] ERROR -- : x\n" + "y\n" * 40 + "z (A::B)\na.rb:1:in `x'\n",
    ],
)
def test_much_of_anything_takes_linear_time(text: str) -> None:
    content = (text * (MUCH // len(text) + 1)).encode()[:MUCH]
    assert effort(lambda: read_file(BytesIO(content), "x")) < 150


@pytest.mark.parametrize(
    ("mark", "found"), [("at x", [0, 3]), ("\nat", [0]), ("\n7 a", [3]), ("ab", []), ("a1b", [2]), ("1:é", [1])]
)
def test_marks_are_found_whatever_numbers_stand_around_them(mark: str, found: list[int]) -> None:
    lines = Lines(["at x1", "1:é", "a1b", "7 at x2", "a2b"])
    assert (lines.having(mark), lines.hold(mark)) == (found, bool(found))

"""Crashes in the shapes that tools give them: test runners, loggers, error trackers, debuggers; and the lone ones of programs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sightline.extractors import Reading

Read = Callable[[bytes], Reading]
SHAPES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "traces" / "shapes.json").read_text(encoding="utf-8")
)


def crash(reading: Reading) -> dict[str, Any]:
    return {fact.name.removeprefix("crash."): fact.value for fact in reading.facts if fact.name.startswith("crash.")}


@pytest.mark.parametrize("name", SHAPES)
def test_a_crash_is_read_in_the_shape_a_tool_gave_it(read_bytes: Read, name: str) -> None:
    expected = SHAPES[name]["facts"]
    read = crash(read_bytes(SHAPES[name]["text"].encode()))
    assert {fact: read.get(fact) for fact in expected} == expected


def test_where_a_program_only_asked_for_its_stack_nothing_crashed(read_bytes: Read) -> None:
    text = "Trace: just tracing\n    at price (/srv/app/cart.js:3:9)\n    at main (/srv/app/app.js:9:3)\nok\n"
    assert crash(read_bytes(text.encode())) == {}


PYTHON = (
    "Traceback (most recent call last):\n  File \"/srv/app/shop/cart.py\", line 12, in price\n    x\nKeyError: 'k'\n"
)
SENTRY = {
    "exception": {
        "values": [
            {
                "type": "KeyError",
                "value": "'k'",
                "stacktrace": {"frames": [{"abs_path": "/srv/shop/cart.py", "function": "price", "lineno": 99}]},
            }
        ]
    }
}


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "many lines"])
def test_a_crash_told_as_an_object_is_the_same_as_printed(read_bytes: Read, indent: int | None) -> None:
    told = json.dumps({"platform": "python", **SENTRY}, indent=indent)
    assert crash(read_bytes(told.encode()))["fingerprint"] == crash(read_bytes(PYTHON.encode()))["fingerprint"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TypeError: e is undefined\n    at a (m.js:1:9)\n", "TypeError: x is not a function\n    at a (m.js:1:9)\n"),
        (
            "thread 'main' panicked at a.rs:1:2:\nattempt to divide by zero\n",
            "thread 'main' panicked at a.rs:1:2:\nindex out of bounds: the len is 1 but the index is 7\n",
        ),
    ],
    ids=["minified", "rust"],
)
def test_faults_whose_frames_have_no_names_are_told_apart_by_what_they_say(
    read_bytes: Read, one: str, other: str
) -> None:
    prints = [crash(read_bytes(text.encode()))["fingerprint"] for text in (one, other)]
    assert prints[0] != prints[1]


@pytest.mark.parametrize("prefix", ["", "api-1  | ", "2026-01-02T03:04:05.123Z stderr F ", "[ERROR] "])
def test_a_message_of_many_lines_is_the_same_behind_a_margin(read_bytes: Read, prefix: str) -> None:
    text = "RangeError: first\nsecond\n    third\n    at each (/srv/app/cart.js:3:9)\n    at main (/srv/app/a.js:1:2)\n"
    shown = "".join(f"{prefix}{line}\n" for line in text.splitlines())
    assert crash(read_bytes(shown.encode()))["message"] == "first\nsecond\n    third"


TRACE = (
    'Exception in thread "main" a.b.FirstError: no\n\tat a.b.C.d(C.java:4)\n\tat a.b.C.main(C.java:9)\n'
    "Caused by: a.b.RootError: why\n\tat a.b.C.e(C.java:7)\n"
)
LONGER = TRACE + "\tat a.b.Deeper.f(Deeper.java:1)\n"


def test_a_trace_that_comes_again_is_counted_and_one_that_goes_on_differently_is_not_taken_for_it(
    read_bytes: Read,
) -> None:
    text = "".join(
        f"{trace}2026-01-02 03:04:0{at} INFO next\n" for at, trace in enumerate([TRACE, TRACE, LONGER, TRACE])
    )
    read = crash(read_bytes(text.encode()))
    assert (read["count"], read["type"]) == ("3", "a.b.FirstError")


def test_the_lines_of_a_trace_that_comes_again_are_its_own(read_bytes: Read) -> None:
    after = "next\n" * 4
    found = read_bytes(f"next\n{TRACE}{after}{TRACE}{after}".encode()).facts
    places = {fact.name: fact.locator.line for fact in found}
    assert (places["crash.type"], places["crash.top_frame"]) == (11, 12)


def test_a_recovered_panic_says_nothing_of_the_error_logged_after_it(read_bytes: Read) -> None:
    place = "/srv/shop/cart.go:{} (0x45f)\n\tprice: return item.price\n"
    panic = f"[Recovery] panic recovered:\nno price\n{place.format(3)}{place.format(4)}"
    error = "cannot sell\nmain.sell\n\t/srv/shop/main.go:7\nmain.main\n\t/srv/shop/main.go:9\n"
    told = next(fact for fact in read_bytes(f"{panic}\n{error}".encode()).facts if fact.name == "crash.type")
    assert {told.value, *(other.value for other in told.alternatives)} == {"panic", "error"}


def test_the_proof_of_what_a_tracker_filed_is_from_the_type_to_the_last_call(read_bytes: Read) -> None:
    reading = read_bytes(SHAPES["java filed by bugsnag"]["text"].encode())
    (place,) = {(fact.locator.line, fact.locator.end_line) for fact in reading.facts if fact.name == "crash.type"}
    assert place == (3, 11)


def test_what_a_syslog_writes_for_a_tab_stays_in_messages(read_bytes: Read) -> None:
    assert crash(read_bytes(PYTHON.replace("KeyError: 'k'", "KeyError: '#0112'").encode()))["message"] == "'#0112'"

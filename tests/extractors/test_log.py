"""Logs as real programs write them; every form is one of a program that people run."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading
from sightline.extractors.log.levels import Level, level_in, may_be_trouble
from sightline.extractors.log.templates import template_of
from tests.extractors.effort import effort

Read = Callable[[bytes], Reading]


def values(reading: Reading) -> dict[str, Any]:
    return {fact.name.removeprefix("log."): fact.value for fact in reading.facts if fact.name.startswith("log.")}


def lines_of(reading: Reading) -> dict[str, int | None]:
    return {fact.name.removeprefix("log."): fact.locator.line for fact in reading.facts}


# Form, errors, warnings, first and last time.
FORMS = {
    "log4j": (
        "2024-05-01 12:00:00,123 ERROR [main] com.x.App - Cannot open\n  wrapped\n2024-05-01 12:00:01,5 WARN  [x] A - slow",
        ("1", "1", "2024-05-01T12:00:00.123000", "2024-05-01T12:00:01.500000"),
    ),
    "python": ("ERROR:root:boom\nWARNING:root:careful\nINFO:root:fine", ("1", "1", None, None)),
    "postgresql": (
        '2024-05-01 12:00:00.000 UTC [9] ERROR:  relation "a"\n2024-05-01 12:00:03.000 UTC [9] LOG:  checkpoint',
        ("1", "0", "2024-05-01T12:00:00+00:00", "2024-05-01T12:00:03+00:00"),
    ),
    "access": (
        (
            '::1 - - [10/Oct/2023:13:55:36 -0700] "GET /a HTTP/1.1" 502 1 "-"\n'
            '::1 - - [10/Oct/2023:13:55:37 -0700] "GET / HTTP/1.1" 404 1\n'
            '::1 - - [10/Oct/2023:13:55:38 -0700] "GET /error HTTP/1.1" 200 1'
        ),
        ("1", "1", "2023-10-10T20:55:36+00:00", "2023-10-10T20:55:38+00:00"),
    ),
    "nginx": (
        "2024/05/01 12:00:00 [error] 31#31: *1 connect() failed\n2024/05/01 12:00:09 [warn] 31#31: buffered",
        ("1", "1", "2024-05-01T12:00:00", "2024-05-01T12:00:09"),
    ),
    "apache": (
        "[Wed Oct 11 14:32:52.5 2023] [core:error] [pid 1] AH00124: x\n[Wed Oct 11 14:32:53.5 2023] [mpm:notice] [pid 1] y",
        ("1", "0", "2023-10-11T14:32:52.500000", "2023-10-11T14:32:53.500000"),
    ),
    "syslog": (
        "Oct 11 14:32:52 host sshd[12]: error: bad\nOct  1 14:32:52 host kernel: ok\nOct 11 14:32:53 host kernel: ok",
        ("1", "0", None, None),
    ),
    "syslog with priority": (
        (
            "<11>1 2003-10-11T22:14:15.003Z host app 1 - - failed\n<12>1 2003-10-11T22:14:16Z host app 1 - - hm\n"
            "<14>1 2003-10-11T22:14:17Z host app 1 - - ok"
        ),
        ("1", "1", "2003-10-11T22:14:15.003000+00:00", "2003-10-11T22:14:17+00:00"),
    ),
    "structured": (
        '{"time":"2024-05-01T12:00:00+02:00","level":"error","msg":"x"}\n{"time":"2024-05-01T12:00:01+02:00","level":"WARN","msg":"y"}',
        ("1", "1", "2024-05-01T10:00:00+00:00", "2024-05-01T10:00:01+00:00"),
    ),
    "pino": (
        '{"level":50,"time":1714564800123,"msg":"boom"}\n{"level":40,"time":1714564801123,"msg":"hm"}',
        ("1", "1", "2024-05-01T12:00:00.123000+00:00", "2024-05-01T12:00:01.123000+00:00"),
    ),
    "container": (
        '{"log":"ERROR bad\\n","stream":"stderr","time":"2024-05-01T12:00:00.123456789Z"}',
        ("1", "0", "2024-05-01T12:00:00.123456+00:00", "2024-05-01T12:00:00.123456+00:00"),
    ),
    "logfmt": (
        'ts=1714564800.5 level=warn msg="could not open 17"\nts=1714564801.5 level=error msg=x',
        ("1", "1", "2024-05-01T12:00:00.500000+00:00", "2024-05-01T12:00:01.500000+00:00"),
    ),
    "glog": (
        "I0524 12:00:00.000000   1 file.go:12] ok\nE0524 12:00:01.000000   1 file.go:12] bad",
        ("1", "0", None, None),
    ),
    "android": (
        "05-24 12:00:00.000  1234  1234 E Tag: message\n05-24 12:00:00.000  1234  1234 I Tag: message",
        ("1", "0", None, None),
    ),
    "android, brief": ("E/Tag(12): x\nI/Tag(12): x\nW/Tag(12): x", ("1", "1", None, None)),
    "java.util.logging": (
        "May 01, 2024 1:00:00 PM com.x.Y method\nSEVERE: message\nMay 01, 2024 12:00:03 AM com.x.Y method\nINFO: message",
        ("1", "0", "2024-05-01T00:00:03", "2024-05-01T13:00:00"),
    ),
    ".NET": ("fail: Microsoft.X[1]\n      bad\ninfo: Microsoft.Y[2]\n      ok", ("1", "0", None, None)),
    "serilog": ("[12:00:01 ERR] bad\n[12:00:02 INF] ok\n[12:00:03 WRN] hm", ("1", "1", None, None)),
    "compose": (
        "web-1  | 2024-05-01 12:00:00 ERROR bad\nweb-1  | 2024-05-01 12:00:02 INFO no ERROR",
        ("1", "0", "2024-05-01T12:00:00", "2024-05-01T12:00:02"),
    ),
    "ruby": (
        "E, [2024-05-01T12:00:00.5 #123] ERROR -- : bad\nI, [2024-05-01T12:00:01.5 #123]  INFO -- : ok",
        ("1", "0", "2024-05-01T12:00:00.500000", "2024-05-01T12:00:01.500000"),
    ),
    "winston": (
        "2024-05-01T12:00:00.5Z error: bad\n2024-05-01T12:00:01.5Z info: ok",
        ("1", "0", "2024-05-01T12:00:00.500000+00:00", "2024-05-01T12:00:01.500000+00:00"),
    ),
    "german": (
        "01.05.2024 12:00:00 FEHLER x\n02.05.2024 12:00:01 Warnung: z",
        ("1", "1", "2024-05-01T12:00:00", "2024-05-02T12:00:01"),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_errors_warnings_and_times_are_read(read_bytes: Read, form: str) -> None:
    text, (errors, warnings, first_at, last_at) = FORMS[form]
    reading = read_bytes(f"{text}\n".encode())
    found = values(reading)
    assert reading.kind == "log"
    assert found["lines"] == str(text.count("\n") + 1)
    assert (found["errors"], found["warnings"]) == (errors, warnings)
    assert (found.get("first_at"), found.get("last_at")) == (first_at, last_at)


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\non 2024-05-01 12:00:00 the ERROR came.\nPlease help.\nRegards\n",
        "# Title\n\n- WARNING: x\n- a\n\nERROR: this is prose\nmore prose\nand more\n",
        "import x\nERROR = 1\nWARN = 2\n",
        '{"time": "2024-05-01T12:00:00Z", "items": [\n1,\n2]}\n',
        '{"a": {"time": 1, "level": "error"}}',
        "12:00 lunch\n13:00 talk\n",
        "one\n",
    ],
)
def test_what_only_mentions_errors_and_times_is_no_log(read_bytes: Read, text: str) -> None:
    assert not values(read_bytes(text.encode()))


def test_the_most_frequent_error_is_told_without_what_varies(read_bytes: Read) -> None:
    entry = "2024-05-01 12:00:00 ERROR Cannot reach {} for order '{}'\n"
    text = (
        "2024-05-01 12:00:00 ERROR Out of memory\n" + entry.format("10.0.0.1:80", "a") + entry.format("10.0.0.2", "b")
    )
    reading = read_bytes(text.encode())
    assert values(reading)["top_error"] == "Cannot reach <address> for order <text>"
    assert values(reading)["top_error_count"] == "2"
    assert lines_of(reading)["top_error"] == 2
    top = next(fact for fact in reading.facts if fact.name == "log.top_error")
    assert [(other.value, other.locator.line) for other in top.alternatives] == [("Out of memory", 1)]


def test_errors_lead_to_the_first_of_them(read_bytes: Read) -> None:
    reading = read_bytes(b"2024-05-01 12:00:00 INFO a\n2024-05-01 12:00:00 WARN b\n2024-05-01 12:00:00 ERROR c\n")
    places = lines_of(reading)
    assert (places["errors"], places["warnings"], places["last_at"]) == (3, 2, 3)


def test_a_trace_in_a_log_is_a_crash_and_its_lines_are_no_errors_of_their_own(read_bytes: Read) -> None:
    text = (
        '2024-05-01 12:00:00,123 ERROR bad\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nError: 1\n'
    )
    reading = read_bytes(text.encode())
    assert reading.kind == "crash"
    assert values(reading)["errors"] == "1"


def test_a_log_that_begins_with_the_newest_still_begins_first(read_bytes: Read) -> None:
    found = values(read_bytes(b"2024-05-02 12:00:00 INFO b\n2024-05-01 12:00:00 INFO a\n"))
    assert (found["first_at"], found["last_at"]) == ("2024-05-01T12:00:00", "2024-05-02T12:00:00")


def test_times_that_cannot_be_placed_are_said_to_be_so(read_bytes: Read) -> None:
    reading = read_bytes(b"05/06/2024 12:00:00 ERROR a\n05/07/2024 12:00:00 INFO b\n")
    assert "first_at" not in values(reading)
    assert len(reading.problems) == 1


def test_of_a_very_long_log_all_lines_are_counted(read_bytes: Read) -> None:
    entry = b"2024-05-01 12:00:00 INFO nothing happened at all, as so often on such a day\n"
    reading = read_bytes(entry * 230_000 + b"2024-05-02 12:00:00 ERROR at last\n")
    found = values(reading)
    assert (found["lines"], found["errors"], found["last_at"]) == ("230001", "1", "2024-05-02T12:00:00")
    assert next(fact for fact in reading.facts if fact.name == "log.errors").confidence < 1


@pytest.mark.parametrize(
    "heading",
    [
        "ERROR x",
        "a [err] x",
        "warn: x",
        "Fatal: x",
        "level=50 x",
        "E0524 12:00:00.0 x",
        "E/Tag: x",
        "1 2 W Tag: x",
        "[C] x",
    ],
)
def test_no_trouble_is_passed_over(heading: str) -> None:
    assert level_in(heading)[0] in {Level.error, Level.warning}
    assert may_be_trouble(heading)


def test_a_message_about_an_error_is_none() -> None:
    assert level_in("2024-05-01 12:00:00 the error page was shown") == (None, 0)


def test_ids_are_left_out_of_messages() -> None:
    assert template_of("job 7d444840-9dc0-11d1-b245-5ffdce74fad2 at 0xFF hash deadbeef01 in v2, 3.5 s") == (
        "job <id> at <id> hash <id> in v2, <n> s"
    )


@pytest.mark.parametrize(
    "line",
    [
        "2024-05-01 12:00:00 ERROR " + "'" * 3000,
        "ERROR " * 500,
        "[" * 3000,
        '{"level":' * 300,
        "1" * 3000,
        "2024-" * 600,
    ],
)
def test_hostile_lines_take_no_longer_than_others(read_bytes: Read, line: str) -> None:
    text = f"{line}\n".encode() * 300
    assert effort(lambda: read_bytes(text)) < 60

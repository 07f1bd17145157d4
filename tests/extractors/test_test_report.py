from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading

Read = Callable[[bytes], Reading]
JUNIT = b"""<?xml version="1.0"?>
<testsuites tests="4" failures="1" errors="1" skipped="1" time="1,234.5">
  <testsuite name="s" tests="4">
    <testcase classname="a.B" name="x" time="1"/>
    <testcase classname="a.B" name="y"><failure message="boom&#10;more"/></testcase>
    <testcase name="z"><error>Err: one
two</error></testcase>
    <testsuite><testcase name="q"><skipped/></testcase></testsuite>
  </testsuite>
</testsuites>"""
TAP = b"""TAP version 14
1..4
ok 1 - a
not ok 2 - b # time=3ms
  ---
  message: 'bad thing'
  ...
# Subtest: c
    1..2
    ok 1 - c1
    not ok 2 - c2 # TODO later
ok 3 - c
ok 4 - d # SKIP no net
# duration_ms 1234.5
"""
NUNIT = b"""<test-run duration="0.5"><test-suite>
<test-case fullname="N.A" result="Failed"><failure><message>Expected: 1</message></failure></test-case>
<test-case fullname="N.B" result="Skipped"/></test-suite></test-run>"""
TRX = b"""<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
<UnitTestResult testName="t1" outcome="Failed" duration="00:00:01.5"><Output><ErrorInfo><Message>no way</Message>
</ErrorInfo></Output></UnitTestResult>
<UnitTestResult testName="t2" outcome="NotExecuted" duration="00:01:00"/></Results></TestRun>"""
XUNIT = b"""<assemblies><assembly time="2.5"><collection>
<test name="A.b" result="Fail"><failure exception-type="E"><message>m</message></failure></test>
<test name="A.c" result="Pass"/></collection></assembly></assemblies>"""


def values(reading: Reading) -> dict[str, Any]:
    return {fact.name.removeprefix("test."): fact.value for fact in reading.facts}


@pytest.mark.parametrize(
    ("content", "counts", "seconds", "first"),
    [
        (JUNIT, ("4", "2", "1"), "PT1234.5S", "a.B.y: boom"),
        (TAP, ("5", "1", "2"), "PT1.2345S", "b: bad thing"),
        (NUNIT, ("2", "1", "1"), "PT0.5S", "N.A: Expected: 1"),
        (TRX, ("2", "1", "1"), "PT61.5S", "t1: no way"),
        (XUNIT, ("2", "1", "0"), "PT2.5S", "A.b: m"),
    ],
    ids=["junit", "tap", "nunit", "trx", "xunit"],
)
def test_every_format_gives_the_same_facts(
    content: bytes, counts: tuple[str, str, str], seconds: str, first: str, read_bytes: Read
) -> None:
    reading = read_bytes(content)
    found = values(reading)
    assert (reading.kind, reading.problems) == ("test_report", ())
    assert (found["total"], found["failed"], found["skipped"]) == counts
    assert (found["duration"], found["first_failure"]) == (seconds, first)


def test_the_first_failure_is_found_by_path_and_line_and_the_others_are_named(read_bytes: Read) -> None:
    first = next(fact for fact in read_bytes(JUNIT).facts if fact.name == "test.first_failure")
    assert (first.locator.path, first.locator.line) == ("/testsuites/testsuite/testcase[2]", 5)
    assert [other.value for other in first.alternatives] == ["z: Err: one"]


def test_totals_that_disagree_with_the_cases_are_told_and_the_cases_counted(read_bytes: Read) -> None:
    reading = read_bytes(JUNIT.replace(b'tests="4" failures="1"', b'tests="9" failures="0"', 1))
    assert (values(reading)["total"], values(reading)["failed"]) == ("4", "2")
    assert reading.problems == (
        "The report states 9 tests, but lists 4: those listed are counted.",
        "The report states 1 failed tests, but lists 2: those listed are counted.",
    )


def test_totals_without_cases_are_taken_and_told(read_bytes: Read) -> None:
    reading = read_bytes(b'<testsuite tests="3" failures="1" errors="1" skipped="0"/>')
    assert values(reading) == {"total": "3", "failed": "2", "skipped": "0"}
    assert reading.facts[0].confidence < 1
    assert len(reading.problems) == 1


def test_colours_that_xml_forbids_do_not_hide_the_report(read_bytes: Read) -> None:
    reading = read_bytes(JUNIT.replace(b"boom", b"\x1b[31mboom\x1b[0m"))
    assert values(reading)["first_failure"] == "a.B.y: boom"
    assert "The XML holds control characters, which are not allowed in it; they were left out." in reading.problems


@pytest.mark.parametrize(
    ("written", "seconds"), [("0,25", "PT0.25S"), ("1,234", "PT1234S"), ("1,234.5", "PT1234.5S"), ("0", "PT0S")]
)
def test_times_are_read_as_surefire_writes_them_in_any_country(written: str, seconds: str, read_bytes: Read) -> None:
    reading = read_bytes(f'<testsuite time="{written}"><testcase name="a"/></testsuite>'.encode())
    assert values(reading)["duration"] == seconds


@pytest.mark.parametrize("time", ["NaN", "-1", "soon", "1e999999"])
def test_a_time_that_is_none_is_left_out(time: str, read_bytes: Read) -> None:
    reading = read_bytes(f'<testsuite time="{time}"><testcase name="a"/></testsuite>'.encode())
    assert "duration" not in values(reading)


def test_a_run_that_was_given_up_says_so(read_bytes: Read) -> None:
    reading = read_bytes(b"1..3\nok 1 - a\nBail out! no database\n")
    assert reading.problems == (
        "The run was given up: no database.",
        "The report plans 3 tests, but 1 ran.",
    )


def test_a_parent_that_fails_alone_counts(read_bytes: Read) -> None:
    reading = read_bytes(b"1..1\n    ok 1 - inner\n    1..1\nnot ok 1 - outer\n")
    assert (values(reading)["total"], values(reading)["failed"]) == ("2", "1")


def test_a_failure_inside_counts_once(read_bytes: Read) -> None:
    reading = read_bytes(b"1..1\n    not ok 1 - inner\n    1..1\nnot ok 1 - outer\n")
    assert (values(reading)["total"], values(reading)["first_failure"]) == ("1", "inner")


@pytest.mark.parametrize("text", [b"ok 1 thing went well\nand more prose\n", b"<a><testcase/></a>", b"1..5\n"])
def test_other_files_are_no_reports(text: bytes, read_bytes: Read) -> None:
    assert read_bytes(text).kind is None


def test_a_report_that_breaks_off_says_so(read_bytes: Read) -> None:
    reading = read_bytes(JUNIT[:-20])
    assert reading.facts == ()
    assert reading.problems[0].startswith("The XML could not be read: ")


def test_many_failures_take_no_longer_than_the_file_is_long(read_bytes: Read) -> None:
    cases = b'<testcase name="a"><failure message="x"/></testcase>' * 50_000
    reading = read_bytes(b"<testsuite>" + cases + b"</testsuite>")
    assert values(reading)["failed"] == "50000"

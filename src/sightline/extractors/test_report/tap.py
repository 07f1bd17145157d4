"""The Test Anything Protocol, versions 12 to 14 (https://testanything.org/tap-version-14-specification.html)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sightline.extractors.reading import Locator
from sightline.extractors.regex import regex
from sightline.extractors.source import Passage
from sightline.extractors.test_report.report import Case, Outcome, Report

LOOKS = regex(rb"^(?:TAP version 1\d\s*$|1\.\.\d+[ \t]*(?:#[^\r\n]*)?\r?$|(?:not )?ok [0-9]+\b)", re.MULTILINE)

_POINT = regex(r"( {0,80})(not )?ok\b(?: +(\d{1,9}))?(?: *-)?(.*)")
_PLAN = regex(r"( {0,80})1\.\.(\d{1,9})(?: *#(.*))?\s*$")
_DIRECTIVE = regex(r"(?<!\\)#\s*(skip|todo)", re.IGNORECASE)
_TIMED = regex(r"(?<!\\)#\s*time=.*$")
_MILLISECONDS = regex(r"\s*(#?) ?duration_ms:? (\d{1,12}(?:\.\d{1,9})?)\s*$")
_MESSAGE = regex(r"\s+(?:message|error):\s*(.*)$")
_BAIL = regex(r" *Bail out!\s*(.*)")
_BLOCK = {"|-", "|", ">-", ">", "|+", ">+"}
_LONGEST_LINE = 2000


@dataclass(slots=True)
class _Point:
    """A test as it is read; its inner tests come before it and are indented deeper."""

    name: str
    outcome: Outcome
    line: int
    depth: int
    message: str = ""
    milliseconds: Decimal | None = None
    is_parent: bool = False


@dataclass(slots=True)
class _Run:
    """What was read so far."""

    points: list[_Point] = field(default_factory=list)
    planned: int | None = None
    is_announced: bool = False
    milliseconds: Decimal | None = None
    problems: list[str] = field(default_factory=list)
    awaits_message: bool = False


def read(passages: list[Passage]) -> Report | None:
    """Count the tests that hold no others; None when there is no version, or not both a plan and tests.

    A test that is marked as to do may fail and counts as skipped, like one that was skipped. A test that holds others
    counts only when it fails although they passed.
    """
    run = _Run()
    for passage in passages:
        for number, line in enumerate(passage.lines, start=passage.first_line):
            _take(run, line[:_LONGEST_LINE], number)
    if not run.is_announced and (run.planned is None or (run.planned and not run.points)):
        return None
    leaves = [point for point in run.points if not point.is_parent]
    cases = [Case(point.name, point.outcome, Locator(line=point.line), point.message) for point in leaves]
    return Report(Locator(line=1), cases, _seconds(run), problems=[*run.problems, *_missing(run)])


def _take(run: _Run, line: str, number: int) -> None:
    point, plan = _POINT.match(line), _PLAN.match(line)
    if point and (not point[4] or point[4][0] in " #\t" or point[3] or not point[4][0].isalnum()):
        _add(run, point, number)
    elif plan:
        if not plan[1]:
            run.planned = int(plan[2])
    elif line.startswith("TAP version 1"):
        run.is_announced = True
    elif bail := _BAIL.match(line):
        run.problems.append(f"The run was given up: {bail[1].strip()[:200] or 'no reason was given'}.")
    else:
        _take_diagnosis(run, line)


def _add(run: _Run, found: re.Match[str], number: int) -> None:
    depth = len(found[1])
    directive = _DIRECTIVE.search(found[4])
    outcome: Outcome = "failed" if found[2] else "passed"
    if directive and (found[2] or directive[1].lower() == "skip"):
        outcome = "skipped"
    words = _TIMED.sub("", found[4][: directive.start()] if directive else found[4])
    name = words.strip().lstrip("- ").replace("\\#", "#") or f"test {found[3] or len(run.points) + 1}"
    inner = _inner(run.points, depth)
    is_told = bool(inner) and not (outcome == "failed" and all(point.outcome != "failed" for point in inner))
    run.points.append(_Point(name, outcome, number, depth, is_parent=is_told))


def _inner(points: list[_Point], depth: int) -> list[_Point]:
    inner = []
    for point in reversed(points):
        if point.depth <= depth:
            break
        inner.append(point)
    return inner


def _take_diagnosis(run: _Run, line: str) -> None:
    time = _MILLISECONDS.match(line)
    if time and time[1]:
        run.milliseconds = Decimal(time[2])
    if not run.points:
        return
    last = run.points[-1]
    if time:
        last.milliseconds = Decimal(time[2])
    elif run.awaits_message and line.strip():
        last.message, run.awaits_message = line.strip(), False
    elif not last.message and (found := _MESSAGE.match(line)):
        run.awaits_message = found[1] in _BLOCK
        last.message = "" if run.awaits_message else found[1].strip().strip("'\"")


def _seconds(run: _Run) -> Decimal | None:
    if run.milliseconds is not None:
        return run.milliseconds / 1000
    known = [point.milliseconds for point in run.points if point.depth == 0 and point.milliseconds is not None]
    return sum(known, Decimal()) / 1000 if known else None


def _missing(run: _Run) -> Iterator[str]:
    ran = sum(1 for point in run.points if point.depth == 0)
    if run.planned is None:
        yield "The report has no plan, so tests may be missing."
    elif run.planned != ran:
        yield f"The report plans {run.planned} tests, but {ran} ran."

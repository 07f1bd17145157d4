"""Test reports in XML: JUnit and its many dialects, NUnit 3, Visual Studio's TRX, xUnit.net 2."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from sightline.extractors.hardened_xml import local_name, parse, path_of
from sightline.extractors.reading import Locator, Unreadable
from sightline.extractors.regex import regex
from sightline.extractors.test_report.report import MOST_SHOWN, Case, Outcome, Report, Totals

_Element = etree._Element  # noqa: SLF001 - lxml has no public name for it
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_OUTCOMES: dict[str, Outcome] = {
    **dict.fromkeys(("fail", "failed", "failure", "error", "timeout", "aborted"), "failed"),
    **dict.fromkeys(
        ("skip", "skipped", "notrun", "notexecuted", "ignored", "disabled", "suppressed", "inconclusive", "pending"),
        "skipped",
    ),
}
_CASES = {"testcase": "JUnit", "test-case": "NUnit", "UnitTestResult": "TRX", "test": "xUnit"}
_ROOTS = {"testsuites", "testsuite", "test-run", "TestRun", "assemblies", "assembly"}
_COLOURS = regex(rb"\x1b\[[0-9;]{0,32}m")
_CLOCK = regex(r"(?:(\d{1,6})\.)?(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?)")


def read(content: bytes) -> Report | None:
    """Read a report; None when the XML is something else; raises Unreadable."""
    root, problems = _root(content)
    if local_name(root) not in _ROOTS:
        return None
    elements = [element for element in root.iter() if local_name(element) in _CASES]
    cases: list[Case] = []
    shown = MOST_SHOWN
    for element in elements:
        if not _holds_cases(element):
            cases.append(_case(element, is_shown=shown > 0))
            shown -= cases[-1].outcome == "failed"
    return Report(_place(root), cases, _seconds(root, elements), _stated(root), problems)


def _root(content: bytes) -> tuple[_Element, list[str]]:
    """Parse; programs print terminal colours into reports, which XML forbids, so they are taken out and told."""
    try:
        return parse(content), []
    except Unreadable:
        cleaned = _COLOURS.sub(b"", content).translate(None, _CONTROLS)
        if len(cleaned) == len(content) or b"\0" in content:
            raise
    return parse(cleaned), ["The XML holds control characters, which are not allowed in it; they were left out."]


def _holds_cases(element: _Element) -> bool:
    """A data-driven test of TRX holds its runs; they count, it does not."""
    return any(local_name(inner) == "InnerResults" for inner in element)


def _place(element: _Element) -> Locator:
    return Locator(path=path_of(element), line=_line(element))


def _line(element: _Element) -> int | None:
    return element.sourceline  # type: ignore[return-value]  # the stubs of lxml leave its type out


def _case(element: _Element, *, is_shown: bool) -> Case:
    outcome = _outcome(element)
    if outcome != "failed" or not is_shown:
        # A path looks at all siblings: a report of many thousand failures would take hours.
        return Case(_name(element), outcome, Locator(line=_line(element)))
    return Case(_name(element), outcome, _place(element), _message(element))


def _outcome(element: _Element) -> Outcome:
    children = {local_name(child) for child in element}
    if children & {"failure", "error"} and local_name(element) != "UnitTestResult":
        return "failed"
    if children & {"skipped", "skip", "ignored"}:
        return "skipped"
    for attribute in ("outcome", "result", "status"):
        stated = _OUTCOMES.get(element.get(attribute, "").lower())
        if stated:
            return stated
    return "passed"


def _name(element: _Element) -> str:
    name = element.get("fullname") or element.get("testName") or element.get("name") or "a test without a name"
    group = element.get("classname", "")
    return f"{group}.{name}" if group and not name.startswith(group) else name


def _message(element: _Element) -> str:
    """Take the message of the failure: JUnit writes an attribute, the others an element inside; else its text or type."""
    found = list(element.iter())
    faults = [inner for inner in found if local_name(inner) in {"failure", "error"}]
    written = [
        *(fault.get("message", "") for fault in faults),
        *("".join(map(str, inner.itertext())) for inner in found if local_name(inner) in {"message", "Message"}),
        *(fault.text or "" for fault in faults),
        *(fault.get("type", "") or fault.get("exception-type", "") for fault in faults),
    ]
    return next((_first_line(text) for text in written if text.strip()), "")


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].strip()


def _seconds(root: _Element, cases: list[_Element]) -> Decimal | None:
    """Take the time that the whole report states, else that of its outermost suites, else that of its cases."""
    parts = [part for part in root if local_name(part) in {"testsuite", "assembly"}]
    for elements in ([root], parts, cases):
        known = [seconds for seconds in map(_time, elements) if seconds is not None]
        if known:
            return sum(known, Decimal())
    return None


def _time(element: _Element) -> Decimal | None:
    written = element.get("time") or element.get("duration") or element.get("run-time") or ""
    clock = _CLOCK.fullmatch(written)
    if clock:
        days, hours, minutes, seconds = (Decimal(part or 0) for part in clock.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    try:
        seconds = Decimal(_plain(written.strip().removesuffix("s")))
    except InvalidOperation:
        return None
    return seconds if seconds.is_finite() and 0 <= seconds < Decimal(10**9) else None


def _plain(number: str) -> str:
    """Undo the separators of Surefire, which writes numbers as its country does."""
    if "," in number and "." not in number and not re.fullmatch(r"\d{1,3}(,\d{3})+", number):
        return number.replace(",", ".")
    return number.replace(",", "")


def _stated(root: _Element) -> Totals:
    suites = [root] if root.get("tests") else list(root)
    if local_name(root) not in {"testsuites", "testsuite"} or not any(suite.get("tests") for suite in suites):
        return Totals()
    failed = _sum(suites, ("failures", "errors"))
    return Totals(_sum(suites, ("tests",)), failed, _sum(suites, ("skipped", "disabled", "skips")))


def _sum(suites: list[_Element], attributes: tuple[str, ...]) -> int | None:
    numbers = [suite.get(attribute, "") for suite in suites for attribute in attributes]
    known: Iterator[int] = (int(number) for number in numbers if re.fullmatch(r"\d{1,9}", number))
    return sum(known) if any(numbers) else None

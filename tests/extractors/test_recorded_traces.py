"""Crashes of programs in nine languages; `expected.json` was written from the recorded texts by eye; an empty string is no fact."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Fact, Reading, read

Read = Callable[[bytes], Reading]
HERE = Path(__file__).parent / "traces"

RECORDED: dict[str, dict[str, str]] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
C = {"native_c_asan-12", "native_c_gdb-13"}


def facts_of(reading: Reading) -> dict[str, Fact]:
    return {fact.name.removeprefix("crash."): fact for fact in reading.facts}


def value(facts: dict[str, Fact], name: str) -> object:
    return facts[name].value if name in facts else ""


def language_of(name: str) -> str:
    if name.startswith("native_"):
        return "c" if name in C else "c++"
    return name.partition("_")[0]


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_crash_is_read(recorded: Path, name: str) -> None:
    facts = facts_of(read(recorded / f"{name}.txt", ""))
    assert value(facts, "language") == language_of(name)
    assert {fact: value(facts, fact) for fact in RECORDED[name]} == RECORDED[name]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("javascript_handled-20", "2"),
        ("javascript_cause-20", "1"),
        ("go_maps-1.19", "1"),
        ("ruby_thread-cruby3.1", "2"),
        ("php_cause-8.2", "1"),
        ("dotnet_aggregate-mono", "2"),
        ("rust_thread_trace-1.95", "1"),
        ("native_asan_uaf-12", "1"),
    ],
)
def test_a_chain_a_dump_and_a_report_are_one_crash(recorded: Path, name: str, count: str) -> None:
    assert value(facts_of(read(recorded / f"{name}.txt", "")), "count") == count


CAUSES = {
    "javascript_cause-20": "Error",
    "ruby_cause-cruby3.1": "ArgumentError",
    "php_cause-8.2": "InvalidArgumentException",
    "dotnet_cause-mono": "System.FormatException",
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_root_cause_is_the_first_alternative(recorded: Path, name: str) -> None:
    facts = facts_of(read(recorded / f"{name}.txt", ""))
    assert facts["type"].alternatives[0].value == CAUSES[name]


ELSEWHERE: dict[str, Callable[[str], str]] = {
    "other directories": lambda text: text.replace("/srv/app/", "/home/ann/src/"),
    "shifted lines": lambda text: re.sub(
        r"(\.(?:js|go|rb|php|cs|rs|cpp|c))(:|\()(\d+)", lambda m: f"{m[1]}{m[2]}{int(m[3]) + 17}", text
    ),
    "other addresses": lambda text: re.sub(r"0x[0-9a-f]+", lambda m: f"0x{int(m[0], 16) + 4096:x}", text),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "a container's prefix": lambda text: re.sub(r"(?m)^", "web_1  | ", text),
    "a mail that quotes it": lambda text: re.sub(r"(?m)^", "> ", text),
    "a time on every line": lambda text: "".join(
        f"2024-05-01T12:00:{number % 60:02}.{number * 7919 % 1000}Z stderr F {line}\n"
        for number, line in enumerate(text.splitlines())
    ),
    "escaped into JSON": lambda text: json.dumps({"level": "error", "stack": text, "n": 1}),
}
ONE_EACH = [
    "javascript_plain-20",
    "javascript_cause-20",
    "go_index-1.19",
    "go_repanic-1.19",
    "ruby_plain-cruby3.1",
    "ruby_cause-cruby3.1",
    "php_cause-8.2",
    "dotnet_cause-mono",
    "rust_index_trace-1.95",
    "native_asan_uaf-12",
    "native_gdb-13",
]


@pytest.mark.parametrize("where", ELSEWHERE)
@pytest.mark.parametrize("name", ONE_EACH)
def test_the_same_crash_elsewhere_has_the_same_fingerprint(
    recorded: Path, read_bytes: Read, name: str, where: str
) -> None:
    text = (recorded / f"{name}.txt").read_text()
    here = facts_of(read_bytes(text.encode()))
    there = facts_of(read_bytes(ELSEWHERE[where](text).encode()))
    assert value(there, "type") == value(here, "type") != ""
    assert there["fingerprint"].value == here["fingerprint"].value


def test_different_crashes_have_different_fingerprints(recorded: Path) -> None:
    prints = {facts_of(read(recorded / f"{name}.txt", ""))["fingerprint"].value for name in ONE_EACH}
    assert len(prints) == len(ONE_EACH)

"""Tracebacks of CPython; what is expected was read from the recorded texts by eye."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Fact, Reading, read

Read = Callable[[bytes], Reading]
ORDER_IS_WRONG = "the order is wrong:\n  line 1: no such item\n  line 2: quantity -3\nsee the manual"

# name: type, message, top frame, own frame
RECORDED = {
    "key_error": ("KeyError", "'coffee'", "price_of (/srv/app/shop/cart.py:9)", None),
    "cause": ("shop.errors.OrderRefused", "order 4711 was refused", "order (/srv/app/shop/cart.py:28)", None),
    "context": ("KeyError", "4711", "order_with_slip (/srv/app/shop/cart.py:35)", None),
    "logged": ("KeyError", "'coffee'", "price_of (/srv/app/shop/cart.py:9)", None),
    "many_lines": ("ValueError", ORDER_IS_WRONG, "explain (/srv/app/shop/cart.py:43)", None),
    "threads": ("KeyError", "'coffee'", "price_of (/srv/app/shop/cart.py:9)", None),
    "tasks": ("KeyError", "'coffee'", "price_of (/srv/app/shop/cart.py:9)", None),
    "group": ("ExceptionGroup", "2 of 3 tasks failed (3 sub-exceptions)", "collect (/srv/app/group.py:11)", None),
    "notes": (
        "KeyError",
        "'coffee'\nwhile pricing basket 99\ncustomer 12",
        "price_of (/srv/app/shop/cart.py:9)",
        None,
    ),
    "segfault-3.8": (
        "Fatal Python error",
        "Segmentation fault",
        "string_at (/usr/local/lib/python3.8/ctypes/__init__.py:514)",
        "peek (segfault.py:7)",
    ),
    "segfault-3.13": (
        "Fatal Python error",
        "Segmentation fault",
        "string_at (/usr/local/lib/python3.13/ctypes/__init__.py:538)",
        "peek (/srv/app/segfault.py:7)",
    ),
    "exits-3.13": (
        "subprocess.CalledProcessError",
        "Command '['false']' returned non-zero exit status 1.",
        "run (/usr/local/lib/python3.13/subprocess.py:577)",
        "call (/srv/app/exits.py:5)",
    ),
    "in_library-3.13": (
        "json.decoder.JSONDecodeError",
        "Illegal trailing comma before end of object: line 1 column 8 (char 7)",
        "raw_decode (/usr/local/lib/python3.13/json/decoder.py:360)",
        "load (/srv/app/shop/cart.py:17)",
    ),
    "in_library-3.8": (
        "json.decoder.JSONDecodeError",
        "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)",
        "raw_decode (/usr/local/lib/python3.8/json/decoder.py:353)",
        "load (/srv/app/shop/cart.py:17)",
    ),
    "long_call-3.13": ("ZeroDivisionError", "division by zero", "combine (/srv/app/long_call.py:2)", None),
    "assertion-3.13": ("AssertionError", None, "check (/srv/app/assertion.py:2)", None),
    "interrupted-3.8": ("KeyboardInterrupt", None, "wait (interrupted.py:2)", None),
    "broken_syntax-3.13": ("SyntaxError", "'(' was never closed", "/srv/app/broken_syntax.py:2", None),
    "broken_syntax-3.8": ("SyntaxError", "invalid syntax", "broken_syntax.py:5", None),
    "imports_broken-3.11": ("SyntaxError", "'(' was never closed", "/srv/app/broken_syntax.py:2", None),
}
FILES = Path(__file__).parent / "traces"


def recordings(name: str) -> list[str]:
    return sorted(path.name for path in FILES.glob(f"{name}-*.txt" if "-" not in name else f"{name}.txt"))


def facts_of(reading: Reading) -> dict[str, Fact]:
    return {fact.name.removeprefix("crash."): fact for fact in reading.facts}


def others(fact: Fact) -> list[object]:
    return [other.value for other in fact.alternatives]


@pytest.mark.parametrize(("name", "file"), [(name, file) for name in RECORDED for file in recordings(name)])
def test_a_recorded_traceback_is_read(recorded: Path, name: str, file: str) -> None:
    reading = read(recorded / file, file)
    facts = facts_of(reading)
    kind, message, top, own = RECORDED[name]
    assert reading.kind == "crash"
    assert facts["language"].value == "python"
    assert facts["type"].value == kind
    assert (facts["message"].value if message else facts.get("message")) == message
    assert facts["top_frame"].value == top
    assert facts["own_frame"].value == (own or top)


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
def test_recursion_is_one_crash_with_its_last_frame_on_top(recorded: Path, version: str) -> None:
    facts = facts_of(read(recorded / f"recursion-{version}.txt", ""))
    assert facts["type"].value == "RecursionError"
    assert facts["top_frame"].value == "recurse (/srv/app/shop/cart.py:39)"
    assert facts["count"].value == "1"


@pytest.mark.parametrize(
    "name", sorted({path.name.rpartition("-")[0] for path in FILES.glob("*-3.*.txt")} - {"nested_group"})
)
def test_every_python_gives_the_same_crash_the_same_fingerprint(recorded: Path, name: str) -> None:
    prints = {facts_of(read(recorded / file, ""))["fingerprint"].value for file in recordings(name)}
    assert len(prints) == 1
    assert re.fullmatch(r"py1:[0-9a-f]{24}", str(prints.pop()))


def test_different_crashes_have_different_fingerprints(recorded: Path) -> None:
    names = ["key_error", "cause", "context", "in_library", "many_lines", "recursion", "assertion", "broken_syntax"]
    prints = {facts_of(read(recorded / f"{name}-3.11.txt", ""))["fingerprint"].value for name in names}
    assert len(prints) == len(names)


def test_the_root_cause_is_the_alternative_and_makes_the_fingerprint(recorded: Path, read_bytes: Read) -> None:
    chained = (recorded / "cause-3.11.txt").read_text()
    facts = facts_of(read_bytes(chained.encode()))
    assert others(facts["type"]) == ["shop.errors.OutOfStock"]
    assert others(facts["message"]) == ["no tea left on shelf 7"]
    assert others(facts["top_frame"]) == ["reserve (/srv/app/shop/cart.py:21)"]
    alone = facts_of(read_bytes(chained.partition("\n\n")[0].encode()))
    assert alone["type"].value == "shop.errors.OutOfStock"
    assert alone["fingerprint"].value == facts["fingerprint"].value


def test_an_exception_while_handling_another_is_not_grouped_by_it(recorded: Path, read_bytes: Read) -> None:
    chained = (recorded / "context-3.11.txt").read_text()
    facts = facts_of(read_bytes(chained.encode()))
    assert others(facts["type"]) == ["shop.errors.OutOfStock"]
    last = facts_of(read_bytes(chained.rpartition("\n\n")[2].encode()))
    assert last["fingerprint"].value == facts["fingerprint"].value


@pytest.mark.parametrize("version", ["3.11", "3.13"])
def test_the_members_of_a_group_are_alternatives(recorded: Path, version: str) -> None:
    facts = facts_of(read(recorded / f"group-{version}.txt", ""))
    assert others(facts["type"]) == ["KeyError", "ValueError", "shop.errors.OrderRefused"]
    assert others(facts["message"]) == ["'coffee'", ORDER_IS_WRONG, "order 12 was refused"]
    assert facts["count"].value == "1"


def test_nested_groups_are_one_crash(recorded: Path) -> None:
    facts = facts_of(read(recorded / "nested_group-3.12.txt", ""))
    assert (facts["type"].value, facts["count"].value) == ("ExceptionGroup", "1")
    assert (facts["fingerprint"].locator.line, facts["fingerprint"].locator.end_line) == (1, 89)
    assert others(facts["fingerprint"]) == []


def test_places_are_the_lines_of_the_file(recorded: Path) -> None:
    facts = facts_of(read(recorded / "logged-3.13.txt", ""))
    lines = (recorded / "logged-3.13.txt").read_text().split("\n")
    place = facts["type"].locator
    assert place.line == place.end_line == 30
    assert lines[29] == "KeyError: 'coffee'"
    top = facts["top_frame"].locator
    assert top.line
    assert lines[top.line - 1 : top.end_line] == [
        '  File "/srv/app/shop/cart.py", line 9, in price_of',
        "    return PRICES[item]",
        "           ~~~~~~^^^^^^",
    ]


def test_the_most_frequent_crash_is_the_fact_with_its_count(recorded: Path) -> None:
    facts = facts_of(read(recorded / "logged-3.13.txt", ""))
    assert (facts["type"].value, facts["count"].value) == ("KeyError", "3")
    assert (others(facts["type"]), others(facts["count"])) == (["ValueError"], ["1"])


def test_of_equally_frequent_crashes_the_last_is_the_fact(recorded: Path, read_bytes: Read) -> None:
    both = (recorded / "key_error-3.11.txt").read_bytes() + b"\n" + (recorded / "assertion-3.11.txt").read_bytes()
    facts = facts_of(read_bytes(both))
    assert facts["type"].value == "AssertionError"
    assert others(facts["type"]) == ["KeyError"]


MACHINES: dict[str, Callable[[str], str]] = {
    "other directories": lambda text: text.replace("/srv/app/", "/home/ann/src/"),
    "Windows": lambda text: re.sub(
        r'"(/[^"]+)"',
        lambda path: '"C:' + path[1].replace("/usr/local/lib/python3.11", r"\Python311\Lib").replace("/", "\\") + '"',
        text,
    ),
    "shifted lines": lambda text: re.sub(r"line (\d+),", lambda line: f"line {int(line[1]) + 17},", text),
    "another message": lambda text: re.sub(r"Expecting.*", "Expecting 0x7f3e9a1c at 3f2b8c1e-aaaa 42", text),
    "an installed interpreter": lambda text: text.replace("/usr/local/lib", "/srv/conda/envs/shop/lib"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "a container's prefix": lambda text: re.sub(r"(?m)^", "web_1  | ", text),
    "a journal's prefix": lambda text: re.sub(r"(?m)^", "May 01 12:00:07 host shop[811]: ", text),
    "a time on every line": lambda text: "".join(
        f"2024-05-01T12:00:{number:02}.{number * 7919 % 1000}Z stderr F {line}\n"
        for number, line in enumerate(text.splitlines())
    ),
    "a log level before it": lambda text: "2024-05-01 12:00:00,123 ERROR shop: " + text,
    "indentation": lambda text: re.sub(r"(?m)^", "    ", text),
    "colours": lambda text: re.sub(r'"(/[^"]+)"', '\x1b[35m"\\1"\x1b[0m', text),
    "indentation lost": lambda text: re.sub(r"(?m)^ +", "", text),
    "pasted into Markdown": lambda text: f"It fails:\n```\n{text}```\nCan you help?\n",
    "no source lines": lambda text: re.sub(r"(?m)^    .*\n", "", text),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_same_crash_elsewhere_has_the_same_fingerprint(recorded: Path, read_bytes: Read, machine: str) -> None:
    text = (recorded / "in_library-3.11.txt").read_text()
    here = facts_of(read_bytes(text.encode()))
    there = facts_of(read_bytes(MACHINES[machine](text).encode()))
    assert there["type"].value == here["type"].value == "json.decoder.JSONDecodeError"
    assert (there["message"].value == here["message"].value) is (machine != "another message")
    assert str(there["top_frame"].value).startswith("raw_decode (")
    assert there["fingerprint"].value == here["fingerprint"].value


def test_a_log_entry_after_the_crash_is_not_part_of_the_message(recorded: Path, read_bytes: Read) -> None:
    text = (recorded / "key_error-3.11.txt").read_text()
    for entry in ("INFO:root:done", "2024-05-01 12:00:00 done", "[INFO] done", "May  1 12:00:00 host done", '{"a": 1}'):
        facts = facts_of(read_bytes(f"{text}{entry}\n".encode()))
        assert facts["message"].value == "'coffee'", entry


def test_a_traceback_escaped_into_a_json_line_is_read_with_that_line_as_place(recorded: Path, read_bytes: Read) -> None:
    text = (recorded / "cause-3.13.txt").read_text()
    entry = json.dumps({"level": "error", "message": "ünpaid", "exc_info": text})
    facts = facts_of(read_bytes(f'{{"level": "info"}}\n{entry}\n{{"level": "info"}}\n'.encode()))
    assert facts["type"].value == "shop.errors.OrderRefused"
    assert facts["fingerprint"].value == facts_of(read_bytes(text.encode()))["fingerprint"].value
    assert (facts["type"].locator.line, facts["top_frame"].locator.end_line) == (2, 2)


def test_a_traceback_that_was_cut_off_has_frames_and_less_confidence(recorded: Path, read_bytes: Read) -> None:
    text = (recorded / "key_error-3.11.txt").read_text()
    facts = facts_of(read_bytes(text.rpartition("KeyError")[0].encode()))
    assert "type" not in facts
    assert facts["top_frame"].value == "price_of (/srv/app/shop/cart.py:9)"
    assert facts["top_frame"].confidence < 1


def test_utf_16_and_stray_bytes_do_not_matter(recorded: Path, read_bytes: Read) -> None:
    text = (recorded / "key_error-3.11.txt").read_text()
    assert facts_of(read_bytes(text.encode("utf-16")))["type"].value == "KeyError"
    assert facts_of(read_bytes(b"\xe2\x82\xac \xff\xfe\x00\n" + text.encode()))["type"].value == "KeyError"


def test_words_about_tracebacks_are_no_crash(read_bytes: Read) -> None:
    reading = read_bytes(b"When you see Traceback (most recent call last), read\nthe last line first.\n")
    assert (reading.facts, reading.kind) == ((), None)

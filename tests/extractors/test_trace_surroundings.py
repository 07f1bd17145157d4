"""Traces in what common tools and services print around them."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading

Read = Callable[[bytes], Reading]

# Printed by pytest for a small program: the long form, in which errors are indented as their lines are.
PYTEST = """\
=================================== FAILURES ===================================
___________________________________ test_key ___________________________________

    def test_key():
>       assert total({"a": 1}) == 3
               ^^^^^^^^^^^^^^^

test_a.py:3:\x20
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\x20
lib.py:4: in total
    return rate(d) + 1
           ^^^^^^^
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\x20

d = {'a': 1}

    def rate(d):
>       return d["NL"]
               ^^^^^^^
E       KeyError: 'NL'

lib.py:2: KeyError
"""
TWO_LINES = """\
________________________________ TestC.test_in _________________________________

    def inner():
>       raise ValueError("two\\nlines")
E       ValueError: two
E       lines

test_a.py:10: ValueError
"""
NODE = """\
TypeError: fetch failed
    at connect (/srv/shop/client.js:12:30)
    at main (/srv/shop/app.js:3:1)
"""
BOXED = "\n".join(
    ["Debug console", *(f"\u2502  {line:<60}\u2502" for line in NODE.splitlines()), "\u2570\u2500\u2500\u256f"]
)
FIREFOX = """\
03:05:01.070 TypeError: t is undefined
    price https://shop.example.com/main.js:64
    total https://shop.example.com/main.js:6
main.js:97:49711
03:05:01.071 Something else main.js:134:1
"""
GDB = """\
(gdb) run
corrupted size vs. prev_size in fastbins

Thread 4 "radio" received signal SIGABRT, Aborted.
(gdb) bt
#0  __GI_raise (sig=sig@entry=6) at ../sysdeps/unix/sysv/linux/raise.c:50
#1  0x00007ffff45e3859 in __GI_abort () at abort.c:79
#2  0x000055555561a2c0 in Radio::stop (this=0x1) at ../src/radio.cpp:812
"""
PUMA = """\
Error in reactor loop escaped: undefined method `<' for nil:NilClass (NoMethodError)
/srv/shop/gems/puma-6.4.0/lib/puma/request.rb:607:in `str_headers'
/srv/shop/app/cart.rb:12:in `price'
"""


def crash(reading: Reading) -> dict[str, Any]:
    return {fact.name.removeprefix("crash."): fact for fact in reading.facts if fact.name.startswith("crash.")}


@pytest.mark.parametrize(
    ("text", "kind", "message", "top"),
    [
        (PYTEST, "KeyError", "'NL'", "rate (lib.py:2)"),
        (TWO_LINES, "ValueError", "two\nlines", "inner (test_a.py:10)"),
        (BOXED, "TypeError", "fetch failed", "connect (/srv/shop/client.js:12:30)"),
        (FIREFOX, "TypeError", "t is undefined", "price (https://shop.example.com/main.js:64)"),
        (GDB, "SIGABRT", "corrupted size vs. prev_size in fastbins", None),
        (PUMA, "NoMethodError", "undefined method `<' for nil:NilClass", None),
        (f"<details>\n<summary>Log</summary>\n\n```\n{NODE}```\n</details>\n", "TypeError", "fetch failed", None),
    ],
    ids=["pytest", "pytest, two lines", "box", "Firefox's console", "message of the C library", "Puma", "Markdown"],
)
def test_a_crash_is_read(read_bytes: Read, text: str, kind: str, message: str, top: str | None) -> None:
    found = crash(read_bytes(text.encode()))
    assert (found["type"].value, found["message"].value, found["count"].value) == (kind, message, "1")
    assert top is None or found["top_frame"].value == top


@pytest.mark.parametrize(
    "clock",
    [
        "2024-05-14T09:12:33.{:07d}Z ",
        "2024-05-14T09:12:33.447109300Z ",
        "2025-02-03T17:40:09.731Z 01O ",
        "[2024-05-14T09:12:33.447Z] ",
        "20:33:{:02d}  ",
    ],
    ids=["GitHub", "Docker", "GitLab", "Jenkins", "Jenkins, short"],
)
@pytest.mark.parametrize("text", [PYTEST, NODE], ids=["pytest", "Node"])
def test_the_clock_of_a_build_changes_nothing_but_is_kept_in_the_places(
    read_bytes: Read, clock: str, text: str
) -> None:
    timed = "".join(f"{clock.format(number)}{line}\n" for number, line in enumerate(text.splitlines()))
    alone, found = crash(read_bytes(text.encode())), crash(read_bytes(timed.encode()))
    assert {name: fact.value for name, fact in found.items()} == {name: fact.value for name, fact in alone.items()}
    assert found["top_frame"].locator == alone["top_frame"].locator

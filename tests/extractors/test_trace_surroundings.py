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
GRADLE = """\
> Task :app:testDebugUnitTest

shop.CartTest > total FAILED
    java.lang.IllegalStateException at CartTest.kt:12
        Caused by: java.io.IOException at Store.java:3

2 tests completed, 1 failed
"""
GO_MAPS = """\
fatal error: concurrent map writes

goroutine 73 [running]:
internal/runtime/maps.fatal({0x1a2f0c1?, 0xc000b0f6e0?})
\t/usr/local/go/src/runtime/panic.go:1046 +0x18
example.org/shop/cart.Set({0x1d3a9a8, 0xc0009d2f00})
\t/build/cart/cart.go:121 +0x1ad
"""
NPGSQL = """\
Shop.UpdateException: An error occurred while saving. See the inner exception.
 ---> Npgsql.PostgresException (0x80004005): 23502: null value in column "owner_id"
   at Npgsql.Connector.Read(Boolean async)
  Exception data:
    Severity: ERROR
    SqlState: 23502
   --- End of inner exception stack trace ---
   at Shop.Carts.Save(Cart cart) in /src/Carts.cs:line 49
""".replace("\n", "\napi-1  | ")
PLAYWRIGHT = """\
  1) [chromium] \u203a cart.spec.ts:52:7 \u203a shows the cart

    Error: expect(locator).toBeVisible() failed

    Locator: getByRole('region', { name: 'Cart' })
    Error: element(s) not found

    > 60 |     await expect(cart).toBeVisible();
         |                        ^
        at /srv/shop/cart.spec.ts:60:31
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
        (GRADLE, "java.lang.IllegalStateException", "", "total (CartTest.kt:12)"),
        (GO_MAPS, "fatal error", "concurrent map writes", "example.org/shop/cart.Set (/build/cart/cart.go:121)"),
        (
            f"api-1  | {NPGSQL}",
            "Shop.UpdateException",
            "An error occurred while saving. See the inner exception.",
            "Shop.Carts.Save (/src/Carts.cs:49)",
        ),
        (PUMA, "NoMethodError", "undefined method `<' for nil:NilClass", None),
        (f"<details>\n<summary>Log</summary>\n\n```\n{NODE}```\n</details>\n", "TypeError", "fetch failed", None),
    ],
    ids=[
        "pytest",
        "pytest, two lines",
        "box",
        "Firefox's console",
        "message of the C library",
        "Gradle",
        "Go's maps",
        "data of a database",
        "Puma",
        "Markdown",
    ],
)
def test_a_crash_is_read(read_bytes: Read, text: str, kind: str, message: str, top: str | None) -> None:
    found = crash(read_bytes(text.encode()))
    said = found["message"].value if "message" in found else ""
    assert (found["type"].value, said, found["count"].value) == (kind, message, "1")
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


def test_a_detail_of_an_expectation_is_not_its_heading(read_bytes: Read) -> None:
    found = crash(read_bytes(PLAYWRIGHT.encode()))
    assert str(found["message"].value).startswith("expect(locator).toBeVisible() failed\n")
    assert found["top_frame"].value == "/srv/shop/cart.spec.ts:60:31"

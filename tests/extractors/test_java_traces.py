"""Stack traces of the JVM; what is expected was read from the recorded texts by eye."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Fact, Reading, read

Read = Callable[[bytes], Reading]
NULL = "java.lang.NullPointerException"
ORDER = "com.acme.shop.OrderException"
PRICE = "com.acme.shop.Cart.price (Cart.java:10)"

# name: type, message, top frame, count
RECORDED = {
    "plain": (NULL, None, PRICE, "1"),
    "helpful": (
        NULL,
        'Cannot invoke "java.lang.Integer.intValue()" because the return value of "java.util.Map.get(Object)" is null',
        PRICE,
        "1",
    ),
    "stream": (NULL, None, PRICE, "1"),
    "thread": (NULL, None, PRICE, "1"),
    "cause": (ORDER, "order 4711 is wrong", "com.acme.shop.Main.order (Main.java:17)", "1"),
    "suppressed": (ORDER, "order 7 is wrong", "com.acme.shop.Main.order (Main.java:17)", "1"),
    "log": (ORDER, "order 7 is wrong", "com.acme.shop.Main.order (Main.java:17)", "1"),
    "many": (ORDER, "order 2 is wrong", "com.acme.shop.Main.order (Main.java:17)", "3"),
    "circular": ("java.lang.IllegalStateException", "a", "com.acme.shop.Main.main (Main.java:36)", "1"),
    "lines": (
        "java.lang.IllegalArgumentException",
        "the order is wrong:\n  line 1: no such item\n\nsee com.acme.Manual: page 3",
        "com.acme.shop.Main.main (Main.java:41)",
        "1",
    ),
    "recursion": ("java.lang.StackOverflowError", None, "com.acme.shop.Main.recurse (Main.java:22)", "1"),
    "loose": ("Loose$Torn", None, "Loose.main (Loose.java:3)", "1"),
}

SPRING = """\
2024-05-01 12:00:00.123 ERROR 1 --- [nio-8080-exec-1] o.a.c.c.C.[.[.[/].[dispatcherServlet] : Servlet.service() failed

java.lang.NumberFormatException: For input string: "three"
\tat java.base/java.lang.NumberFormatException.forInputString(NumberFormatException.java:67) ~[na:na]
\tat java.base/java.lang.Integer.parseInt(Integer.java:668) ~[na:na]
\tat com.acme.shop.Cart.quantity(Cart.java:18) ~[classes!/:1.0.3]
\tat com.acme.shop.Cart$$EnhancerBySpringCGLIB$$1a2b3c.quantity(<generated>) ~[classes!/:1.0.3]
\tat jdk.internal.reflect.GeneratedMethodAccessor53.invoke(Unknown Source) ~[na:na]
\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103) ~[na:na]
\tat org.springframework.web.method.HandlerMethod.doInvoke(InvocableHandlerMethod.java:255) ~[web-6.1.jar!/:6.1]
\t... 41 common frames omitted

2024-05-01 12:00:00.200  INFO 1 --- [main] c.a.shop.Main : done
"""
KOTLIN = """\
Exception in thread "DefaultDispatcher-worker-1" java.lang.IllegalStateException: no such basket
\tat com.acme.shop.BasketKt$load$2.invokeSuspend(Basket.kt:21)
\tat kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)
\tat kotlinx.coroutines.DispatchedTask.run(DispatchedTask.kt:108)
\tSuppressed: kotlinx.coroutines.internal.DiagnosticCoroutineContextException: [Default]
"""
ROOT_FIRST = """\
java.lang.IllegalArgumentException: no such item
\tat com.acme.shop.Shelf.find(Shelf.java:9)
\t... 2 common frames omitted
Wrapped by: com.acme.shop.OrderException: order 7
\tat com.acme.shop.Main.order(Main.java:17)
\tat com.acme.shop.Main.main(Main.java:29)
"""
ANDROID = """\
05-01 12:00:00.123  4711  4733 E AndroidRuntime: FATAL EXCEPTION: main
05-01 12:00:00.123  4711  4733 E AndroidRuntime: Process: com.acme.shop, PID: 4711
05-01 12:00:00.123  4711  4733 E AndroidRuntime: java.lang.RuntimeException: Unable to start activity
05-01 12:00:00.124  4711  4733 E AndroidRuntime: \tat android.app.ActivityThread.main(ActivityThread.java:8177)
05-01 12:00:00.124  4711  4733 E AndroidRuntime: Caused by: java.lang.NullPointerException: text
05-01 12:00:00.124  4711  4733 E AndroidRuntime: \tat com.acme.shop.CartActivity.onCreate(CartActivity.java:31)
05-01 12:00:00.125  4711  4733 E AndroidRuntime: \t... 11 more
05-01 12:00:00.126  4711  4800 I Choreographer: Skipped 31 frames
"""
THREAD_DUMP = """\
"main" #1 prio=5 os_prio=0 cpu=52.11ms elapsed=1.1s tid=0x00007f runnable
   java.lang.Thread.State: RUNNABLE
\tat java.net.SocketInputStream.read(SocketInputStream.java:140)
\tat com.acme.shop.Main.main(Main.java:4)
"""
JAVASCRIPT = """\
TypeError: Cannot read properties of undefined (reading 'price')
    at Cart.price (/srv/app/cart.js:10:12)
    at Object.<anonymous> (/srv/app/main.js:3:6)
"""


def facts_of(reading: Reading) -> dict[str, Fact]:
    return {fact.name.removeprefix("crash."): fact for fact in reading.facts}


def others(fact: Fact) -> list[object]:
    return [other.value for other in fact.alternatives]


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_trace_is_read(recorded: Path, name: str) -> None:
    facts = facts_of(read(recorded / f"java_{name}-17.txt", ""))
    kind, message, top, count = RECORDED[name]
    assert facts["language"].value == "java"
    assert facts["type"].value == kind
    assert (facts["message"].value if message else facts.get("message")) == message
    assert facts["top_frame"].value == facts["own_frame"].value == top
    assert facts["count"].value == count


@pytest.mark.parametrize("name", ["cause", "suppressed", "log"])
def test_the_root_cause_is_the_alternative_and_groups(recorded: Path, name: str) -> None:
    facts = facts_of(read(recorded / f"java_{name}-17.txt", ""))
    assert others(facts["type"]) == ["java.lang.NumberFormatException"]
    assert others(facts["own_frame"]) == ["com.acme.shop.Cart.quantity (Cart.java:18)"]
    assert others(facts["top_frame"])[0] == (
        "java.lang.NumberFormatException.forInputString (NumberFormatException.java:67)"
    )
    many = facts_of(read(recorded / "java_many-17.txt", ""))
    assert facts["fingerprint"].value == many["fingerprint"].value


def test_different_crashes_have_different_fingerprints(recorded: Path) -> None:
    names = ["plain", "cause", "circular", "recursion", "loose"]
    prints = {facts_of(read(recorded / f"java_{name}-17.txt", ""))["fingerprint"].value for name in names}
    assert len(prints) == len(names)


def test_places_are_the_lines_of_the_file(recorded: Path) -> None:
    facts = facts_of(read(recorded / "java_lines-17.txt", ""))
    assert (facts["message"].locator.line, facts["message"].locator.end_line) == (1, 4)
    assert facts["top_frame"].locator.line == 5
    assert (facts["fingerprint"].locator.line, facts["fingerprint"].locator.end_line) == (1, 5)


MACHINES: dict[str, Callable[[str], str]] = {
    "shifted lines": lambda text: re.sub(r"\.java:(\d+)", lambda line: f".java:{int(line[1]) + 17}", text),
    "another message": lambda text: text.replace("three", "0x7f3e9a1c").replace("4711", "12"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no modules": lambda text: text.replace("java.base/", ""),
    "named modules": lambda text: text.replace("at com", "at app//com").replace("java.base/", "java.base@21.0.1/"),
    "jar names": lambda text: re.sub(r"(?m)\)$", ") ~[shop-1.2.jar:1.2]", text),
    "a container's prefix": lambda text: re.sub(r"(?m)^", "app_1  | ", text),
    "a time on every line": lambda text: "".join(
        f"2024-05-01T12:00:{number:02}.{number * 7919 % 1000}Z {line}\n"
        for number, line in enumerate(text.splitlines())
    ),
    "a shop's console": lambda text: re.sub(
        r"(\w)\((\w+\.java)", r"\1 (\2", text.replace('in thread "main" ', "").replace("Caused by:", "Caused by")
    ),
    "spaces for the tab": lambda text: text.replace("\t", "    "),
    "a log line as header": lambda text: text.replace(
        'Exception in thread "main" ', "12:00 ERROR [main] c.a.Main - failed: "
    ),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_same_crash_elsewhere_has_the_same_fingerprint(recorded: Path, read_bytes: Read, machine: str) -> None:
    text = (recorded / "java_cause-17.txt").read_text()
    here = facts_of(read_bytes(text.encode()))
    there = facts_of(read_bytes(MACHINES[machine](text).encode()))
    assert there["type"].value == here["type"].value == ORDER
    assert others(there["type"]) == others(here["type"])
    assert there["fingerprint"].value == here["fingerprint"].value


def test_numbers_of_lambdas_and_proxies_do_not_matter(read_bytes: Read) -> None:
    frames = "\tat com.acme.Shop$%d.lambda$total$%d(Shop.java:3)\n\tat com.acme.$Proxy%d.call(Unknown Source)\n"
    trace = f"java.lang.Error: x\n{frames}"
    prints = {facts_of(read_bytes((trace % (n, n, n)).encode()))["fingerprint"].value for n in (1, 2, 31)}
    assert len(prints) == 1


def test_a_logback_entry_is_read(read_bytes: Read) -> None:
    facts = facts_of(read_bytes(SPRING.encode()))
    assert facts["type"].value == "java.lang.NumberFormatException"
    assert facts["message"].value == 'For input string: "three"'
    assert facts["own_frame"].value == "com.acme.shop.Cart.quantity (Cart.java:18)"
    assert (facts["type"].locator.line, facts["fingerprint"].locator.end_line) == (3, 11)


def test_kotlin_is_told_by_its_source_files(read_bytes: Read) -> None:
    facts = facts_of(read_bytes(KOTLIN.encode()))
    assert facts["language"].value == "kotlin"
    assert facts["type"].value == "java.lang.IllegalStateException"
    assert facts["own_frame"].value == "com.acme.shop.BasketKt$load$2.invokeSuspend (Basket.kt:21)"


def test_root_cause_first_is_the_same_crash(read_bytes: Read) -> None:
    facts = facts_of(read_bytes(ROOT_FIRST.encode()))
    assert facts["type"].value == ORDER
    assert others(facts["type"]) == ["java.lang.IllegalArgumentException"]


def test_an_android_log_is_read_through_its_margin(read_bytes: Read) -> None:
    facts = facts_of(read_bytes(ANDROID.encode()))
    assert (facts["type"].value, facts["message"].value) == ("java.lang.RuntimeException", "Unable to start activity")
    assert others(facts["type"]) == [NULL]
    assert facts["top_frame"].value == "android.app.ActivityThread.main (ActivityThread.java:8177)"
    assert facts["own_frame"].value == "com.acme.shop.CartActivity.onCreate (CartActivity.java:31)"
    assert facts["fingerprint"].locator.end_line == 7


def test_a_trace_escaped_into_a_json_line_is_read(recorded: Path, read_bytes: Read) -> None:
    entry = json.dumps({"level": "ERROR", "stack_trace": (recorded / "java_cause-17.txt").read_text()})
    facts = facts_of(read_bytes(f"{entry}\n".encode()))
    assert facts["type"].value == ORDER
    assert facts["own_frame"].locator.line == 1


@pytest.mark.parametrize("text", [THREAD_DUMP, "at noon (see Plan.java:3) we met\n"])
def test_other_lists_of_frames_are_no_crash(read_bytes: Read, text: str) -> None:
    assert read_bytes(text.encode()).facts == ()


def test_frames_of_javascript_are_no_java(read_bytes: Read) -> None:
    assert facts_of(read_bytes(JAVASCRIPT.encode()))["language"].value == "javascript"

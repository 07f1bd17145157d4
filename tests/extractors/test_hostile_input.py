"""Whatever the bytes are, the answer is a clean reading."""

import random
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.extractors import Reading
from sightline.extractors.registry import read_file
from tests.extractors.effort import effort

HERE = Path(__file__).parent
UNCLEAN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
PIECES = [
    "Traceback (most recent call last):\n",
    "  + Exception Group Traceback (most recent call last):\n",
    '  File "/srv/app/a.py", line 3, in f\n',
    '  |   File "/srv/app/a.py", line 3, in f\n',
    "    return 1 / 0\n",
    "           ~~^~~\n",
    "ValueError: x\n",
    "  | ExceptionGroup: x (2 sub-exceptions)\n",
    "  +-+---------------- 1 ----------------\n",
    "    +---------------- 2 ----------------\n",
    "    +------------------------------------\n",
    "\n",
    "The above exception was the direct cause of the following exception:\n",
    "During handling of the above exception, another exception occurred:\n",
    "  [Previous line repeated 3 more times]\n",
    "SyntaxError: invalid syntax\n",
    'Exception in thread "main" a.b.CException: x\n',
    "\tat a.b.C.d(C.java:4)\n",
    "Caused by: a.b.DError: y\n",
    "Caused by: [CIRCULAR REFERENCE: a.b.C]\n",
    "\tSuppressed: a.b.EError\n",
    "Wrapped by: a.b.F\n",
    "\t... 3 more\n",
    "Fatal Python error: Aborted\n",
    "Current thread 0x0000 (most recent call first):\n",
    "web_1  | ",
    "2024-05-01 12:00:00 ",
    '{"exc": "Traceback (most recent call last):\\n  File \\"a.py\\", line 1\\nKeyError: 1\\ud800"}\n',
    "\x1b[31m",
    "\0",
    "\r",
]


def check(reading: Reading) -> None:
    assert Reading.from_json(reading.to_json()) == reading
    texts = [line.text for line in reading.text] + list(reading.problems) + [reading.media_type]
    values: list[object] = [fact.value for fact in reading.facts]
    values += [other.value for fact in reading.facts for other in fact.alternatives]
    texts += [str(text) for value in values for text in (value.values() if isinstance(value, dict) else [value])]
    assert not [text for text in texts if UNCLEAN.search(text)]
    assert len({fact.name for fact in reading.facts}) == len(reading.facts)


@given(st.binary(max_size=2000))
@settings(deadline=None)
def test_any_bytes_give_a_clean_reading(content: bytes) -> None:
    check(read_file(BytesIO(content), "x"))


@given(st.text(st.characters(codec="utf-16"), max_size=500), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(deadline=None)
def test_any_text_gives_a_clean_reading(text: str, encoding: str) -> None:
    check(read_file(BytesIO(text.encode(encoding, "replace")), "x"))


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_order_of_trace_lines_gives_a_clean_reading(pieces: list[str]) -> None:
    check(read_file(BytesIO("".join(pieces).encode()), "x"))


SAMPLES = [
    "samples/xrechnung_einfach.cii.xml",
    "samples/xrechnung_rabatte.ubl.xml",
    "samples/fatturapa_fpa02.xml",
    "samples/fatturapa_signed_in_pieces.xml.p7m",
    "samples/facturx_fr_basicwl.pdf",
    "traces/group-3.11.txt",
    "traces/java_suppressed-17.txt",
]


@pytest.mark.parametrize("sample", SAMPLES)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_a_damaged_sample_gives_a_clean_reading(sample: str, seed: int, changes: int) -> None:
    content = bytearray((HERE / sample).read_bytes())
    chance = random.Random(seed)
    for _ in range(changes):
        at = chance.randrange(len(content))
        content[at : at + chance.choice([0, 1, 1, 30])] = chance.randbytes(chance.choice([0, 1, 1, 5]))
    check(read_file(BytesIO(bytes(content)), "x"))


ENTITY = "<?xml version='1.0'?><!DOCTYPE r [{}]><r>&x;</r>"
GROWING = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "content",
    [
        ENTITY.format('<!ENTITY x SYSTEM "file:///etc/hostname">'),
        ENTITY.format('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;'),
        ENTITY.format('<!ENTITY x "plain">'),
        f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>{GROWING}]><r x='&i;'>&i;</r>",
        "<?xml version='1.0'?>" + "<a>" * 100_000,
        "<?xml version='1.0'?><a b='" + "x" * 11_000_000 + "'/>",
    ],
    ids=["file", "network", "entity", "growing", "deep", "long attribute"],
)
def test_hostile_xml_is_refused_with_a_sentence(read_bytes: Callable[[bytes], Reading], content: str) -> None:
    reading = read_bytes(content.encode())
    assert reading.facts == ()
    assert reading.problems[0].startswith("The XML could not be read: ")


def test_what_a_file_says_of_itself_is_cleaned_before_it_is_told(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(b'<?xml version="1.0" encoding="UTF-\x15\x18"?><Invoice/>')
    (problem,) = reading.problems
    assert 'declares the encoding "UTF-\ufffd\ufffd"' in problem


MUCH = 3_000_000


@pytest.mark.parametrize(
    "line",
    [
        "2024-05-01 12:00:00 INFO shop: basket priced for a customer at the till, see the shelf for more\n",
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n',
        "Traceback (most recent call last):\n",
        "\tat a.b(C.java:1)\n",
        " at " * 1000 + "(\n",
        "  | A: x (2 sub-exceptions)\n",
        "+" + "-" * 3000 + "\n",
        "1 " * 1000 + "Traceback (most recent call last):\n",
        "a.b.ExceptionExceptionException " * 100 + "\n\tat a.b(C.java:1)\n",
        '"\\n\\tat ',
        "### Stacktrace ###\n" + ("a.b(" + ") ;" * 1200 + ")\n") * 150 + "### Reason ###\nx.Y\n",
        "x" * 1000,
    ],
    ids=[
        "log",
        "traces",
        "anchors",
        "frames",
        "at",
        "groups",
        "rules",
        "digits",
        "types",
        "strings",
        "filed",
        "one line",
    ],
)
def test_much_of_anything_takes_linear_time(line: str) -> None:
    content = (line * (MUCH // len(line) + 1)).encode()[:MUCH]
    assert effort(lambda: read_file(BytesIO(content), "x")) < 300


@pytest.mark.parametrize(
    "line",
    [
        "a.rb:1:in `b'\n",
        "\tfrom a.rb:1:in `b'\n",
        "\t1: from a.rb:1:in `b'\n",
        "#0 a.php(1): b()\n",
        "#0 {main}\n",
        "#0 [internal function]: aError: b()\n",
        "E   assert x\n",
        "frame #0: 0x1 a`f at a.c:1\n",
        "created by 1 goroutine 1 [running]:\ncreated by x goroutine 1 [running]:\n",
        "Location:\nError: x\n",
    ],
    ids=["ruby", "from", "levels", "php", "main", "internal", "pytest", "lldb", "go", "rust"],
)
def test_lines_that_look_like_the_begin_of_a_trace_are_not_walked_again_from_each(line: str) -> None:
    content = (line * (MUCH // 20 // len(line))).encode()
    assert effort(lambda: read_file(BytesIO(content), "x.log")) < 150

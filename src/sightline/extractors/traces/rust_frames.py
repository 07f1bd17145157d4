"""The backtrace of a Rust program: numbered functions, most with `at file:line:column` below."""

import re
from collections.abc import Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Span
from sightline.extractors.traces.margin import Margin

_FRAME = regex(r"\s*(?P<number>\d+): +(?:0x[0-9a-fA-F]+ - )?(?P<function>\S.*)$")
_INLINED = regex(r"\s+0x[0-9a-f]+ - (?P<function>\S.*)$")
_PLACE = regex(r"\s+at (?P<place>\S.*)$")
_HASH = regex(r"::h[0-9a-f]{16}$|\[[0-9a-f]{8,}\]")
_MACHINERY = regex(
    r"(?:<?(?:std|core|alloc)::(?:panicking|backtrace|backtrace_rs|sys|sys_common|rt)\b"
    r"|_?_?(?:rustc::)?rust_(?:begin_unwind|panic)"
    r"|rust_panic|backtrace(?:_rs)?::|<?std::backtrace|__rustc::rust_begin_unwind|core::panicking"
    r"|color_backtrace|<?anyhow::error"
    r"|anyhow::|<?eyre::|log_panics|<?std::sys)"
)
_WRITING = regex(r"(?:core::fmt|std::io)::")
_STANDARD = ("core::", "std::", "alloc::", "<")
_LIBRARY_FILE = regex(
    r"[\\/]rustc[\\/]|[\\/]\.?cargo[\\/](?:registry|git)[\\/]|[\\/]rustlib[\\/]|library[\\/](?:std|core"
    r"|alloc)[\\/]|(?:^|[\\/])lib(?:std|core|alloc)[\\/]|[\\/]rust[\\/](?:deps|library|src)[\\/]|sysdeps|[\\/]glibc|[\\/]csu[\\/]|[\\/]registry[\\/]src[\\/]"
)
_LIBRARY_FUNCTION = regex(
    r"<?(?:&?(?:mut )?|\w+ as )?(?:std|core|alloc|test|proc_macro|tokio|hyper|tower|futures\w*|rayon\w*|anyhow"
    r"|eyre|color_eyre|serde\w*|actix\w*|axum|tracing\w*|crossbeam\w*|backtrace\w*|winit|wgpu\w*|bevy_(?:ecs"
    r"|app|tasks)|reqwest|clap\w*|crossterm|mio|parking_lot|once_cell|regex\w*|__rustc)(?:\[[0-9a-f]+\])?::"
    r"|(?:_?_?libc_start\w*|_?start|__rust_\w+|rust_\w+|clone3?|start_thread|_?main|__scrt_\w+"
    r"|BaseThreadInitThunk|RtlUserThreadStart|<unknown>|__pthread\w*|gsignal|abort|raise|__GI_\w+)$"
)
_CLOSURES = regex(r"(?:::\{\{?closure[^}]*\}\}?)+|::\{async_\w+#\d+\}")


def read_backtrace(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    """Read frames from this line on, innermost first and without those that report the panic, and give the line after."""
    found: list[tuple[str, str, Span]] = []
    while at < len(lines):
        text = margin.strip(lines[at])
        if text is None:
            break
        place = _PLACE.match(text)
        frame = None if place else _FRAME.match(text) or (_INLINED.match(text) if found else None)
        if place and found:
            found[-1] = (found[-1][0], place["place"], Span(found[-1][2].line, at + 1))
        elif frame:
            found.append((_HASH.sub("", frame["function"]), "", Span(at + 1, at + 1)))
        elif not _is_between(text):
            break
        at += 1
    kept = _without_machinery(found)
    # A program without its symbols: what is known of the outermost frames says nothing about the panic.
    is_told = bool(kept) and kept[0][0] != "<unknown>"
    return [_frame(*each) for each in kept if is_told], at


def at_place(frames: list[Frame], place: str) -> list[Frame]:
    """Say where in a function a panic is, which the panic says when the backtrace does not."""
    own = next((at for at, frame in enumerate(frames) if not frame.label.startswith(_STANDARD)), len(frames))
    return [
        frame._replace(label=f"{frame.label} ({place})") if at == own and " (" not in frame.label else frame
        for at, frame in enumerate(frames)
    ]


def _is_between(text: str) -> bool:
    return bool(re.match(r"\s*(?:⋮|━+|\.\.\.|\d+ frames? hidden|\[\.\.\. omitted)", text)) or "frames hidden" in text


def _without_machinery(found: list[tuple[str, str, Span]]) -> list[tuple[str, str, Span]]:
    reporting = [number for number, (function, _, _) in enumerate(found) if "rust_begin_unwind" in function]
    begin = reporting[-1] + 1 if reporting else 0
    while begin < len(found) and _MACHINERY.match(found[begin][0]):
        begin += 1
    if begin and not reporting and found[begin:] and _WRITING.match(found[begin][0]):
        return []  # cut off while it still tells how the backtrace itself is written
    return found[begin:] or found


def _frame(function: str, place: str, span: Span) -> Frame:
    label = f"{function} ({place})" if place else function
    is_library = _LIBRARY_FILE.search(place) or _LIBRARY_FUNCTION.match(function)
    return Frame(label, _key(function), not is_library, span)


def _key(function: str) -> str:
    return _CLOSURES.sub("", re.sub(r"::<.*>$|<.*>(?=::)", "", function) or function)


def frame_of_place(place: str, span: Span) -> Frame:
    """Make a frame of the place that a panic names: a file with line and perhaps column."""
    file = re.sub(r"(?::\d+){1,2}$", "", place)
    return Frame(place, re.split(r"[\\/]", file)[-1], not _LIBRARY_FILE.search(file), span)

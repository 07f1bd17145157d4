"""What the front-end build left for us: the shell, the pages it knows, and the files that may be served."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).with_name("static")
NONCE: Final = "__nonce__"
BOOT: Final = "<!--boot-->"
PRELOAD: Final = "<!--preload-->"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its pattern (`/issues/[ref]`), what its address must look like, and the files it begins with."""

    pattern: str
    address: re.Pattern[str]
    scripts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """The shell with holes for nonce, preloads and data, and its pages."""

    shell: str
    pages: tuple[Page, ...]
    fonts: tuple[str, ...]

    def page_at(self, path: str) -> tuple[Page, dict[str, str]] | None:
        """Find the page for an address, with what its pattern names."""
        for page in self.pages:
            if found := page.address.fullmatch(path):
                return page, found.groupdict()
        return None


def read_build(folder: Path = STATIC) -> Build | None:
    """Return the build, read again when it has changed; None in a source checkout that was not built."""
    try:
        changed = (folder / "shell.html").stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(folder, changed)


@lru_cache(maxsize=2)
def _read(folder: Path, changed: int) -> Build:
    del changed
    found = json.loads((folder / "pages.json").read_text("utf-8"))
    fonts = sorted((folder / "_app/immutable/assets").glob("inter-latin-wght-normal.*.woff2"))
    return Build(
        shell=_with_holes((folder / "shell.html").read_text("utf-8")),
        pages=tuple(Page(pattern, _address(pattern), tuple(needs["scripts"])) for pattern, needs in found.items()),
        fonts=tuple(font.relative_to(folder).as_posix() for font in fonts),
    )


def _with_holes(shell: str) -> str:
    signed = re.sub(r"<script\b", f'<script nonce="{NONCE}"', shell)
    signed = re.sub(r"<link ([^>]*modulepreload)", rf'<link nonce="{NONCE}" \1', signed)
    return signed.replace("</head>", f"{PRELOAD}{BOOT}</head>", 1)


def _address(pattern: str) -> re.Pattern[str]:
    """Turn `/issues/[ref]` into an expression for addresses, with a group for each name."""
    parts = re.split(r"\[(\w+)\]", pattern)
    made = "".join(re.escape(part) if at % 2 == 0 else f"(?P<{part}>[^/]+)" for at, part in enumerate(parts))
    return re.compile(made)

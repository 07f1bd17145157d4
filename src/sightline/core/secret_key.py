"""The key that signs tokens: made once, kept for its owner only, never an example or a short one."""

import os
import re
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

ALLOWED: Final = (
    "at least 32 characters that nobody can guess, such as the output of `openssl rand -hex 32`; "
    "leave it out and one is made and kept"
)

_SHORTEST: Final = 32
_FEWEST_DIFFERENT: Final = 8
_EXAMPLE: Final = re.compile(
    r"secret|change.?(me|this|it)|example|placeholder|password|default|replace|insecure|0123456789", re.IGNORECASE
)


def check(key: str) -> None:
    """Refuse a key that is short, repeats itself or comes from an example.

    Raises:
        ValueError: what a key must be; the key itself is not repeated.
    """
    if len(key) < _SHORTEST or len(set(key)) < _FEWEST_DIFFERENT or _EXAMPLE.search(key):
        raise ValueError(ALLOWED)


def stored(folder: Path) -> str:
    """Return the key kept in `folder`, making 256 bits when there is none.

    Two processes that start at once end with the same key: only one of them can link its file to the name.

    Raises:
        OSError: the folder cannot be used.
    """
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(path, secrets.token_hex(32))
    return path.read_text().strip()


def _put(path: Path, key: str) -> None:
    with NamedTemporaryFile("w", dir=path.parent, prefix=".secret_key.") as file:  # its mode is 0600
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return

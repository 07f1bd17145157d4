"""`sightline watch`: what is checked before the first look."""

import asyncio
import secrets
from pathlib import Path

from sightline.core.config import load_settings, web_address
from sightline.core.logging import configure
from sightline.core.refusal import Refusal
from sightline.watching.ledger import Ledger
from sightline.watching.watch import alone
from sightline.watching.watch import watch as keep_watching


def watch(folder: Path, project: str, server: str) -> None:
    """File what is dropped into a folder until a signal.

    Raises:
        Refusal: no token, no such folder, project or server, or another watcher.
    """
    # A client signs nothing: without this a key would be made and kept.
    settings = load_settings(secret_key=secrets.token_hex(32), jwt_secret_key=None)
    if settings.sightline_token is None:
        raise Refusal("SIGHTLINE_TOKEN is not set: a personal API token, made in the settings under Profile.")
    root, address = _folder(folder, settings.sightline_data), _address(server)
    configure(settings.log_format)
    with alone(root):
        ledger = Ledger.open(settings.sightline_data, root, address)
        try:
            token = settings.sightline_token.get_secret_value()
            asyncio.run(keep_watching(root, project.strip().upper(), address, token, ledger))
        finally:
            ledger.close()


def _folder(folder: Path, ours: Path) -> Path:
    root = folder.resolve()
    if not root.is_dir():
        raise Refusal(f"{folder} is not a folder.")
    if ours.resolve().is_relative_to(root):
        raise Refusal(f"{folder} holds Sightline's own data ({ours}), which must not be filed.")
    return root


def _address(server: str) -> str:
    try:
        return web_address(server)
    except ValueError:
        raise Refusal("--server must be an address such as https://issues.example.org, without a path.") from None

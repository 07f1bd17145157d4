"""The document a browser gets first, as pure functions of the build and the data."""

import json
from typing import Any, Final

from sightline.interface.build import BOOT, NONCE, PRELOAD, Build, Page

_UNSAFE: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sightline</title></head><body>
<h1>The interface is not built yet</h1>
<p>This server runs from a source checkout. Build the interface once, then reload this page:</p>
<pre>make run</pre>
<p>or, with Node 22 or newer:</p>
<pre>cd web
npm ci
npm run build</pre>
<p>The API works without it: <a href="/docs">its documentation</a>.</p>
</body></html>
"""


def render(build: Build, page: Page | None, nonce: str, boot: dict[str, Any]) -> str:
    """Fill the shell: nonce, early mention of the page's files, and the data as inert JSON."""
    return (
        build.shell.replace(PRELOAD, _preloads(build, page))
        .replace(NONCE, nonce)
        .replace(BOOT, f'<script type="application/json" id="boot">{inert(boot)}</script>')
    )


def inert(value: dict[str, Any]) -> str:
    """Write JSON that cannot end the script element it stands in."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_UNSAFE)


def _preloads(build: Build, page: Page | None) -> str:
    scripts = page.scripts if page else ()
    unnamed = [name for name in scripts if name not in build.shell]
    modules = [f'<link nonce="{NONCE}" rel="modulepreload" href="/{name}">' for name in unnamed]
    fonts = [f'<link rel="preload" as="font" type="font/woff2" crossorigin href="/{name}">' for name in build.fonts]
    return "".join(fonts + modules) + f'<meta property="csp-nonce" nonce="{NONCE}">'


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a page: scripts by this nonce, everything else from here alone."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )

"""Which files may say more than everyone may know; found from their beginning, before they are read."""

import re

HAR_LOG = re.compile(rb'"log"\s{0,1000}:\s{0,1000}\{')
_EARLY_IN_HAR = (b'"entries"', b'"creator"', b'"pages"', b'"version"')


def may_tell_too_much(media_type: str, head: bytes) -> bool:
    """Say whether a file waits for its `served_copy`: a picture, JSON, or text that begins like a HAR."""
    return media_type.startswith("image/") or media_type == "application/json" or looks_like_har(head)


def looks_like_har(head: bytes) -> bool:
    """Say whether a file that begins like this looks like a HAR, whole or broken."""
    plain = head.replace(b"\0", b"")
    return bool(HAR_LOG.search(plain)) and any(mark in plain for mark in _EARLY_IN_HAR)

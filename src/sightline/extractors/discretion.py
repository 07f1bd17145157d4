"""Which files may say more than everyone may know; found from their beginning, before they are read."""


def may_tell_too_much(media_type: str, head: bytes) -> bool:
    """Say whether a file waits for its `served_copy`: a picture, JSON, or text that begins like a HAR."""
    from sightline.extractors.masking import looks_like_har

    return media_type.startswith("image/") or media_type == "application/json" or looks_like_har(head)

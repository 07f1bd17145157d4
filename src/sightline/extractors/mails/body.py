"""What a mail says, and what was sent along."""

import quopri
from mimetypes import MimeTypes

from sightline.extractors.decoding import clean, lines_of
from sightline.extractors.html_text import text_lines
from sightline.extractors.mails.charsets import decode_as
from sightline.extractors.mails.headers import decoded
from sightline.extractors.mails.mime import Node, chunks, size_of
from sightline.extractors.reading import Part

_PLAIN, _HTML = "text/plain", "text/html"
_AS_WRITTEN = {"", "7bit", "8bit", "binary", "quoted-printable"}
_EXTENSIONS = MimeTypes(filenames=())


def spoken(node: Node) -> list[Node]:
    """Choose the parts that are the body: of alternatives plain text, else HTML; of others all texts in order."""
    if node.number:
        return [node] if node.is_text and not node.is_attached else []
    found = [chosen for chosen in map(spoken, node.children) if chosen]
    if node.type != "multipart/alternative":
        return [leaf for chosen in found for leaf in chosen]
    plain = (chosen for chosen in found if any(leaf.type == _PLAIN for leaf in chosen))
    return next(plain, found[0] if found else [])


def attached(content: bytes, root: Node) -> list[Part]:
    """Give all parts but the body and its alternatives."""
    body = {leaf.number for leaf in spoken(root)}
    return [
        Part(_name(leaf), f"part:{leaf.number}", size_of(content, leaf))
        for leaf in root.leaves()
        if leaf.number not in body and (leaf.is_attached or not leaf.is_text)
    ]


def _name(leaf: Node) -> str:
    extension = ".eml" if leaf.type == "message/rfc822" else _EXTENSIONS.guess_extension(leaf.type) or ""
    return decoded(leaf.file_name) or f"part {leaf.number}{extension}"


def lines(content: bytes, root: Node) -> list[tuple[int, str]]:
    """Give the lines of the body with their numbers in the file; where it was packed, those of the unpacked body."""
    leaves = spoken(root)
    if all(leaf.type != _HTML and leaf.encoding in _AS_WRITTEN for leaf in leaves):
        return [line for leaf in leaves for line in _written_lines(content, leaf)]
    texts = [text for leaf in leaves for text in _unpacked_lines(content, leaf)]
    return list(enumerate(texts, start=1))


def _written_lines(content: bytes, leaf: Node) -> list[tuple[int, str]]:
    raw = content[leaf.start : leaf.end]
    if leaf.encoding != "quoted-printable":
        return list(enumerate(_clean_lines(decode_as(raw, leaf.charset)), start=leaf.line))
    found, begun, joined = list[tuple[int, bytes]](), leaf.line, list[bytes]()
    for number, line in enumerate(raw.split(b"\n"), start=leaf.line):
        begun = begun if joined else number
        stripped = line.rstrip()
        joined.append(stripped.removesuffix(b"="))
        if not stripped.endswith(b"="):
            found.append((begun, b"".join(joined)))
            joined = []
    found += [(begun, b"".join(joined))] if joined else []
    # Decoded in one piece, since a charset is guessed from all of the text.
    texts = _clean_lines(decode_as(b"\n".join(_one_line(line) for _, line in found), leaf.charset))
    return [(number, text) for (number, _), text in zip(found, texts, strict=False)]


def _one_line(line: bytes) -> bytes:
    return quopri.decodestring(line).replace(b"\n", b" ").rstrip(b"\r ")


def _unpacked_lines(content: bytes, leaf: Node) -> list[str]:
    text = decode_as(b"".join(chunks(content, leaf)), leaf.charset)
    return _clean_lines(text) if leaf.type != _HTML else [words for _, words in text_lines(text)]


def _clean_lines(text: str) -> list[str]:
    return lines_of(clean(text).encode("utf-8", "replace"))

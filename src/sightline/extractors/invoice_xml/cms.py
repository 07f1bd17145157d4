"""Take the content out of a signed envelope (CMS, RFC 5652), which Italian invoices travel in as `.p7m`.

The signature itself is not checked: an envelope proves where bytes came from only to those who know the certificates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sightline.extractors.reading import Unreadable
from sightline.extractors.signed import bare, is_signed

_OCTETS, _OCTETS_IN_PIECES, _FIRST_OPTIONAL, _SEQUENCE = 0x04, 0x24, 0xA0, 0x30
_LONG_TAG = 0x1F
_INDEFINITE = 0x80
_LENGTH_BYTES = 0x7F
_DEEPEST = 30
_MOST_STEPS = 500_000
_BROKEN = "its signed envelope is damaged or breaks off"


@dataclass(frozen=True, slots=True)
class _Item:
    """One element of BER (ITU-T X.690): its tag, and where its content begins and ends."""

    tag: int
    start: int
    end: int


def content_of(envelope: bytes) -> bytes:
    """Give what was signed, out of as many envelopes as there are up to five; raises Unreadable."""
    for _ in range(5):
        if not is_signed(envelope):
            break
        envelope = _signed(bare(envelope))
    return envelope


def _signed(content: bytes) -> bytes:
    """Walk ContentInfo, SignedData and EncapsulatedContentInfo down to the octets."""
    ber = _Ber(content)
    at = _Item(_SEQUENCE, 0, len(content))
    for tag in (_SEQUENCE, _FIRST_OPTIONAL, _SEQUENCE, _SEQUENCE):
        at = ber.child(at, tag)
    optional = [item for item in ber.items(at) if item.tag == _FIRST_OPTIONAL]
    if not optional:
        raise Unreadable("it is a signature alone, the signed file is not inside")
    return b"".join(piece for item in ber.items(optional[0]) for piece in ber.octets(item))


class _Ber:
    """A walk through BER that ends: after so many elements, or so deep, it raises Unreadable."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._steps_left = _MOST_STEPS

    def child(self, parent: _Item, tag: int) -> _Item:
        for item in self.items(parent):
            if item.tag == tag:
                return item
        raise Unreadable(_BROKEN)

    def octets(self, item: _Item, depth: int = 0) -> Iterator[bytes]:
        """Give the pieces of an octet string."""
        if item.tag == _OCTETS:
            yield self._content[item.start : item.end]
        elif item.tag == _OCTETS_IN_PIECES and depth < _DEEPEST:
            for piece in self.items(item):
                yield from self.octets(piece, depth + 1)
        else:
            raise Unreadable(_BROKEN)

    def items(self, parent: _Item) -> Iterator[_Item]:
        """Give the elements inside another one; two zero bytes end one of indefinite length."""
        at = parent.start
        while at < parent.end and not self._ends(at):
            item, at = self._item(at, parent.end, 0)
            yield item

    def _item(self, at: int, end: int, depth: int) -> tuple[_Item, int]:
        """Read one element, and where the next one begins."""
        self._steps_left -= 1
        if at + 2 > end or self._content[at] & _LONG_TAG == _LONG_TAG or depth > _DEEPEST or self._steps_left < 0:
            raise Unreadable(_BROKEN)
        tag, length = self._content[at], self._content[at + 1]
        start = at + 2
        if length == _INDEFINITE:
            stop = self._stop(start, end, depth + 1)
            return _Item(tag, start, stop), stop + 2
        if length > _INDEFINITE:
            start += length & _LENGTH_BYTES
            length = int.from_bytes(self._content[at + 2 : start])
        if start + length > end:
            raise Unreadable(_BROKEN)
        return _Item(tag, start, start + length), start + length

    def _stop(self, at: int, end: int, depth: int) -> int:
        while not self._ends(at):
            _, at = self._item(at, end, depth)
        return at

    def _ends(self, at: int) -> bool:
        return self._content[at : at + 2] == b"\0\0"

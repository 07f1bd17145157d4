"""Mail as Outlook stores it (MS-OXMSG), through python-oxmsg."""

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from sightline.extractors.reading import Unreadable
from sightline.extractors.regex import regex

if TYPE_CHECKING:
    from oxmsg import Message
    from oxmsg.attachment import Attachment

_BROKEN = (
    *(OSError, LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError),
    struct.error,
)
_MOST_STREAMS = 10_000
_ROOM_FOR_SMALL_STREAMS = 1024 * 1024
_MARK = "__properties_version1.0"
_HEADERS, _SENT_TO, _MESSAGE_ID, _SHORT_NAME, _SHOWN_NAME = 0x007D, 0x0E04, 0x1035, 0x3704, 0x3001
_SENDER_SMTP = 0x5D01
_QUOTED = regex(r'"(?P<name>.*)" <(?P<address>[^<>]*)>$')


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says; `headers` are those it travelled with, empty when it was never sent.

    `files` are names and contents of the attached files; None is a message within, which is not read.
    """

    headers: str
    sender: str
    to: str
    subject: str
    message_id: str
    sent: datetime | None
    text: str
    html: str
    files: list[tuple[str, bytes | None]]


def is_mail(file: BinaryIO, *, is_said: bool = False) -> bool:
    """Say whether a compound file is a mail, of which the beginning may have told already.

    Raises Unreadable when it is broken, claims to hold more than it can, or is none though that was told.
    """
    from olefile import STGTY_STREAM, OleFileIO  # type: ignore[import-untyped]  # it has no types

    size = file.seek(0, 2)
    file.seek(0)
    try:
        with OleFileIO(file) as ole:
            sizes = [entry.size for entry in ole.direntries if entry is not None and entry.entry_type == STGTY_STREAM]
            is_one = bool(ole.exists(_MARK))
    except _BROKEN as error:
        raise Unreadable("it is damaged") from error
    if is_said and not is_one:
        raise Unreadable("it is damaged or cut off")
    if is_one and (len(sizes) > _MOST_STREAMS or sum(sizes) > size + _ROOM_FOR_SMALL_STREAMS):
        raise Unreadable("it claims to hold more than it can")
    return is_one


def read(file: BinaryIO) -> Letter:
    """Read a mail; raises Unreadable."""
    from oxmsg import Message

    file.seek(0)
    try:
        return _letter(Message.load(file))
    except _BROKEN as error:
        raise Unreadable("it is damaged") from error


def _letter(message: "Message") -> Letter:
    said = message.properties
    return Letter(
        headers=said.str_prop_value(_HEADERS) or "",
        sender=_sender(message),
        to=", ".join(_person(one.name, one.email_address) for one in message.recipients)
        or said.str_prop_value(_SENT_TO)
        or "",
        subject=message.subject,
        message_id=said.str_prop_value(_MESSAGE_ID) or "",
        sent=message.sent_date,
        text=message.body or "",
        html="" if message.body else message.html_body or "",
        files=[_file(one) for one in message.attachments],
    )


def _sender(message: "Message") -> str:
    """Give name and address; within one organisation Exchange notes a name of its own as the address."""
    written = message.sender or ""
    match = _QUOTED.match(written)
    if match is None:
        return written
    address = match["address"]
    if address.startswith("/"):
        address = message.properties.str_prop_value(_SENDER_SMTP) or address
    return _person(match["name"], address)


def _person(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address and name != address else address or name


def _file(attachment: "Attachment") -> tuple[str, bytes | None]:
    said = attachment.properties
    name = attachment.file_name or said.str_prop_value(_SHORT_NAME) or said.str_prop_value(_SHOWN_NAME) or ""
    return name, attachment.file_bytes

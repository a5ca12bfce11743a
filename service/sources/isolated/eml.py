"""A mail as HTML, by the standard library: who wrote it, and whom it quotes, as labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html import escape
from typing import Any

from service.sources.isolated.answer import Answer, Unreadable

WROTE = re.compile(
    r"^(?:On|Am|Le) .{5,120}?[,:]? ?(?P<name>[^,<>\n]{2,60}?)\s*(?:<[^<>\s]*>)? (?:wrote|schrieb)\s*:?$"
)
WRAPPED = re.compile(
    r"^((?:> ?)*)((?:On|Am|Le) .{5,150})\n(?:> ?)*(.{0,80}(?:wrote|schrieb)\s*:)\s*$", re.MULTILINE
)
ORIGINAL = re.compile(r"^-{2,} ?(?:Original Message|Forwarded message) ?-{2,}$|^_{20,}$", re.IGNORECASE)
SIGNATURE = re.compile(r"^-- ?$")
MOST_PARTS = 500


def read(data: bytes) -> Answer:
    """The mail's own words and those it quotes.

    Raises:
        Unreadable: it has no text.
    """
    message = message_from_bytes(data, policy=policy.default)
    parts = []
    for part in message.walk():
        parts.append(part)
        if len(parts) > MOST_PARTS:
            raise Unreadable("", f"has more than {MOST_PARTS} parts.")
    assert isinstance(message, EmailMessage)
    title, day = header(message, "subject"), sent_on(message)
    notes = tuple(
        f"The attachment {name} is not read: give it as a file of its own." for name in attachments(parts)
    )
    body = message.get_body(("plain", "html"))
    if body is None:
        raise Unreadable("", "has no text.")
    content = text_of(body)
    sender = sender_of(message)
    if body.get_content_type() == "text/html":
        return Answer(content, title, day, notes, sender)
    return Answer("\n".join(labelled(content, sender)), title, day, notes, sender)


def text_of(body: Any) -> str:
    """The text of a part, in whatever encoding it has or claims to have."""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError):
        return bytes(body.get_payload(decode=True) or b"").decode("utf-8", "replace")


def header(message: Message, name: str) -> str | None:
    """A field of the header, None where there is none or it is broken."""
    try:
        value = str(message.get(name) or "")
    except Exception:  # the parser of broken fields may raise anything
        return None
    return " ".join(value.split()) or None


def sent_on(message: Message) -> str | None:
    """The day of the mail."""
    try:
        date: Any = message["date"]
        return str(date.datetime.date().isoformat())
    except Exception:  # no date, or a broken one
        return None


def sender_of(message: Message) -> str | None:
    """The name of the sender, else the address."""
    try:
        sender: Any = message["from"]
        address = sender.addresses[0]
        return " ".join((address.display_name or address.addr_spec).split()) or None
    except Exception:  # no sender, or a broken one
        return None


def attachments(parts: Sequence[Message]) -> list[str]:
    """The names of the files that come with a mail."""
    names = []
    for part in parts:
        name = part.get_filename() if part.get_content_maintype() != "multipart" else None
        if name and part.get_content_disposition() == "attachment":
            names.append(" ".join(name.split())[:100])
    return names[:20]


def labelled(text: str, sender: str | None) -> list[str]:
    """The lines of a plain mail; where it quotes another, each change of the writer is a label of its own."""
    out: list[str] = []
    quoted_by: str | None = None
    level = -1
    unwrapped = WRAPPED.sub(r"\1\2 \3", text.replace("\r\n", "\n"))
    is_dialogue = any(line.startswith(">") for line in unwrapped.split("\n"))
    for raw in unwrapped.split("\n"):
        if SIGNATURE.match(raw):
            break
        own = 0 if raw.startswith(">") else 1
        line = raw.lstrip("> ").strip()
        if (wrote := WROTE.match(line)) is not None:
            quoted_by = wrote["name"].strip(" \"'")
        elif ORIGINAL.match(line) or not line:
            out.append("<p></p>")
        else:
            if is_dialogue and own != level:
                level = own
                out.append(f"<p><strong>{escape((sender if own else quoted_by) or 'Unknown')}:</strong></p>")
            out.append(f"{escape(line)}<br>")
    return out

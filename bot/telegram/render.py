"""A Reply as Telegram shows it: a few safe tags, everything else escaped, in messages of the length it takes."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain import Reply

LONGEST = 4096
"""What one message takes, in UTF-16 units after its markup was read."""
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_TAG = re.compile(r"</?[bi]>")
_BULLET = re.compile(r"^(\s*)- ", re.M)


def render(reply: Reply, before: str = "", after: str = "") -> tuple[str, ...]:
    """The messages of a reply as Telegram HTML, nearly always one; `before` and `after` are extra paragraphs."""
    parts = [markup(before)]
    for block in reply.blocks:
        title = f"<b>{escape(block.title)}</b>" if block.title else ""
        parts.append("\n".join(part for part in (title, markup(block.text)) if part))
    parts.append("\n".join(f"<i>{escape(note)}</i>" for note in reply.notes))
    parts.append(f"<i>{escape(after)}</i>" if after else "")
    return tuple(_messages(part for part in parts if part))


def markup(text: str) -> str:
    """A text in the knowledge's Markdown subset as Telegram HTML."""
    return _BULLET.sub(r"\1• ", _BOLD.sub(r"<b>\1</b>", escape(text.strip())))


def escape(text: str) -> str:
    """The text with everything that HTML gives a meaning made harmless."""
    return html.escape(text, quote=False)


def plain(text: str) -> str:
    """Our HTML as the plain text that a person would read."""
    return html.unescape(_TAG.sub("", text))


def length(text: str) -> int:
    """How long Telegram finds our HTML."""
    return len(plain(text).encode("utf-16-le", "surrogatepass")) // 2


def _messages(parts: Iterable[str]) -> list[str]:
    messages: list[str] = []
    for part in parts:
        for piece in _pieces(part):
            if messages and length(messages[-1]) + length(piece) + 2 <= LONGEST:
                messages[-1] += "\n\n" + piece
            else:
                messages.append(piece)
    return messages


def _pieces(part: str) -> Iterable[str]:
    """The part, or its lines when it alone is too long, or plain slices of a line that is."""
    if length(part) <= LONGEST:
        yield part
        return
    for line in part.split("\n"):
        if length(line) <= LONGEST:
            if line:
                yield line
            continue
        rest = plain(line)
        while rest:
            # A character takes two units at most.
            cut = rest[: LONGEST // 2]
            yield escape(cut)
            rest = rest[len(cut) :]

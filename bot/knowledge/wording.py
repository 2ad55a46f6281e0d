"""What a text that people read may hold: a small part of Markdown, and the placeholders of its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTACTS = frozenset({"care_team", "emergency_number", "crisis_line"})
"""Placeholders that stand for the operator's contacts."""
DOCUMENT = frozenset({"title", "reviewer", "last_reviewed"})
"""Placeholders that stand for the document that the answers come from."""

# Telegram, the terminal and plain text show only what is left when all of this is refused.
_REFUSED = (
    (re.compile(r"!\[[^\]\n]*\]\("), "An image cannot stand in a text: name its file in `image`."),
    (re.compile(r"(?<!!)\[[^\]\n]*\](\(|\[|: )"), "A link in brackets is not shown: write the address as plain text."),
    (re.compile(r"^ {0,3}#{1,6} ", re.MULTILINE), "A heading is not shown: make it **bold**."),
    (re.compile(r"^ {0,3}(=+|-{2,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE), "A line of signs is not shown: leave it out."),
    (re.compile(r"^ *\|.*$|\|[ \t]*:?-{2,}", re.MULTILINE), "A table is not shown: make it a list."),
    (re.compile(r"</?[A-Za-z!?][^>\n]*>?"), "HTML is not shown: leave it out."),
    (re.compile(r"^ {0,3}>", re.MULTILINE), "A quotation mark > is not shown: use plain text."),
    (re.compile(r"`"), "A backtick is not shown: use plain text."),
    (re.compile(r"^ *[*+] ", re.MULTILINE), "A list is written with `- ` or `1. ` at the start of each line."),
    (re.compile(r"^ *\d+\) ", re.MULTILINE), "A numbered list is written with a full stop, as in `1. `."),
    (re.compile(r"^ +(-|\d+\.) ", re.MULTILINE), "A list inside a list is not shown: begin the line without spaces."),
    (re.compile(r"(?<![\w_])_[^\s_][^_\n]*_(?![\w_])"), "Italics are not shown: use plain text or **bold**."),
)
_BOLD = re.compile(r"\*\*(?=\S)[^*\n]+(?<=\S)\*\*")
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_SIGNS = re.compile(r"\*\*|^ *[-#>] |^ *\d+\. |`|</?[A-Za-z]", re.MULTILINE)


class Fault(NamedTuple):
    """What may not stand in a text, and where it begins, counted in characters."""

    offset: int
    message: str


def markdown(text: str) -> Iterator[Fault]:
    """Everything outside paragraphs, `-` and `1.` lists and **bold**."""
    for pattern, message in _REFUSED:
        found = pattern.search(text)
        if found:
            yield Fault(found.start(), message)
    star = _BOLD.sub(lambda found: " " * len(found.group()), text).find("*")
    if star >= 0 and not re.match(r" *\* ", text[text.rfind("\n", 0, star) + 1 :]):
        yield Fault(star, "A star is left over: bold is written as **word**, with two stars on both sides of one line.")


def plain(text: str) -> Iterator[Fault]:
    """Any sign of Markdown in a text that is shown as it is, such as a title."""
    found = _SIGNS.search(text)
    if found:
        yield Fault(found.start(), "Here the text is shown as it is: leave out bold, lists and other signs.")


def placeholders(text: str, allowed: frozenset[str]) -> Iterator[Fault]:
    """Placeholders such as `{reviewer}` that the bot does not fill in here, and braces that are none."""
    for found in _PLACEHOLDER.finditer(text):
        if found.group(1) not in allowed:
            known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
            yield Fault(found.start(), f"{found.group()[:40]} is not filled in here; known in this place: {known}.")
    rest = _PLACEHOLDER.sub(lambda found: " " * len(found.group()), text)
    brace = re.search(r"[{}]", rest)
    if brace:
        yield Fault(brace.start(), "A brace stands alone: close it, or leave it out.")

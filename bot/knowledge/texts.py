"""Every text of a folder that can reach a person, with the place it comes from and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import RootModel

from bot.knowledge import wording
from bot.knowledge.reader import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.knowledge.document import Node
    from bot.knowledge.folder import Folder
    from bot.knowledge.reader import Reading

_NONE: frozenset[str] = frozenset()
_CARDS = ("cards.yaml", "languages.yaml")


class _AnyFile(RootModel[dict[str, Any]]):
    """A file whose form is checked elsewhere."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text as it stands in a file; `plain` is shown as it is, the others in the small part of Markdown."""

    reading: Reading[Any]
    where: tuple[str | int, ...]
    plain: bool = False
    allowed: frozenset[str] = _NONE

    @property
    def node(self) -> Node:
        """The value with its line."""
        return self.reading.node.find(*self.where)

    @property
    def text(self) -> str:
        """The text, with the blank lines it has in the file."""
        return self.node.raw

    def line(self, offset: int = 0) -> int:
        """The line of a character of the text; exact for texts written with `|`, else the line where they begin."""
        node = self.node
        return node.line + 1 + node.raw.count("\n", 0, offset) if node.block else node.line

    def faults(self) -> Iterator[tuple[int, str, str]]:
        """Line, rule and sentence for everything that may not stand in this text."""
        for fault in (wording.plain if self.plain else wording.markdown)(self.text):
            yield self.line(fault.offset), "markdown", fault.message
        for fault in wording.placeholders(self.text, self.allowed):
            yield self.line(fault.offset), "placeholder", fault.message


def outgoing(folder: Folder) -> Iterator[Outgoing]:
    """Every text that can reach a person, in the order of the files."""
    for section in folder.sections.values():
        yield from _some(section, ("title",), plain=True)
    for intent in folder.intents.values():
        yield from _some(intent, ("title", "image_text"), plain=True)
        yield from _some(intent, ("answer", "short"))
    if folder.source:
        yield from _some(folder.source, ("title", "reviewer", "last_updated", "link"), plain=True)
        yield from _some(folder.source, ("based_on", "stale_notice"), allowed=wording.DOCUMENT)
        yield from _some(folder.source, ("retelling", "disclaimer", "urgent_line"))
    if folder.phrases:
        yield from _phrases(folder.phrases)


def cards(folder: Folder) -> Iterator[Outgoing]:
    """Every text of the safety cards; words that are only looked for are left out."""
    readings = [parse(folder.path / "safety" / name, folder.root, _AnyFile, []) for name in _CARDS]
    # A contact that nobody set and that has no default would leave a hole in the sentence.
    filled = frozenset(readings[0].node.find("defaults").keys) if readings[0] else wording.CONTACTS
    for reading in readings:
        if reading:
            yield from _card_texts(reading, wording.CONTACTS & filled)


def _phrases(reading: Reading[Any]) -> Iterator[Outgoing]:
    small = reading.node.find("smalltalk")
    for kind in small.keys:
        yield from _some(reading, ("reply",), under=("smalltalk", kind))
    for part in ("replies", "commands", "menu"):
        names = reading.node.find(part).keys if part in reading.node.children else ()
        yield from _some(reading, names, under=(part,), plain=part == "menu")


def _some(
    reading: Reading[Any],
    names: Iterable[str],
    *,
    under: tuple[str, ...] = (),
    plain: bool = False,
    allowed: frozenset[str] = _NONE,
) -> Iterator[Outgoing]:
    for name in names:
        where = (*under, name)
        found = Outgoing(reading, where, plain=plain, allowed=allowed)
        parent = reading.node.find(*under)
        if name in parent.children and isinstance(found.node.value, str):
            yield found


def _card_texts(reading: Reading[Any], allowed: frozenset[str]) -> Iterator[Outgoing]:
    for part, group in reading.node.children.items():
        for name, entry in group.children.items():
            for key in ("title", "text"):
                if key in entry.children and isinstance(entry.children[key].value, str):
                    yield Outgoing(reading, (part, name, key), plain=key == "title", allowed=allowed)
            if part == "defaults" and isinstance(entry.value, str):
                yield Outgoing(reading, (part, name), plain=True)

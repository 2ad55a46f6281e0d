"""The chat in a terminal: the same engine as in Telegram, with choices as numbers."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from rich.console import Console, RenderableType

    from bot.assistant import Assistant
    from bot.domain import Block, KnowledgeBase, Reply

PERSON = "terminal"
HINT = "Type a question, or the number or letter of a choice. /topics · /urgent · /help · /quit"
_QUIT = frozenset({"/quit", "/exit", "/q"})
_ITEM = re.compile(r"(?P<mark>-|\d{1,2}\.) +(?P<text>.*)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def converse(assistant: Assistant, source: TextIO, console: Console) -> None:
    """Talk until `/quit` or the end of `source`; without a terminal on the other end nothing is prompted for."""
    interactive = source.isatty()
    reply = assistant.reply(PERSON, "/start")
    console.print(render(reply))
    if interactive:
        console.print(Text(HINT, style="dim"))
    for line in _typed(console) if interactive else source:
        text = line.strip()
        if text.lower() in _QUIT:
            break
        if not text:
            continue
        if not interactive:
            console.print(Text(f"\n› {text}", style="bold"))
        # A key that is on the screen is a tap on that choice.
        taps = {key: choice.target for key, choice in zip(reply.keys, reply.choices, strict=True)}
        reply = assistant.reply(PERSON, text, taps.get(text.lower().rstrip(".)")))
        console.print(render(reply, picture(reply, assistant.kb)))


def picture(reply: Reply, kb: KnowledgeBase) -> str:
    """The line that names the file of an answer's picture; empty where there is none."""
    found = kb.pictured(reply.intents) if reply.safety is None else None
    return f"{kb.phrases.replies.get('show_picture', '')}: {found.image}" if found else ""


def render(reply: Reply, last: str = "") -> RenderableType:
    """The reply for a terminal: cards in a frame, choices with what to type for them, then `last`, small print dim."""
    cards = len(reply.blocks) if reply.outcome == "urgent" else int(reply.safety in ("urgent", "crisis"))
    parts: list[RenderableType] = []
    for number, block in enumerate(reply.blocks):
        body = _block(block)
        parts += [Text(), Panel(body, border_style="bold red", padding=(0, 1)) if number < cards else body]
    shown = list(zip(reply.keys, reply.choices, strict=True))[reply.numbered :]
    if shown:
        rows = Table.grid(padding=(0, 1))
        for key, choice in shown:
            rows.add_row(Text(f"{key:>3}.", style="bold cyan"), Text(choice.label))
        parts += [Text(), rows]
    if last:
        parts += [Text(), Text(last)]
    if reply.notes:
        parts += [Text(), Text("\n".join(reply.notes), style="dim")]
    return Group(*parts, Text())


def _typed(console: Console) -> Iterator[str]:
    prompt = "› "
    # Without it the arrow keys print escape codes; history stays in memory. It counts what is not between \1 and \2.
    with suppress(ImportError):
        import readline  # noqa: F401

        if console.color_system:
            prompt = "\1\x1b[1;36m\2›\1\x1b[0m\2 "
    while True:
        try:
            yield input(prompt)
        except EOFError:
            console.print()
            return


def _block(block: Block) -> RenderableType:
    lines = list(_lines(block.text))
    return Group(Text(block.title, style="bold"), *lines) if block.title else Group(*lines)


def _lines(text: str) -> Iterable[RenderableType]:
    for line in text.splitlines():
        item = _ITEM.fullmatch(line.strip())
        if item:
            row = Table.grid(padding=(0, 1))
            row.add_row(Text("•" if item["mark"] == "-" else item["mark"]), _inline(item["text"]))
            yield Padding(row, (0, 0, 0, 2))
        else:
            yield _inline(line)


def _inline(text: str) -> Text:
    out = Text()
    for number, part in enumerate(_BOLD.split(text)):
        out.append(part, style="bold" if number % 2 else "")
    return out

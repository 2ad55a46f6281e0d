"""`faqbot explain`: why a message gets the reply it gets."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.engine import open_engine, screen
from bot.cli.options import Knowledge, Lang
from bot.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.dialogue import Dialogue
    from bot.domain import Match, Reply
    from bot.matching import Matching

_SHOWN = 5


def explain(
    text: Annotated[str, typer.Argument(help="The message.", show_default=False)],
    knowledge: Knowledge = None,
    lang: Lang = "en",
) -> None:
    """Show how a message is read, what it matches and why, and what that leads to."""
    assistant = open_engine(knowledge, lang)
    found = assistant.dialogue.matcher.match(text)
    safety = assistant.dialogue.scanner.scan(text)
    out = screen()
    out.print(_facts("read as", _reading(text, found)))
    rows = [("level", safety.level or "nothing"), ("saw", ", ".join(safety.saw)), ("weighed", ", ".join(safety.why))]
    out.print(_facts("safety", rows))
    parts = assistant.dialogue.parts(text)
    if len(parts) > 1:
        rows = [(f"{match.score:.2f}" if match else "", _part(part, match)) for part, match in parts]
        out.print(_facts("split into", rows))
    out.print(_matches("sections, with the chance that it is right", found.sections))
    out.print(_matches("intents of the best section", found.within))
    out.print(_matches("not covered here", found.redirects))
    out.print(_facts("made from", [(name, f"{value:.2f}") for name, value in asdict(found.evidence).items()]))
    out.print(_facts("decision", _decision(assistant.dialogue, found, assistant.reply("explain", text))))


def _part(part: str, match: Match | None) -> str:
    return f"{match.intent}: {part}" if match else part


def _reading(text: str, found: Matching) -> Iterable[tuple[str, str]]:
    reading = found.reading
    yield "cleaned", clean(text)
    yield "words", " ".join(reading.words)
    if reading.words != reading.written:
        yield "before mending", " ".join(reading.written)
    yield "concepts", " ".join(reading.concepts)
    yield "not understood", " ".join(reading.unknown)
    yield "covered", f"{reading.coverage:.0%} of what its words say"


def _decision(dialogue: Dialogue, found: Matching, reply: Reply) -> Iterable[tuple[str, str]]:
    chance = found.sections[0].score if found.sections else 0.0
    limits = dialogue.limits
    yield "outcome", reply.outcome
    yield "intents", ", ".join(reply.intents)
    yield "offered", ", ".join(choice.target for choice in reply.choices if reply.outcome == "clarify")
    yield "chance", f"{chance:.2f}; an answer needs {limits.answer:.2f}, asking back {limits.offer:.2f}"
    yield "score", f"{reply.score:.2f}"
    yield "small talk", ", ".join(f"{kind} {ahead:+.2f}" for kind, ahead in found.talk[:3])


def _facts(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold underline", box=None, show_header=False)
    table.add_column(min_width=16)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(Text(name, style="dim"), Text(value))
    return table


def _matches(title: str, matches: Iterable[Match]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold underline", box=None, show_header=False)
    table.add_column(justify="right", min_width=16)
    table.add_column(overflow="fold")
    for match in list(matches)[:_SHOWN]:
        near = f"  like “{match.phrasing}”" if match.phrasing else ""
        table.add_row(f"{match.score:.2f}", Text.assemble(match.intent, (near, "dim")))
    return table

"""`faqbot eval`: how good the bot is on labelled messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.engine import open_engine, progress_bar, screen
from bot.cli.options import AsJson, Knowledge, Lang
from bot.cli.report import show
from bot.evaluate import Facts, Gate, compare, leave_out, measure, read_files

DEFAULT_FOLDER = Path("tests/eval")


def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of labelled messages; by default tests/eval/<lang>/*.jsonl.", show_default=False),
    ] = None,
    as_json: AsJson = False,
    earlier: Annotated[
        Path | None, typer.Option("--compare", metavar="FILE", help="Set it beside what eval --json printed earlier.")
    ] = None,
    gate: Annotated[
        Path | None, typer.Option("--gate", metavar="FILE", help="Exit with 1 when a limit in this file is broken.")
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option("--facts", metavar="FILE", help="Which facts each answer tells; by default in tests/eval/."),
    ] = None,
    left_out: Annotated[
        bool,
        typer.Option(
            "--leave-one-out",
            help="Ask the knowledge its own examples instead, in groups, each of a matcher trained without them.",
        ),
    ] = False,
    groups: Annotated[int, typer.Option("--groups", min=2, help="How many groups --leave-one-out makes.")] = 10,
    misses: Annotated[int, typer.Option("--misses", min=0, help="How many of the misses to list.")] = 20,
    knowledge: Knowledge = None,
    lang: Lang = "en",
) -> None:
    """Measure the bot on labelled messages: right, offered, wrong, silent, and what it sees of emergencies."""
    limits = Gate.read(gate) if gate else None
    talks = () if left_out else read_files(files or sorted((DEFAULT_FOLDER / lang).glob("*.jsonl")))
    assistant = open_engine(knowledge, lang)
    asks_facts = any(case.facts for talk in talks for case in talk.cases)
    known = Facts.read(facts or DEFAULT_FOLDER / "facts.yaml", assistant.kb) if asks_facts else None
    with progress_bar("Asking") as progress:
        if left_out:
            measured = leave_out(assistant.kb, assistant.dialogue.scanner, groups, progress)
        else:
            measured = measure(assistant, talks, progress, known)
    change = compare(earlier, measured) if earlier else None
    breaches = limits.breaches(measured.figures) if limits else ()
    if as_json:
        report = measured.as_json()
        if change:
            report["compared"] = change.as_json()
        if limits:
            report["gate"] = [str(breach) for breach in breaches]
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        show(screen(), measured, change, misses)
    for breach in breaches:
        typer.echo(f"Gate broken: {breach}", err=True)
    if breaches:
        raise typer.Exit(1)

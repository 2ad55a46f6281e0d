"""`faqbot calibrate`: fit chances and thresholds on labelled messages, and write them into the knowledge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot import knowledge as files
from bot import settings
from bot.calibrate import fit, look
from bot.cli.engine import folder_of, open_engine, progress_bar, screen
from bot.cli.eval import DEFAULT_FOLDER
from bot.cli.options import Knowledge, Lang
from bot.errors import KnowledgeError
from bot.evaluate import read_files


def calibrate(
    labelled: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of labelled messages; by default tests/eval/<lang>/*.jsonl.", show_default=False),
    ] = None,
    limit: Annotated[
        float, typer.Option("--limit", min=0.001, max=0.5, help="The share of off-topic messages that may be answered.")
    ] = 0.05,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be written, and write nothing.")] = False,
    knowledge: Knowledge = None,
    lang: Lang = "en",
) -> None:
    """Fit when the bot speaks, print right against false answers, and write calibration.yaml into the knowledge."""
    talks = read_files(labelled or sorted((DEFAULT_FOLDER / lang).glob("*.jsonl")))
    assistant = open_engine(knowledge, lang)
    with progress_bar("Asking") as progress:
        seen = look(assistant.dialogue.matcher, talks, progress)
    if not any(each.ours for each in seen) or all(each.ours for each in seen):
        raise KnowledgeError("Calibration needs both questions that a section answers and messages that none does.")
    found = fit(seen, limit, datetime.now(UTC).date().isoformat(), assistant.kb.digest)
    table = Table(title=f"{found.ours} questions of ours, {found.others} others, each left out of its own fit")
    for column in ("threshold", "right %", "wrong %", "others answered %"):
        table.add_column(column, justify="right")
    for point in found.curve:
        row = (f"{point.threshold:.3f}", *(f"{100 * share:.1f}" for share in (point.right, point.wrong, point.false)))
        table.add_row(*row)
    out = screen()
    out.print(table)
    out.print(f"Calibration error {100 * found.error:.1f} points; limits {found.calibration.limits}")
    if not dry_run:
        semantic = settings.read().semantic_model is not None
        path = files.write_calibration(folder_of(knowledge), lang, found.calibration, semantic=semantic)
        out.print(f"Written: {path}")

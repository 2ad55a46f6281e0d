"""The options that every command takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Knowledge = Annotated[
    Path | None,
    typer.Option(
        "--knowledge",
        metavar="DIR",
        help="The knowledge folder; by default FAQBOT_KNOWLEDGE, else ./knowledge, else the one that came with faqbot.",
        show_default=False,
    ),
]
Lang = Annotated[str, typer.Option("--lang", metavar="CODE", help="The language: a folder inside the knowledge.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print for machines instead of people.")]

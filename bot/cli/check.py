"""`faqbot check` and `faqbot schema`: for those who write the knowledge."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot import check as checker
from bot.cli.engine import folder_of
from bot.cli.options import Knowledge, Lang
from bot.knowledge import json_schema


def check(
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings too.")] = False,
    form: Annotated[
        checker.Form,
        typer.Option("--format", help="text for people, json for programs, github for its pull requests."),
    ] = "text",
    knowledge: Knowledge = None,
    lang: Lang = "en",
) -> None:
    """Name every problem of the knowledge, with its file and line."""
    problems = checker.check(folder_of(knowledge), lang)
    found = checker.format(problems, form)
    if found:
        typer.echo(found)
    if any(strict or problem.level == "error" for problem in problems):
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON schema of an intent file, for editors that check YAML while it is written."""
    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))

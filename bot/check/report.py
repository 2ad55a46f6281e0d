"""Problems as text for people, JSON for programs, or the commands that put marks on a pull request on GitHub."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

from bot.check.answers import can_grade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import Problem

Form = Literal["text", "json", "github"]


def format(problems: Sequence[Problem], form: Form = "text") -> str:  # noqa: A001 - `check.format` reads as it should
    """The problems in one of the three forms, without a line end after the last line."""
    if form == "json":
        return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)
    if form == "github":
        return "\n".join(_command(problem) for problem in problems)
    lines = [str(problem) for problem in problems]
    if not can_grade():
        lines.append("Not checked: how hard the answers read (textstat is not installed).")
    return "\n".join([*lines, _count(problems)])


def _count(problems: Sequence[Problem]) -> str:
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return "No problems found."
    return f"Found {errors} error{'s' * (errors != 1)} and {warnings} warning{'s' * (warnings != 1)}."


def _command(problem: Problem) -> str:
    values = {"file": problem.path, "line": str(problem.line), "title": problem.rule}
    properties = ",".join(
        f"{name}={_escape(value).replace(':', '%3A').replace(',', '%2C')}" for name, value in values.items()
    )
    return f"::{problem.level} {properties}::{_escape(problem.message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

"""What all rules share: a rule takes a folder and yields problems; its docstring is its manual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.knowledge.files import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.domain import Level, Problem
    from bot.knowledge import Folder
    from bot.knowledge.reader import Reading

    Rule = Callable[[Folder], Iterator[Problem]]


def finding(reading: Reading[Any], line: int, rule: str, message: str, level: Level = "error") -> Problem:
    """A problem at a line of a file that was read."""
    return problem(reading.path, reading.root, line, rule, message, level)

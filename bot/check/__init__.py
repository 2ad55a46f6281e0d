"""The checker of the knowledge: what the loader finds, and rules for what a good answer needs; see `RULES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.check.answers import hard_answer, long_answer, long_narrow_answer
from bot.check.caution import dose, reassurance, unwritten
from bot.check.navigation import (
    few_follow_ups,
    follow_up_to_itself,
    long_menu_line,
    long_title,
    missing_phrase,
    order_twice,
    title_twice,
)
from bot.check.questions import few_questions, question_twice
from bot.check.report import Form, format  # noqa: A004 - `check.format` reads as it should
from bot.knowledge import open_folder

if TYPE_CHECKING:
    from pathlib import Path

    from bot.check.rule import Rule
    from bot.domain import Problem

RULES: dict[str, Rule] = {
    "question-twice": question_twice,
    "few-questions": few_questions,
    "long-answer": long_answer,
    "hard-answer": hard_answer,
    "long-narrow-answer": long_narrow_answer,
    "reassurance": reassurance,
    "dose": dose,
    "unwritten": unwritten,
    "long-title": long_title,
    "title-twice": title_twice,
    "follow-up-to-itself": follow_up_to_itself,
    "few-follow-ups": few_follow_ups,
    "order-twice": order_twice,
    "long-menu-line": long_menu_line,
    "missing-phrase": missing_phrase,
}
"""The rules by the name their problems carry; the docstring of each is its manual."""

__all__ = ["RULES", "Form", "check", "format"]


def check(folder: Path, lang: str = "en") -> tuple[Problem, ...]:
    """All problems of a knowledge folder, sorted by file and line: those that stop it from loading, and the rules'."""
    _, read = open_folder(folder, lang)
    found = [*read.problems, *(problem for rule in RULES.values() for problem in rule(read))]
    return tuple(sorted(found, key=lambda problem: (problem.path, problem.line, problem.rule)))

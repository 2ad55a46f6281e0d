"""The one door to the knowledge folder: read it, or learn everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bot
from bot.domain import KnowledgeBase, Problem, SafetyKnowledge
from bot.errors import KnowledgeError
from bot.knowledge import files
from bot.knowledge.build import build, defaults
from bot.knowledge.calibration import write_calibration
from bot.knowledge.folder import Folder, read_folder
from bot.knowledge.links import check_links
from bot.knowledge.safety import read_safety
from bot.knowledge.schema import json_schema
from bot.knowledge.texts import Outgoing, cards, outgoing

if TYPE_CHECKING:
    from bot.knowledge.schema import PhrasesFile

__all__ = [
    "Folder",
    "Outgoing",
    "cards",
    "default_folder",
    "inspect",
    "json_schema",
    "load",
    "names",
    "open_folder",
    "outgoing",
    "write_calibration",
]


def load(folder: Path, lang: str = "en") -> KnowledgeBase:
    """The knowledge of one language; raises KnowledgeError with every problem if anything in it is an error."""
    base, problems = inspect(folder, lang)
    if base is None:
        errors = [problem for problem in problems if problem.level == "error"]
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        raise KnowledgeError(f"The knowledge in {folder} cannot be used: {errors[0]}{more}.", problems)
    return base


def inspect(folder: Path, lang: str = "en") -> tuple[KnowledgeBase | None, tuple[Problem, ...]]:
    """The knowledge base, None if there is an error, and all problems of the folder at once."""
    base, read = open_folder(folder, lang)
    return base, tuple(read.problems)


def open_folder(folder: Path, lang: str = "en") -> tuple[KnowledgeBase | None, Folder]:
    """As `inspect`, with the files themselves, which know their lines."""
    base = defaults()
    read = read_folder(folder, lang)
    check_links(read, names(base))
    safety = SafetyKnowledge()
    if files.is_dir(read.path / "safety"):
        safety = read_safety(read.path / "safety", read.root, read.problems)
    if any(problem.level == "error" for problem in read.problems):
        return None, read
    return build(read, base, safety), read


def default_folder() -> Path:
    """`knowledge/` in the current directory, else the copy inside the installed package, else that of the checkout."""
    package = Path(bot.__file__).parent
    for path in (Path("knowledge"), package / "_knowledge", package.parent / "knowledge"):
        if files.is_dir(path):
            return path
    raise KnowledgeError("There is no knowledge folder here: name one with --knowledge.")


def names(base: PhrasesFile | None = None) -> dict[str, frozenset[str]]:
    """The names that each part of phrases.yaml may have, all of which the program uses."""
    base = base or defaults()
    parts = ("smalltalk", "followups", "replies", "commands", "menu")
    return {part: frozenset(getattr(base, part)) for part in parts}

"""Labelled messages and conversations, read from JSON Lines files.

A message is `{"id", "text", "labels", "kind"}`, a conversation `{"id", "turns": [{"text", "labels"}, ...]}`. A label is
a section, an intent id, or one of the reply types in `REPLY_TYPES`; the first is the best one. `CALM` asks only that
there is neither a card nor a refusal, whatever the answer. A message may also name the redirects that are right for it
("redirect") and the facts it asks for ("facts").
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain import ELSEWHERE
from bot.errors import FaqbotError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CALM = "calm"
REPLY_TYPES = frozenset({"emergency", "crisis", "personal_advice", "prognosis", "oos", "smalltalk", CALM})


class CaseError(FaqbotError):
    """A file of labelled messages cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One message with every label that would be right; `turn` is its place in a conversation, 0 outside of one."""

    key: str
    file: str
    text: str
    labels: tuple[str, ...]
    kind: str = ""
    turn: int = 0
    redirects: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """What its best label asks for: a reply type, `off_topic` or `in_scope`."""
        best = self.labels[0]
        if best == "oos" or best.partition(".")[0] == ELSEWHERE:
            return "off_topic"
        return best if best in REPLY_TYPES else "in_scope"


@dataclass(frozen=True, slots=True)
class Talk:
    """Cases that are asked in one conversation, in order; most hold just one."""

    cases: tuple[Case, ...]


def read_files(paths: Iterable[Path]) -> tuple[Talk, ...]:
    """Read every file; raises CaseError at the first line that is not in the form above, or for two equal keys."""
    found: list[Talk] = []
    keys: set[str] = set()
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            talk = _conversation(path.stem, line, place)
            if talk.cases[0].key in keys:
                raise CaseError(f"{place}: the id {talk.cases[0].key!r} is used twice; give each item its own.")
            keys.add(talk.cases[0].key)
            found.append(talk)
    if not found:
        raise CaseError("There is nothing to measure: name at least one file of labelled messages (JSON Lines).")
    return tuple(found)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise CaseError(f"{path}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: cannot be read as UTF-8 text ({type(error).__name__}).") from error


def _conversation(file: str, line: str, place: str) -> Talk:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise CaseError(f"{place}: not valid JSON.") from error
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise CaseError(f'{place}: expected an object with a text "id".')
    key = f"{file}/{item['id']}"
    if "turns" not in item:
        return Talk((_case(item, key, file, place, 0),))
    turns = item["turns"]
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, dict) for turn in turns):
        raise CaseError(f'{place}: "turns" must be a list of objects.')
    return Talk(tuple(_case(turn, f"{key}#{n}", file, place, n) for n, turn in enumerate(turns, 1)))


def _case(item: dict[str, Any], key: str, file: str, place: str, turn: int) -> Case:
    text, labels, kind = item.get("text"), item.get("labels"), item.get("kind", "")
    if not isinstance(text, str) or not isinstance(kind, str):
        raise CaseError(f'{place}: "text" and "kind" must be text.')
    if not labels or not _is_texts(labels):
        raise CaseError(f'{place}: "labels" must be a list with at least one label.')
    redirects, facts = (item.get(name, []) for name in ("redirect", "facts"))
    if not _is_texts(redirects) or not _is_texts(facts):
        raise CaseError(f'{place}: "redirect" and "facts" must be lists of ids.')
    return Case(key, file, text, tuple(labels), kind, turn, tuple(redirects), tuple(facts))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)

"""Reads `safety/`: cards, words, flags, examples, languages; whatever is wrong becomes a problem with its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.domain import Card, Problem, SafetyKnowledge, SafetyLevel
from bot.domain.safety import Doubt, Flag, Language
from bot.knowledge.files import problem
from bot.knowledge.reader import Reading, parse, read
from bot.safety import EXAMPLES, PatternError, Patterns

if TYPE_CHECKING:
    from pathlib import Path

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_FLAG_FILES: tuple[tuple[str, SafetyLevel, str], ...] = (
    ("flags.yaml", "urgent", "urgent"),
    ("crisis.yaml", "crisis", "crisis"),
    ("refusals.yaml", "advice", "advice_{id}"),
)
_LISTS_OF_THE_PROGRAM = frozenset(("fillers", "leads", "real_words"))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CardModel(_Strict):
    """A card: a title over a text."""

    title: Text
    text: Text


class Cards(_Strict):
    """`cards.yaml`: every card, and what stands for contacts that the operator did not set."""

    defaults: dict[str, Text]
    cards: dict[str, CardModel]


class WordLists(_Strict):
    """`words.yaml`: the lists that patterns name."""

    lists: dict[str, list[Text]]


class FlagModel(_Strict):
    """One kind of sign in words."""

    title: Text
    patterns: list[Text] = Field(min_length=1)
    hints: list[Text] = []
    doubt: Doubt = "usual"


class Flags(_Strict):
    """`flags.yaml`, `crisis.yaml`, `refusals.yaml`: kinds of signs by name."""

    flags: dict[str, FlagModel]


class Temperature(_Strict):
    """`temperature.yaml`: what tells a temperature from other numbers."""

    celsius: list[Text]
    fahrenheit: list[Text]
    degrees: list[Text]
    cues: list[Text]
    near_cues: list[Text]
    never_before: list[Text]
    never_after: list[Text]
    things: list[Text]
    then: list[Text]
    beside: list[Text]
    people: list[Text]


class Context(_Strict):
    """`context.yaml`: denied, past, asked for information, told in a story, a figure of speech."""

    negation: list[Text]
    over: list[Text]
    past: list[Text]
    now: list[Text]
    asks: list[Text]
    asks_what: list[Text]
    asks_when: list[Text]
    asks_first: list[Text]
    person_now: list[Text]
    action: list[Text]
    story: list[Text]
    things: list[Text]
    idioms: list[Text]
    doubt: list[Text]
    settled: list[Text]
    not_advice: list[Text]
    seen: list[Text]


class LanguageModel(_Strict):
    """One other language: its emergency words and its urgent card."""

    name: Text
    title: Text
    text: Text
    words: list[Text] = Field(min_length=1)
    crisis: list[Text] = []


class Languages(_Strict):
    """`languages.yaml`: other languages by code."""

    languages: dict[str, LanguageModel]


class Examples(_Strict):
    """`examples/<class>.yaml`: messages of one class, as people type them."""

    messages: list[Text] = Field(min_length=1)


def read_safety(folder: Path, root: Path, problems: list[Problem]) -> SafetyKnowledge:
    """What a knowledge folder's `safety/` holds, empty when it has none; problems are added to the list."""
    if not folder.is_dir():
        return SafetyKnowledge()
    cards = read(folder / "cards.yaml", root, Cards, problems)
    words = parse(folder / "words.yaml", root, WordLists, problems)
    lists = {name: tuple(entries) for name, entries in words.model.lists.items()} if words and words.model else {}
    languages = _languages(folder, root, problems)
    every_card = {name: Card(card.title, card.text) for name, card in cards.cards.items()} if cards else {}
    every_card |= {f"urgent_{language.code}": language.card for language in languages}
    context = parse(folder / "context.yaml", root, Context, problems)
    flags = [_read_flags(folder / name, root, problems, level, card) for name, level, card in _FLAG_FILES]
    if words and words.model and cards:
        patterns = Patterns(lists)
        for reading, found in flags:
            problems += _check_flags(reading, found, patterns, every_card)
        problems += _check_context(context, patterns) if context else []
        problems += _unused(words, patterns)
    return SafetyKnowledge(
        cards=every_card,
        defaults=dict(cards.defaults) if cards else {},
        examples=_examples(folder / "examples", root, problems),
        words=lists,
        flags=tuple(flag for _, found in flags for flag in found),
        temperature=_lists(read(folder / "temperature.yaml", root, Temperature, problems)),
        context=_lists(context.model if context else None),
        languages=languages,
    )


def _lists(model: BaseModel | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(entries) for name, entries in model.model_dump().items()} if model else {}


def _read_flags(
    path: Path, root: Path, problems: list[Problem], level: SafetyLevel, card: str
) -> tuple[Reading[Flags] | None, list[Flag]]:
    reading = parse(path, root, Flags, problems)
    found = []
    for name, flag in (reading.model.flags if reading and reading.model else {}).items():
        prognosis = name == "prognosis"
        own_level: SafetyLevel = "prognosis" if prognosis else level
        own_card = "prognosis" if prognosis else card.format(id=name)
        patterns, hints = tuple(flag.patterns), tuple(flag.hints)
        found.append(Flag(name, own_level, own_card, flag.title, patterns, hints, flag.doubt))
    return reading, found


def _check_flags(
    reading: Reading[Flags] | None, flags: list[Flag], patterns: Patterns, cards: dict[str, Card]
) -> list[Problem]:
    """Patterns that cannot be read or stand there twice, and flags whose card is missing."""
    found: list[Problem] = []
    if reading is None:
        return found

    def report(rule: str, message: str, *where: str | int) -> None:
        found.append(problem(reading.path, reading.root, reading.line("flags", *where), rule, message))

    for flag in flags:
        if flag.card not in cards:
            report("missing-card", f"There is no card `{flag.card}` in cards.yaml: write it.", flag.id)
        if flag.doubt != "usual" and flag.level != "urgent":
            report("no-doubt", "`doubt` counts only in flags.yaml: take it out.", flag.id, "doubt")
        seen: set[str] = set()
        for key, entries in (("patterns", flag.patterns), ("hints", flag.hints)):
            for n, pattern in enumerate(entries):
                if pattern in seen:
                    report("duplicate-pattern", f"`{pattern}` stands here twice: take one out.", flag.id, key, n)
                seen.add(pattern)
                try:
                    patterns.add(flag.id, pattern)
                except PatternError as error:
                    report("bad-pattern", _unreadable(pattern, error), flag.id, key, n)
    return found


def _check_context(reading: Reading[Context], patterns: Patterns) -> list[Problem]:
    """Marks of context whose pattern cannot be read."""
    found: list[Problem] = []
    for mark, entries in _lists(reading.model).items():
        for n, entry in enumerate(entries):
            try:
                patterns.add(mark, entry)
            except PatternError as error:
                line = reading.line(mark, n)
                found.append(problem(reading.path, reading.root, line, "bad-pattern", _unreadable(entry, error)))
    return found


def _unreadable(pattern: str, error: PatternError) -> str:
    return f"`{pattern}` cannot be read: there is no list {error} in words.yaml, or a part is empty."


def _unused(words: Reading[WordLists], patterns: Patterns) -> list[Problem]:
    """Lists that no pattern names."""
    lists = words.model.lists if words.model else {}
    return [
        problem(words.path, words.root, words.line("lists", name), "unused-list", message, "warning")
        for name in lists
        if name not in patterns.named and name not in _LISTS_OF_THE_PROGRAM
        for message in [f"No pattern names `<{name}>`: use it, or take it out."]
    ]


def _examples(folder: Path, root: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in EXAMPLES:
            message = f"`{path.stem}` is no class of messages: known are {', '.join(EXAMPLES)}."
            problems.append(problem(path, root, 1, "unknown-examples", message))
            continue
        model = read(path, root, Examples, problems)
        if model:
            found[path.stem] = tuple(model.messages)
    return found


def _languages(folder: Path, root: Path, problems: list[Problem]) -> tuple[Language, ...]:
    model = read(folder / "languages.yaml", root, Languages, problems)
    return tuple(
        Language(code, one.name, Card(one.title, one.text), tuple(one.words), tuple(one.crisis))
        for code, one in (model.languages if model else {}).items()
    )

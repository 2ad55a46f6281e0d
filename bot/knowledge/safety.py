"""Reads `safety/`: cards, words, flags, examples, languages; whatever is wrong becomes a problem with its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.domain import Card, Problem, SafetyKnowledge, SafetyLevel
from bot.domain.safety import Flag, Language
from bot.knowledge.reader import read

if TYPE_CHECKING:
    from pathlib import Path

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_FLAG_FILES: tuple[tuple[str, SafetyLevel, str], ...] = (
    ("flags.yaml", "urgent", "urgent"),
    ("crisis.yaml", "crisis", "crisis"),
    ("refusals.yaml", "advice", "advice_{id}"),
)


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
    elsewhere: list[Text]
    limits: list[Text] = []


class Context(_Strict):
    """`context.yaml`: denied, past, asked for information, told in a story, a figure of speech."""

    negation: list[Text]
    over: list[Text]
    past: list[Text]
    now: list[Text]
    asks: list[Text]
    asks_first: list[Text]
    person_now: list[Text]
    action: list[Text]
    story: list[Text]
    idioms: list[Text]
    doubt: list[Text]
    settled: list[Text]
    not_advice: list[Text]


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
    words = read(folder / "words.yaml", root, WordLists, problems)
    temperature = read(folder / "temperature.yaml", root, Temperature, problems)
    context = read(folder / "context.yaml", root, Context, problems)
    languages = _languages(folder, root, problems)
    every_card = {name: Card(card.title, card.text) for name, card in cards.cards.items()} if cards else {}
    every_card |= {f"urgent_{language.code}": language.card for language in languages}
    return SafetyKnowledge(
        cards=every_card,
        defaults=dict(cards.defaults) if cards else {},
        examples=_examples(folder / "examples", root, problems),
        words={name: tuple(entries) for name, entries in words.lists.items()} if words else {},
        flags=_flags(folder, root, problems),
        temperature=_lists(temperature),
        context=_lists(context),
        languages=languages,
    )


def _lists(model: BaseModel | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(entries) for name, entries in model.model_dump().items()} if model else {}


def _flags(folder: Path, root: Path, problems: list[Problem]) -> tuple[Flag, ...]:
    found = []
    for name, level, card in _FLAG_FILES:
        model = read(folder / name, root, Flags, problems)
        for id_, flag in (model.flags if model else {}).items():
            prognosis = id_ == "prognosis"
            found.append(
                Flag(
                    id=id_,
                    level="prognosis" if prognosis else level,
                    card="prognosis" if prognosis else card.format(id=id_),
                    title=flag.title,
                    patterns=tuple(flag.patterns),
                    hints=tuple(flag.hints),
                )
            )
    return tuple(found)


def _examples(folder: Path, root: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
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

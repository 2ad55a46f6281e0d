"""Emergency words in other languages, found without grammar, so that nobody gets "I don't understand"."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.safety.words import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.safety import Language

_LETTERS = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "ß": "ss"})
"""Latin letters whose marks do not come off by decomposition."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """An emergency word found: in which language, which word, and whether it is one of crisis."""

    code: str
    name: str
    word: str
    crisis: bool


class Languages:
    """The words of every language, Latin ones whole (a `*` at the end stands for any ending), others anywhere."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self._whole: list[tuple[str, Foreign]] = []
        self._anywhere: list[tuple[str, Foreign]] = []
        for language in languages:
            for words, crisis in ((language.crisis, True), (language.words, False)):
                for word in words:
                    found = Foreign(language.code, language.name, word, crisis)
                    plain = _plain(word.rstrip("*"))
                    if plain.isascii():
                        self._whole.append((f" {plain}" if word.endswith("*") else f" {plain} ", found))
                    else:
                        self._anywhere.append((_folded(word), found))

    def find(self, text: str) -> Foreign | None:
        """The first emergency word of a cleaned text; words of crisis go first."""
        plain = f" {_plain(text)} "
        hits = [found for word, found in self._whole if word in plain]
        if not text.isascii():
            folded = _folded(text)
            hits += [found for word, found in self._anywhere if word in folded]
        return min(hits, key=lambda found: not found.crisis, default=None)


def _plain(text: str) -> str:
    """Words between single spaces, lower case, without accents."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(read(text.translate(_LETTERS)).tokens)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())

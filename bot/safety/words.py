"""A message as safety reads it: words, numbers and signs in order, each with its sentence and its clause."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from bot.text import MAX_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,·٫]\d+)*|[^\w\s']|_|\n")
_DIGIT = re.compile(r"\d")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_ENDS = frozenset(".!?\n…")
_CLAUSE_ENDS = frozenset(",;:()-–—")
_TURNS = frozenset(("but", "however", "although", "though", "except", "anyway"))
_ENDS = _SENTENCE_ENDS | _CLAUSE_ENDS | _TURNS
_MAX_CACHED = 20_000


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a message in lower case; `sentence[i]` and `clause[i]` number the part that token i stands in."""

    tokens: tuple[str, ...]
    sentence: tuple[int, ...]
    clause: tuple[int, ...]
    questions: frozenset[int]
    """The sentences that end with a question mark."""
    digits: bool = False
    """Whether a token is a number in digits."""

    def __len__(self) -> int:
        return len(self.tokens)

    def at(self, place: int) -> str:
        """The token at a place, or an empty string outside the message."""
        return self.tokens[place] if 0 <= place < len(self.tokens) else ""

    def beside(self, place: int, near: int) -> str:
        """The token at a place if it is in the sentence of the token `near`, else an empty string."""
        together = 0 <= place < len(self.tokens) and self.sentence[place] == self.sentence[near]
        return self.tokens[place] if together else ""

    @property
    def last_opening(self) -> str:
        """The first two words of the last sentence."""
        start = self.sentence.index(self.sentence[-1]) if self.sentence else 0
        return self.text(start, start + 2)

    def text(self, start: int, end: int) -> str:
        """The words from start to end, as they were read."""
        return " ".join(self.tokens[start:end])


def read(text: str) -> Words:
    """Split a cleaned text; apostrophes go ("can't" is "cant"), a decimal comma becomes a point."""
    tokens: list[str] = []
    sentences: list[int] = []
    clauses: list[int] = []
    questions: set[int] = set()
    sentence = clause = 0
    for word in _TOKEN.findall(text.casefold()):
        if word in _ENDS:
            clause += 1
            if word in _SENTENCE_ENDS:
                if word == "?":
                    questions.add(sentence)
                sentence += 1
                continue
        tokens.append(_token(word[:MAX_LETTERS]))
        sentences.append(sentence)
        clauses.append(clause)
    digits = _DIGIT.search(text) is not None
    return Words(tuple(tokens), tuple(sentences), tuple(clauses), frozenset(questions), digits)


def counted(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in texts, as `read` has it; numbers and signs are left out."""
    found: Counter[str] = Counter()
    written = Counter(chain.from_iterable(_TOKEN.findall(text.casefold()) for text in texts))
    for word, often in written.items():
        if word[0].isalpha():
            found[_token(word[:MAX_LETTERS])] += often
    return found


@lru_cache(maxsize=_MAX_CACHED)
def _token(word: str) -> str:
    if word[0].isdigit():
        return _decimal(word)
    return _STRETCHED.sub(r"\1\1", word).replace("'", "")


def _decimal(number: str) -> str:
    """One decimal point ("38,5" is "38.5"); a thousands comma goes ("104,000"), anything else stays as it is."""
    parts = re.split(r"[.,·٫]", number)
    if len(parts) == 2 and len(parts[1]) <= 2:
        return ".".join(parts)
    return "".join(parts) if all(len(part) == 3 for part in parts[1:]) else number

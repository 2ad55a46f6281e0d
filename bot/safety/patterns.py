"""The little language of the flags: words, stems, `<lists>`, and `+` for parts near each other in one sentence.

short of breath            these words in this order; small words may stand between
<cannot> + <breathe>       a word of the one list and a word of the other, near each other, in any order
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.safety.lexicon import Lexicon
from bot.safety.nearness import Span, sets_near
from bot.safety.phrases import Phrases, Token, every

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.safety.words import Words

_MOST_FILLERS = 3
_MAX_KNOWN = 20_000
_SETTING = frozenset(("<who>", "<present>"))
"""Parts that say who and when: a "no" before them does not take the sign back, one after them can."""

Spans = dict[int, list[Span]]
Ends = dict[tuple[int, int], list[int]]


class PatternError(ValueError):
    """A pattern names a list that does not exist, or says nothing."""


class Hit(NamedTuple):
    """Where a pattern was found: which flag, which pattern, and where each of its parts stands."""

    flag: str
    pattern: str
    parts: tuple[Span, ...]
    core: int
    """The first token of the first part that is not merely who or when."""
    hint: bool = False

    @property
    def start(self) -> int:
        """The first token."""
        return min(self.parts)[0]

    @property
    def end(self) -> int:
        """The token after the last."""
        return max(end for _, end in self.parts)

    def covers(self, start: int, end: int) -> bool:
        """Whether a part has a token in common with a span."""
        return any(start < after and before < end for before, after in self.parts)


@dataclass(frozen=True, slots=True)
class _Pattern:
    flag: str
    source: str
    parts: tuple[int, ...]
    core: tuple[int, ...]
    hint: bool


class Patterns:
    """All patterns of all flags, ready to be looked for in one pass over a message."""

    def __init__(self, lists: Mapping[str, Iterable[str]], keep: Collection[str] = ()) -> None:
        self._lists = {name: tuple(entries) for name, entries in lists.items()}
        self._fillers = frozenset(self._lists.get("fillers", ()))
        self._lexicon = Lexicon(keep)
        self._list_numbers: dict[str, int] = {}
        self._entries, self._phrases = Phrases(), Phrases()
        self._parts: dict[tuple[int, ...], int] = {}
        self._by_part: dict[int, list[tuple[int, frozenset[int]]]] = {}
        self._patterns: list[_Pattern] = []
        self._named: set[str] = set()
        self._known: dict[str, Token] = {}

    @property
    def named(self) -> frozenset[str]:
        """The lists that the patterns name, those named by other lists included."""
        return frozenset(self._named)

    def add(self, flag: str, pattern: str, *, hint: bool = False) -> None:
        """Learn one pattern of a flag; raises PatternError when it cannot be read."""
        sources = pattern.split(" + ")
        parts = tuple(self._part(part) for part in sources)
        core = tuple(n for n, part in enumerate(sources) if part not in _SETTING) or (0,)
        first = parts[core[0]]
        self._by_part.setdefault(first, []).append((len(self._patterns), frozenset(parts) - {first}))
        self._patterns.append(_Pattern(flag, pattern, parts, core, hint))

    def find(self, words: Words) -> list[Hit]:
        """Every pattern that stands in the message, each at most once for a clause, in the order of the flags."""
        parts = self._spans(words)
        here = set(parts)
        likely = [number for part in here for number, others in self._by_part.get(part, ()) if others <= here]
        hits = []
        for number in sorted(likely):
            pattern = self._patterns[number]
            places = [parts[part] for part in pattern.parts]
            hits += [
                Hit(pattern.flag, pattern.source, found, min([found[n][0] for n in pattern.core]), pattern.hint)
                for found in sets_near(places, words)
            ]
        return hits

    def _part(self, source: str) -> int:
        """The number of a phrase, whose elements are atoms (0 and up) or lists (below 0)."""
        elements = tuple(self._element(word) for word in _split(source))
        if not elements:
            raise PatternError(source)
        if elements not in self._parts:
            self._parts[elements] = len(self._parts)
            self._phrases.add(elements, self._parts[elements])
        return self._parts[elements]

    def _element(self, word: str) -> int:
        if not word.startswith("<"):
            return self._lexicon.add(word)
        name = word[1:-1]
        if name not in self._list_numbers:
            number = self._list_numbers[name] = -1 - len(self._list_numbers)
            for entry in flat(name, self._lists, self._named):
                atoms = tuple(self._lexicon.add(word) for word in _split(entry))
                self._entries.add(atoms, number)
        return self._list_numbers[name]

    def _tokens(self, words: Words) -> list[Token]:
        known = self._known
        if len(known) > _MAX_KNOWN:
            known.clear()
        for token in words.tokens:
            if token not in known:
                known[token] = self._learn(token)
        return [known[token] for token in words.tokens]

    def _learn(self, token: str) -> Token:
        atoms = self._lexicon.find(token)
        lists = every(self._entries.single, atoms)
        both = (*atoms, *lists)
        opens, begins = self._entries.first(atoms), self._phrases.first(both)
        return Token(atoms, lists, every(self._phrases.single, both), opens, begins)

    def _spans(self, words: Words) -> Spans:
        """Where each part stands, by its number, in the order of the message."""
        tokens = self._tokens(words)
        here = set().union(*[token.atoms for token in tokens])
        ends: Ends = defaultdict(list)
        for number, place, end in self._longer(
            words, tokens, [token.opens for token in tokens], here, {}, self._entries
        ):
            ends[number, place].append(end)
        here.update(*[token.lists for token in tokens])
        starts = [token.begins for token in tokens]
        found: Spans = defaultdict(list)
        for (number, place), after in ends.items():
            here.add(number)
            if number not in starts[place]:
                starts[place] += (number,)
            for part in self._phrases.single.get(number, ()):
                found[part] += [(place, end) for end in after]
        mixed = tuple(found)
        for place, token in enumerate(tokens):
            for part in token.parts:
                found[part].append((place, place + 1))
        for part in mixed:
            found[part].sort(key=_start)
        for part, place, end in self._longer(words, tokens, starts, here, ends, self._phrases):
            found[part].append((place, end))
        return found

    def _longer(
        self,
        words: Words,
        tokens: Sequence[Token],
        starts: Sequence[tuple[int, ...]],
        here: set[int],
        ends: Mapping[tuple[int, int], list[int]],
        phrases: Phrases,
    ) -> Iterator[tuple[int, int, int]]:
        """The phrases of several elements: the number, the first token, and the one after the last."""
        ready = phrases.among(set().union(*starts), here)
        for place, elements_here in enumerate(starts if ready else ()):
            for first in elements_here:
                if first in ready:
                    for elements, number in ready[first]:
                        for end in self._follow(words, tokens, ends, elements, place):
                            yield number, place, end

    def _follow(
        self,
        words: Words,
        tokens: Sequence[Token],
        ends: Mapping[tuple[int, int], list[int]],
        elements: tuple[int, ...],
        place: int,
    ) -> list[int]:
        """The ends that a phrase can have when it starts at a place, in order; small words between are skipped."""
        reached = {place}
        for nth, element in enumerate(elements):
            after: set[int] = set()
            for start in reached:
                for at in range(start, min(start + (_MOST_FILLERS if nth else 0), len(words) - 1) + 1):
                    if words.sentence[at] != words.sentence[place]:
                        break
                    if element in (tokens[at].atoms if element >= 0 else tokens[at].lists):
                        after.add(at + 1)
                    if element < 0:
                        after.update(ends.get((element, at), ()))
                    if words.tokens[at] not in self._fillers:
                        break
            if not after:
                return []
            reached = after
        return sorted(reached)


def flat(name: str, lists: Mapping[str, Iterable[str]], named: set[str], inside: tuple[str, ...] = ()) -> list[str]:
    """The entries of a list, those of lists named in it included; raises PatternError for one that is missing."""
    if name not in lists or name in inside:
        raise PatternError(f"<{name}>")
    named.add(name)
    entries: list[str] = []
    for entry in lists[name]:
        entries += flat(entry[1:-1], lists, named, (*inside, name)) if entry.startswith("<") else [entry]
    return entries


def _start(span: Span) -> int:
    return span[0]


def _split(source: str) -> list[str]:
    return source.casefold().replace("'", "").split()

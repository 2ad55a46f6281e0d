"""The little language of the flags: words, stems, `<lists>`, and `+` for parts near each other in one sentence.

short of breath            these words in this order; small words may stand between
<cannot> + <breathe>       a word of the one list and a word of the other, near each other, in any order
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.safety.lexicon import Lexicon
from bot.safety.nearness import Span, sets_near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.safety.words import Words

_MOST_FILLERS = 3
_MAX_KNOWN = 20_000
_SETTING = frozenset(("<who>", "<present>"))
"""Parts that say who and when: a "no" before them does not take the sign back, one after them can."""

Spans = dict[int, list[Span]]
Phrase = tuple[tuple[int, ...], int]


class PatternError(ValueError):
    """A pattern names a list that does not exist, or says nothing."""


@dataclass(frozen=True, slots=True)
class Hit:
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
        return min(start for start, _ in self.parts)

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
    needs: frozenset[int]


class _Phrases:
    """Phrases by their first two elements, so that few are looked at for a message."""

    def __init__(self) -> None:
        self.single: dict[int, list[int]] = {}
        self._longer: dict[int, dict[int, list[Phrase]]] = {}

    def add(self, elements: tuple[int, ...], number: int) -> None:
        """Keep a phrase under its number."""
        if len(elements) == 1:
            self.single.setdefault(elements[0], []).append(number)
        else:
            self._longer.setdefault(elements[0], {}).setdefault(elements[1], []).append((elements, number))

    def among(self, here: set[int]) -> dict[int, list[Phrase]]:
        """The phrases of several elements, by their first one, of which every element is here."""
        found = {}
        for first in here & self._longer.keys():
            seconds = self._longer[first]
            phrases = [
                phrase
                for second in here & seconds.keys()
                for phrase in seconds[second]
                if len(phrase[0]) == 2 or here.issuperset(phrase[0])
            ]
            if phrases:
                found[first] = phrases
        return found


class Patterns:
    """All patterns of all flags, ready to be looked for in one pass over a message."""

    def __init__(self, lists: Mapping[str, Iterable[str]], keep: Collection[str] = ()) -> None:
        self._lists = {name: tuple(entries) for name, entries in lists.items()}
        self._fillers = frozenset(self._lists.get("fillers", ()))
        self._lexicon = Lexicon(keep)
        self._list_numbers: dict[str, int] = {}
        self._entries, self._phrases = _Phrases(), _Phrases()
        self._parts: dict[tuple[int, ...], int] = {}
        self._by_part: defaultdict[int, list[int]] = defaultdict(list)
        self._patterns: list[_Pattern] = []
        self._named: set[str] = set()
        self._known: dict[str, tuple[int, ...]] = {}

    @property
    def named(self) -> frozenset[str]:
        """The lists that the patterns name, those named by other lists included."""
        return frozenset(self._named)

    def add(self, flag: str, pattern: str, *, hint: bool = False) -> None:
        """Learn one pattern of a flag; raises PatternError when it cannot be read."""
        sources = pattern.split(" + ")
        parts = tuple(self._part(part) for part in sources)
        core = tuple(n for n, part in enumerate(sources) if part not in _SETTING) or (0,)
        self._by_part[parts[0]].append(len(self._patterns))
        self._patterns.append(_Pattern(flag, pattern, parts, core, hint, frozenset(parts)))

    def find(self, words: Words) -> list[Hit]:
        """Every pattern that stands in the message, each at most once for a sentence, in the order of the flags."""
        atoms = self._atoms(words)
        lists = self._spans(words, atoms, {}, self._entries)
        parts = self._spans(words, atoms, lists, self._phrases)
        here = {part for part, spans in parts.items() if spans}
        hits = []
        for number in sorted(number for part in here for number in self._by_part[part]):
            pattern = self._patterns[number]
            if pattern.needs <= here:
                places = [parts[part] for part in pattern.parts]
                hits += [
                    Hit(pattern.flag, pattern.source, found, min(found[n][0] for n in pattern.core), pattern.hint)
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

    def _atoms(self, words: Words) -> list[tuple[int, ...]]:
        known = self._known
        if len(known) > _MAX_KNOWN:
            known.clear()
        for token in words.tokens:
            if token not in known:
                known[token] = self._lexicon.find(token)
        return [known[token] for token in words.tokens]

    def _spans(
        self,
        words: Words,
        atoms: Sequence[tuple[int, ...]],
        lists: Spans,
        phrases: _Phrases,
    ) -> Spans:
        """Where each phrase stands, by its number, in the order of the message."""
        starts: list[tuple[int, ...]] = list(atoms)
        ends: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, spans in lists.items():
            for start, end in spans:
                if not ends[number, start]:
                    starts[start] = (*starts[start], number)
                ends[number, start].append(end)
        ready = phrases.among({element for elements in starts for element in elements})
        single = phrases.single
        found: Spans = defaultdict(list)
        for place, elements_here in enumerate(starts):
            for first in elements_here:
                if first in ready:
                    for elements, number in ready[first]:
                        found[number] += [(place, end) for end in self._follow(words, atoms, ends, elements, place)]
                if first in single:
                    after = (place + 1,) if first >= 0 else ends[first, place]
                    spans = [(place, end) for end in after]
                    for number in single[first]:
                        found[number] += spans
        return found

    def _follow(
        self,
        words: Words,
        atoms: Sequence[tuple[int, ...]],
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
                    if element >= 0 and element in atoms[at]:
                        after.add(at + 1)
                    elif element < 0:
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


def _split(source: str) -> list[str]:
    return source.casefold().replace("'", "").split()

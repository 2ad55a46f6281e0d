"""Is a number in the message somebody's temperature, and is it one to call about? It never says a reading is fine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.safety.numbers import Number, digit, read_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.safety.words import Words

FEVER_C = 37.5
"""The lowest published number at which to call (Cancer Research UK); an operator may raise it to 38.0, never more."""
LOW_C = 36.0
_MOST_NUMBERS = 12
_MOST_BESIDE = 4
_NEAR = 4
_WELL_BEFORE, _BESIDE = 5, 2
_CELSIUS, _FAHRENHEIT = (33.0, 43.5), (91.0, 110.0)
_BARE_CELSIUS, _BARE_FAHRENHEIT = (36.0, 42.9), (96.8, 107.9)


@dataclass(frozen=True, slots=True)
class Reading:
    """A body temperature in °C, read from tokens `start` to `end`."""

    celsius: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Around:
    """The sentences with a cue of temperature, those about somebody, the places of things that are warm or cold
    themselves, and whether a temperature is expected.
    """

    cues: frozenset[int]
    people: frozenset[int]
    things: tuple[int, ...]
    expected: bool


class Thermometer:
    """Reads temperatures with the cue words of the knowledge; `fever_c` in °C, 37.5 to 38.0."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], fever_c: float = FEVER_C) -> None:
        self.fever_c = fever_c
        lists = {name: frozenset(entries) for name, entries in words.items()}
        none: frozenset[str] = frozenset()
        self._celsius, self._fahrenheit = lists.get("celsius", none), lists.get("fahrenheit", none)
        self._degrees = lists.get("degrees", none)
        self._cues, self._near_cues = lists.get("cues", none), lists.get("near_cues", none)
        self._before, self._after = lists.get("never_before", none), lists.get("never_after", none)
        self._things, self._people = lists.get("things", none), lists.get("people", none)
        self._then, self._beside = lists.get("then", none), lists.get("beside", none)

    def alarms(self, one: Reading) -> bool:
        """Whether a reading is one to call about."""
        return one.celsius >= self.fever_c or one.celsius < LOW_C

    def readings(self, words: Words, *, expected: bool = False) -> list[Reading]:
        """Every number that is somebody's temperature, the one furthest from 37 °C first."""
        numbers = [number for number in read_numbers(words, _MOST_NUMBERS) if _may_be(number)]
        if not numbers:
            return []
        around = _Around(
            frozenset(words.sentence[n] for n, token in enumerate(words.tokens) if token in self._cues),
            frozenset(words.sentence[n] for n, token in enumerate(words.tokens) if token in self._people),
            tuple(n for n, token in enumerate(words.tokens) if token in self._things and not self._then_was(words, n)),
            expected,
        )
        found = [one for number in numbers if (one := self._reading(words, number, around))]
        return sorted(found, key=lambda one: (-abs(one.celsius - 37), one.start))

    def _reading(self, words: Words, number: Number, around: _Around) -> Reading | None:
        number = self._with_loose_decimal(words, number)
        if self._is_something_else(words, number) or _of_a_thing(words, number, around):
            return None
        unit, end = self._unit(words, number)
        cued = bool(unit) or around.expected or self._cued(words, number, around)
        value = number.value
        if unit == "c" or (unit != "f" and _CELSIUS[0] <= value <= _CELSIUS[1]):
            celsius, bare = value, _BARE_CELSIUS
        elif unit == "f" or _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]:
            celsius, bare = round((value - 32) / 1.8, 2), _BARE_FAHRENHEIT
        else:
            return None
        if not _CELSIUS[0] <= celsius <= _CELSIUS[1]:
            return None
        alone = number.end - number.start == len(words)
        plain = bare[0] <= value <= bare[1] and (number.exact or self._is_all(words, number))
        return Reading(celsius, number.start, end) if cued or alone or plain else None

    def _is_all(self, words: Words, number: Number) -> bool:
        """Whether a message is hardly more than the number: "is 39 ok"."""
        rest = (*words.tokens[: number.start], *words.tokens[number.end :])
        return len(rest) <= _MOST_BESIDE and all(token in self._beside for token in rest)

    def _with_loose_decimal(self, words: Words, number: Number) -> Number:
        """ "38 4" and "thirty eight seven" have decimals when the next token is a single digit and ends the phrase."""
        after = digit(words.beside(number.end, number.start))
        in_range = _CELSIUS[0] <= number.value <= _CELSIUS[1] or _FAHRENHEIT[0] <= number.value <= _FAHRENHEIT[1]
        if number.exact or after is None or not in_range or words.at(number.end + 1) in self._before:
            return number
        return Number(number.value + after / 10, number.start, number.end + 1, exact=True)

    def _is_something_else(self, words: Words, number: Number) -> bool:
        after = words.beside(number.end, number.start)
        before = words.beside(number.start - 1, number.start)
        if after in self._before and after not in self._celsius | self._fahrenheit:
            return True
        if not number.exact and after in {"/", ":", "-", "x"} and words.at(number.end + 1)[:1].isdigit():
            return True
        if before in {"/", ":", "x", "£", "$", "€", "+"}:
            return True
        # "In the room she is 38.6": what stands before somebody is not what is measured.
        first = max(number.start - 3, 0)
        people = [place for place in range(first, number.start) if words.at(place) in self._people]
        near = range(people[-1] + 1 if people else first, number.start)
        if any(words.at(place) in self._after and words.clause[place] == words.clause[number.start] for place in near):
            return not any(words.at(place) in self._cues for place in near)
        return False

    def _then_was(self, words: Words, place: int) -> bool:
        """Whether a thing only says when: "38.9 after her bath"."""
        return any(words.beside(place - back, place) in self._then for back in (1, 2))

    def _unit(self, words: Words, number: Number) -> tuple[str, int]:
        """ "c", "f" or "?" (degrees of some kind) after a number, and where it ends."""
        degrees = words.beside(number.end, number.start) in self._degrees
        end = number.end + degrees
        token = words.beside(end, number.start)
        if token in self._celsius:
            return "c", end + 1
        if token in self._fahrenheit:
            return "f", end + 1
        return ("?", end) if degrees else ("", number.end)

    def _cued(self, words: Words, number: Number, around: _Around) -> bool:
        """Whether a cue stands in the sentence or beside it, or a weaker one near the number."""
        sentence = words.sentence[number.start]
        if not around.cues.isdisjoint((sentence - 1, sentence, sentence + 1)):
            return True
        near = range(max(number.start - _NEAR, 0), min(number.end + _NEAR, len(words)))
        return any(words.at(n) in self._near_cues and words.sentence[n] == sentence for n in near)


def _may_be(number: Number) -> bool:
    """Whether a number, or what it is with decimals that follow, is within the reach of a thermometer."""
    return any(low - 1 < number.value <= high for low, high in (_CELSIUS, _FAHRENHEIT))


def _of_a_thing(words: Words, number: Number, around: _Around) -> bool:
    """Whether a number is how warm the weather, a bath or the washing is.

    Where somebody is in the sentence, a cue or decimals make it a body's; else with a cue the thing must stand before
    the number, with decimals right beside it, and otherwise near it.
    """
    sentence = words.sentence[number.start]
    cued, somebody = sentence in around.cues, sentence in around.people
    if somebody and (cued or number.exact):
        return False
    things = [place for place in around.things if words.sentence[place] == sentence]
    if cued:
        return any(0 < number.start - place <= _NEAR for place in things)
    if number.exact:
        clause = words.clause[number.start]
        return any(abs(number.start - place) <= _BESIDE and words.clause[place] == clause for place in things)
    return any(-_NEAR <= number.start - place <= _WELL_BEFORE for place in things)

"""Is a number in the message somebody's temperature, and is it one to call about? It never says a reading is fine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.safety.numbers import Number, read_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.safety.words import Words

FEVER_C = 37.5
"""The lowest published number at which to call (Cancer Research UK); an operator may raise it to 38.0, never more."""
LOW_C = 36.0
_MOST_NUMBERS = 12
_NEAR = 4
_CELSIUS, _FAHRENHEIT = (33.0, 43.5), (91.0, 110.0)
_BARE_CELSIUS, _BARE_FAHRENHEIT = (37.5, 42.9), (99.5, 107.9)


@dataclass(frozen=True, slots=True)
class Reading:
    """A body temperature in °C read from tokens `start` to `end`; `sure` when a unit or a cue says so."""

    celsius: float
    start: int
    end: int
    sure: bool


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
        self._elsewhere = lists.get("elsewhere", none)

    def alarming(self, words: Words, *, expected: bool = False) -> list[Reading]:
        """The readings to call about, worst first; `expected` when the talk is about temperature already."""
        readings = [self._reading(words, number, expected) for number in read_numbers(words, _MOST_NUMBERS)]
        found = [one for one in readings if one and (one.celsius >= self.fever_c or one.celsius < LOW_C)]
        return sorted(found, key=lambda one: (-abs(one.celsius - 37), one.start))

    def _reading(self, words: Words, number: Number, expected: bool) -> Reading | None:  # noqa: FBT001
        number = self._with_loose_decimal(words, number)
        if self._is_something_else(words, number):
            return None
        unit, end = self._unit(words, number.end)
        cued = bool(unit) or expected or self._cued(words, number)
        value = number.value
        if unit == "c" or (unit != "f" and _CELSIUS[0] <= value <= _CELSIUS[1]):
            celsius, bare = value, _BARE_CELSIUS
        elif unit == "f" or _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]:
            celsius, bare = round((value - 32) / 1.8, 2), _BARE_FAHRENHEIT
        else:
            return None
        if not _CELSIUS[0] <= celsius <= _CELSIUS[1]:
            return None
        alone = number.end - number.start == len(words) or (number.exact and bare[0] <= value <= bare[1])
        return Reading(celsius, number.start, end, cued) if cued or alone else None

    def _with_loose_decimal(self, words: Words, number: Number) -> Number:
        """ "38 4" and "one oh one 3" are decimals when the next token is a single digit and ends the phrase."""
        after = words.at(number.end)
        loose = len(after) == 1 and after.isdigit() and words.at(number.end - 1) not in {"-", "/"}
        in_range = _CELSIUS[0] <= number.value <= _CELSIUS[1] or _FAHRENHEIT[0] <= number.value <= _FAHRENHEIT[1]
        if number.exact or not loose or not in_range or words.at(number.end + 1) in self._before:
            return number
        if words.clause[number.end] != words.clause[number.start]:
            return number
        return Number(number.value + int(after) / 10, number.start, number.end + 1, exact=True)

    def _is_something_else(self, words: Words, number: Number) -> bool:
        after, before = words.at(number.end), words.at(number.start - 1)
        if after in self._before and after not in self._celsius | self._fahrenheit:
            return True
        if after in {"/", ":", "-", "x"} and words.at(number.end + 1)[:1].isdigit():
            return True
        if before in {"/", ":", "x", "£", "$", "€", "+"}:
            return True
        near = range(max(number.start - 3, 0), number.start)
        if any(words.at(place) in self._after and words.clause[place] == words.clause[number.start] for place in near):
            return not any(words.at(place) in self._cues for place in near)
        sentence = words.sentence[number.start]
        return any(token in self._elsewhere and words.sentence[n] == sentence for n, token in enumerate(words.tokens))

    def _unit(self, words: Words, place: int) -> tuple[str, int]:
        """ "c", "f" or "?" (degrees of some kind) after a number, and where it ends."""
        degrees = words.at(place) in self._degrees
        end = place + degrees
        if words.at(end) in self._celsius:
            return "c", end + 1
        if words.at(end) in self._fahrenheit:
            return "f", end + 1
        return ("?", end) if degrees else ("", place)

    def _cued(self, words: Words, number: Number) -> bool:
        sentence = words.sentence[number.start]
        for place, token in enumerate(words.tokens):
            if token in self._cues and abs(words.sentence[place] - sentence) <= 1:
                return True
        near = range(max(number.start - _NEAR, 0), min(number.end + _NEAR, len(words)))
        return any(words.at(n) in self._near_cues and words.sentence[n] == sentence for n in near)

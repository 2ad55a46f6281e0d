"""Numbers as people write and speak them: 38.5, "thirty eight point five", "one oh one", "a hundred and two"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.safety.words import Words

_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: n for n, word in enumerate(_UP_TO_NINETEEN.split())}
_TENS = {word: 10 * n for n, word in enumerate(_FROM_TWENTY.split(), start=2)}
_TENS["fourty"] = 40
_DIGITS = {word: n for word, n in _UNITS.items() if n < 10} | {"oh": 0, "o": 0}
_STARTS = frozenset((*_UNITS, *_TENS, "a", "hundred"))
_SPELLED = _STARTS - {"a"}
_POINT = frozenset(("point", "dot", "comma", "."))
_MOST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a message, from token `start` to `end`; `exact` when it has decimals."""

    value: float
    start: int
    end: int
    exact: bool


def read_numbers(words: Words, most: int) -> list[Number]:
    """The numbers of a message in order, the first and last ones when there are more than `most`."""
    if not words.digits and _SPELLED.isdisjoint(words.tokens):
        return []
    found = []
    place, end = 0, len(words)
    while place < end:
        token = words.tokens[place]
        number = _number(words, place) if token in _STARTS or token[0].isdigit() else None
        if number:
            found.append(number)
        place = number.end if number else place + 1
    return found if len(found) <= most else found[: most // 2] + found[-(most // 2) :]


def digit(token: str) -> int | None:
    """The digit from 0 to 9 that a token is, written or spoken; None when it is none."""
    return int(token) if len(token) == 1 and token.isdigit() else _DIGITS.get(token)


def _number(words: Words, place: int) -> Number | None:
    token = words.at(place)
    if token[0].isdigit():
        return _written(words, place, token)
    return _spoken(words, place)


def _written(words: Words, place: int, token: str) -> Number | None:
    if len(token) > _MOST_DIGITS + 1 or not (token.isascii() and token.replace(".", "", 1).isdigit()):
        return None
    value, end = float(token), place + 1
    decimals, after = _decimals(words, end)
    if "." not in token and decimals is not None:
        return Number(value + decimals, place, after, exact=True)
    return Number(value, place, end, exact="." in token)


def _spoken(words: Words, place: int) -> Number | None:
    value, end = _hundred(words, place)
    if value is None:
        value, end = _below_hundred(words, place)
    if value is None:
        return None
    decimals, after = _decimals(words, end)
    if decimals is None:
        return Number(float(value), place, end, exact=False)
    return Number(value + decimals, place, after, exact=True)


def _hundred(words: Words, place: int) -> tuple[int | None, int]:
    """ "a hundred", "one hundred and two", "one oh one", "a hundred one"."""
    first = words.at(place)
    if first not in {"one", "a", "hundred"}:
        return None, place
    end = place + (first != "hundred")
    if words.at(end) == "hundred":
        end += 1
        skip = end + (words.at(end) == "and")
        rest, after = _below_hundred(words, skip)
        return (100, end) if rest is None else (100 + rest, after)
    if first == "one" and words.at(end) in {"oh", "o", "zero"} and words.at(end + 1) in _DIGITS:
        return 100 + _DIGITS[words.at(end + 1)], end + 2
    return None, place


def _below_hundred(words: Words, place: int) -> tuple[int | None, int]:
    token = words.at(place)
    if token in _TENS:
        end = place + 1 + (words.at(place + 1) == "-")
        unit = _DIGITS.get(words.at(end), 0) if words.at(end) in _UNITS else 0
        return (_TENS[token] + unit, end + 1) if unit else (_TENS[token], place + 1)
    return (_UNITS[token], place + 1) if token in _UNITS else (None, place)


def _decimals(words: Words, place: int) -> tuple[float | None, int]:
    """The part after the point: "point four", "and a half", or nothing."""
    if words.at(place) == "and" and words.at(place + 1) == "a" and words.at(place + 2) == "half":
        return 0.5, place + 3
    if words.at(place) not in _POINT:
        return None, place
    digits, end = "", place + 1
    while len(digits) < 2 and (words.at(end) in _DIGITS or (len(words.at(end)) == 1 and words.at(end).isdigit())):
        token = words.at(end)
        digits += str(_DIGITS[token]) if token in _DIGITS else token
        end += 1
    return (float(f"0.{digits}"), end) if digits else (None, place)

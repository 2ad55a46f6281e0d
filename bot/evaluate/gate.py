"""Limits that a measurement must keep, read from a JSON file.

`{"minimum": {"questions.in_scope.right": 0.65}, "maximum": {"all.false_alarms.emergency": 0.05}}`, with the names of
the figures of `faqbot eval --json`. A figure that was not measured breaks the gate, so a misspelt name cannot pass.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import FaqbotError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.evaluate.share import Share


class GateError(FaqbotError):
    """A gate file cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure outside its limit; `value` is None when it was not measured at all."""

    figure: str
    bound: str
    limit: float
    value: float | None

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.figure} was not measured (its {self.bound} is {self.limit:.1%})"
        return f"{self.figure} is {self.value:.1%}, its {self.bound} {self.limit:.1%}"


@dataclass(frozen=True, slots=True)
class Gate:
    """The lowest and the highest share allowed, by figure."""

    minimum: Mapping[str, float]
    maximum: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> Gate:
        """Read a gate file; raises GateError for anything but the form above with at least one limit."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise GateError(f"{path}: cannot be read as JSON ({type(error).__name__}).") from error
        if not isinstance(raw, dict) or not raw or not raw.keys() <= {"minimum", "maximum"}:
            raise GateError(f'{path}: expected an object with "minimum", "maximum" or both.')
        sides = [raw.get("minimum", {}), raw.get("maximum", {})]
        for side in sides:
            if not isinstance(side, dict) or not all(_is_share(limit) for limit in side.values()):
                raise GateError(f"{path}: every limit is a figure's name with a number from 0 to 1.")
        if not any(sides):
            raise GateError(f"{path}: there is no limit in it.")
        return cls(*sides)

    def breaches(self, figures: Mapping[str, Share]) -> tuple[Breach, ...]:
        """Every limit that these figures do not keep."""
        found = []
        for name, limit in self.minimum.items():
            value = figures[name].value if name in figures else None
            if value is None or value < limit:
                found.append(Breach(name, "minimum", limit, value))
        for name, limit in self.maximum.items():
            value = figures[name].value if name in figures else None
            if value is None or value > limit:
                found.append(Breach(name, "maximum", limit, value))
        return tuple(found)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1

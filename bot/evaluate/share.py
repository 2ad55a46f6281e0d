"""A share of a count with the interval that a sample of this size allows."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`; `value`, `low` and `high` are 0 to 1, and 0 when nothing was counted."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.total if self.total else 0.0

    @property
    def low(self) -> float:
        """The lower end of the 95 % Wilson interval."""
        return self._wilson()[0]

    @property
    def high(self) -> float:
        """The upper end of the 95 % Wilson interval."""
        return self._wilson()[1]

    def _wilson(self) -> tuple[float, float]:
        if not self.total:
            return 0.0, 0.0
        spread = _Z95 * _Z95 / self.total
        middle = self.value + spread / 2
        half = _Z95 * sqrt(self.value * (1 - self.value) / self.total + spread / (4 * self.total))
        return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))

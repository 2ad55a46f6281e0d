"""The linear models: sections against one class "not ours", and the intents inside a section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.learning import LinearModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from bot.learning import Arrays, Rows

FEW = 3000
"""Up to so many examples a class has a dozen or two: a softer loss learns more from them, and can be afforded."""

_MANY = 50
_TURNS, _MANY_TURNS, _GROUP_TURNS = 7, 9, 5
"""Of the solver: for the sections, for `_MANY` of them and more, inside a section; calibrated, more gain nothing."""

NOT_OURS = "-"
"""The one class of everything that no section answers: redirects and off-topic messages alike."""


@dataclass(frozen=True)
class Group:
    """A linear model over the intents of one section, on the features that occur there."""

    intents: tuple[str, ...]
    columns: NDArray[np.int32]
    model: LinearModel

    @classmethod
    def fit(cls, rows: Rows, inside: Sequence[int], labels: Sequence[str], cost: float = 3.0) -> Group:
        """Train on the rows `inside` one section; one labelled `NOT_OURS` belongs to none of its intents."""
        intents = tuple(sorted(set(labels) - {NOT_OURS}))
        columns, own = rows.some(np.array(inside))
        places = np.array([intents.index(label) if label != NOT_OURS else -1 for label in labels])
        model = LinearModel.fit(own, places, len(intents), cost=cost, positive=2.0, turns=_GROUP_TURNS)
        return cls(intents, columns, model)

    def scores(self, row: sp.csr_matrix) -> dict[str, float]:
        """The score of each intent for one row."""
        places = np.searchsorted(self.columns, row.indices)
        places[places == len(self.columns)] = 0
        known = self.columns[places] == row.indices
        values = row.data[known] @ self.model.weights[places[known]].astype(np.float32) + self.model.bias
        return dict(zip(self.intents, map(float, values), strict=True))

    def arrays(self) -> Arrays:
        """What `from_arrays` needs, beside the names of the intents."""
        return {"columns": self.columns, **self.model.arrays()}

    @classmethod
    def from_arrays(cls, intents: tuple[str, ...], arrays: Arrays) -> Group:
        """A group as it was trained before."""
        return cls(intents, arrays["columns"], LinearModel.from_arrays(arrays))  # type: ignore[arg-type]


@dataclass(frozen=True)
class SectionModel:
    """One score for each section, for `NOT_OURS`, and for each kind of talk (small talk, follow-up cues)."""

    classes: tuple[str, ...]
    model: LinearModel

    @classmethod
    def fit(
        cls,
        matrix: sp.csr_matrix,
        rows: Rows,
        labels: Sequence[str],
        *,
        cost: float = 3.0,
        progress: Callable[[float], None] | None = None,
    ) -> SectionModel:
        """Train on all examples, their rows in both forms; a label is a section id, `NOT_OURS`, or a kind of talk."""
        classes = tuple(sorted(set(labels)))
        place = {name: n for n, name in enumerate(classes)}
        wanted = np.array([place[label] for label in labels])
        if len(labels) <= FEW and len(classes) > 1:
            return cls(classes, LinearModel.fit_few(matrix, wanted, len(classes)))
        turns = _TURNS if len(classes) < _MANY else _MANY_TURNS
        return cls(classes, LinearModel.fit(rows, wanted, len(classes), cost=cost, turns=turns, progress=progress))

    def scores(self, row: sp.csr_matrix) -> dict[str, float]:
        """The score of each class for one row."""
        return dict(zip(self.classes, map(float, self.model.scores(row)[0]), strict=True))

"""The trained detector: one linear model for each class, from the example messages of the knowledge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.learning import Features, LinearModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.learning import Arrays
    from bot.safety.reading import Message

CLASSES = ("urgent", "crisis", "advice", "prognosis")
OFF_TOPIC, INFORMATION, QUESTION = range(len(CLASSES), len(CLASSES) + 3)
"""What raises nothing, by kind: no matter of health, information with alarming words, a question of the knowledge."""
EXAMPLES = {
    "urgent_direct": 0,
    "urgent_indirect": 0,
    "urgent_other_languages": 0,
    "crisis": 1,
    "advice": 2,
    "prognosis": 3,
    "off_topic": OFF_TOPIC,
    "information": INFORMATION,
    "everyday": INFORMATION,
}
"""Which class the messages of `examples/<name>.yaml` belong to."""
_LESS, _FROM = np.array([0.4, 0.3, 0.3]), -0.5
"""So much is taken from each score for a point by which a message is more of a harmless kind than that.

What is harmless is not one thing: each kind learned by itself leaves a fifth fewer false alarms than all as one.
"""
_WEIGHTS = (1.0, 0.8, 1.0, 1.2)
_REACH = 6
"""Two words up to so many apart count together: a fifth fewer false alarms at the same emergencies found."""
_COST = 0.5
_POSITIVE = 3.0
_TURNS, _STEPS = 6, 6
"""Of the solver: with fewer steps, a few examples more or less turn a hundredth of all messages round."""
_FEWER_OF = 10_000
"""What stands in fewer than one of so many messages is left out..."""
_MOST = 0.04
"""... and so are pieces in a larger share: together most of what there is to add up, and the same messages are found
without them.
"""


class Detector:
    """Scores a message for each of CLASSES; above 0 leans to yes, the scanner's thresholds decide."""

    def __init__(self, features: Features, model: LinearModel) -> None:
        self._features = features
        self._model = model

    @classmethod
    def fit(
        cls,
        messages: Sequence[Sequence[str]],
        classes: Sequence[int],
        progress: Callable[[float], None] | None = None,
    ) -> Detector:
        """Learn from messages as features, and their classes."""
        features = Features(_WEIGHTS, min_df=max(1, len(messages) // _FEWER_OF), max_df=_MOST, reach=_REACH)
        _, rows = features.fit(messages)
        target = np.array(classes, np.int64)
        model = LinearModel.fit(
            rows,
            target,
            QUESTION + 1,
            cost=_COST,
            positive=_POSITIVE,
            turns=_TURNS,
            steps=_STEPS,
            progress=progress,
        )
        return cls(features, model)

    def scores(self, message: Message) -> dict[str, float]:
        """The score of each class that raises something."""
        row = self._model.scores(self._features.transform([message.features()]))[0]
        less = float(_LESS @ np.maximum(0, row[OFF_TOPIC:] - _FROM))
        return {name: float(row[n]) - less for n, name in enumerate(CLASSES)}

    def arrays(self) -> Arrays:
        """What `from_arrays` needs, for the cache."""
        parts = {"features": self._features.arrays(), "model": self._model.arrays()}
        return {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Detector:
        """A detector as it was trained before."""

        def part(prefix: str) -> Arrays:
            return {name.removeprefix(prefix): one for name, one in arrays.items() if name.startswith(prefix)}

        return cls(Features.from_arrays(part("features.")), LinearModel.from_arrays(part("model.")))

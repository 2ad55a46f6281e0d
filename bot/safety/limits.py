"""The scores of the trained detector that decide; whoever moves one measures again what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Limits:
    """Scores of the trained detector above which a class counts; measured on the development questions.

    `alone` is for a message without slots, `asking` for one that ends in a question for information, `elsewhere` for
    one about the far past, a story or a thing, `slot` for a sign of the slots (below it the detector vetoes), `warned`
    after an alarm or a hint earlier in the chat, `told` for what is told before a question for information, `short` and
    `lone` for a few words and a single one without slots, which say little by themselves.
    """

    alone: float
    asking: float
    elsewhere: float
    slot: float
    warned: float
    told: float = 0.0
    short: float = -1.0
    lone: float = 0.5


URGENT = Limits(alone=-0.53, asking=-0.05, elsewhere=-0.3, slot=-0.55, warned=-0.9, told=0.0, short=-0.05)
CRISIS = Limits(alone=-0.25, asking=0.0, elsewhere=0.0, slot=-0.9, warned=-1.15, told=0.4, short=0.0)
REFUSALS: Mapping[Literal["advice", "prognosis"], Limits] = {
    "prognosis": Limits(alone=-0.65, asking=-0.4, elsewhere=-0.4, slot=-1.0, warned=-0.65),
    "advice": Limits(alone=-0.55, asking=-0.3, elsewhere=-0.3, slot=-0.9, warned=-0.55),
}
ALONE: Mapping[str, float] = {
    "urgent": URGENT.alone,
    "crisis": CRISIS.alone,
    **{name: limits.alone for name, limits in REFUSALS.items()},
}
"""The limit of each class for a message without slots."""
MARGIN, SURELY = 0.3, 0.65
"""So much surer than of a red flag it must be of a question, where the flag is only a guess, and where it is not."""
BY_FAR = 1.0
"""The same where a crisis is only a guess."""
FIRM = 0.35
"""So much less than `slot` it takes to veto several signs, and those of which the knowledge says "little" doubt."""
READING_VETO = -0.85
"""A temperature can be vetoed too, but only by a detector that is sure."""
SOFT, SOFT_VETO = -0.75, -1.4
HINT = -1.0
SURE = 0.2
"""From here on the detector alone is enough for a refusal, whatever the knowledge says to the subject."""
TOLD_SLOT, TOLD_NOW = -0.1, -0.3
"""The veto of what is told before a question: it is mostly what led to the question, unless it says that it is now."""
SEEN = 0.3
"""So much more easily a sign is vetoed that the team has looked at, where a question for information follows."""
